"""API keys: what they look like, what they open, and when they stop."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.errors import Conflict, NotFound
from app.eventlog.log import By
from app.eventlog.models import Event
from app.people import keys
from app.people.keys import Scope
from app.people.models import ApiKey
from app.people.signed_in import Role
from tests.processes import wait_until

ME = "/api/v1/me"
NOBODYS = "gvb_000000000000000000000000000000002wjyrI"
"""Well formed, and never given to anybody."""


def test_a_key_is_recognised_by_its_start_and_ends_in_a_checksum(make):
    person = make.person()

    made = [make.key(person) for _ in range(50)]

    assert len(set(made)) == 50
    for secret in made:
        assert len(secret) == 42
        assert secret.startswith("gvb_")
        assert secret[4:].isalnum()
        assert secret.isascii()


def test_only_a_hash_of_the_key_is_kept(make, session):
    secret = make.key(make.person())

    row = session.exec(select(ApiKey)).one()
    event = session.exec(select(Event).where(Event.type == "api_key.made")).one()

    kept = f"{row.model_dump()} {event.model_dump()}"
    assert secret not in kept
    assert secret[10:] not in kept
    assert row.start == secret[:10]
    assert len(row.hash) == 64


def test_who_has_no_key_is_asked_for_one(client):
    refused = client.get(ME)

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert "gvb_" in refused.json()["detail"]


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
def test_a_key_is_sent_as_a_bearer_token_and_in_no_other_way(client, make, scheme):
    secret = make.key(make.person())

    refused = client.get(ME, headers={"Authorization": f"{scheme} {secret}".strip()})

    assert refused.status_code == 401


def test_a_mistyped_key_is_told_from_one_that_is_not_known(make, holding):
    secret = make.key(make.person())
    other = "Z" if secret[20] != "Z" else "Y"
    mistyped = holding(secret[:20] + other + secret[21:]).get(ME)
    swapped = holding(secret.swapcase()).get(ME)
    short = holding(secret[:-1]).get(ME)
    unknown = holding(NOBODYS).get(ME)

    for refused in (mistyped, swapped, short, unknown):
        assert refused.status_code == 401
    assert mistyped.json()["detail"] == swapped.json()["detail"] == short.json()["detail"]
    assert unknown.json()["detail"] != mistyped.json()["detail"]


def test_every_single_mistyped_letter_is_noticed_before_the_database_is_asked(make):
    secret = make.key(make.person())

    for place in range(4, len(secret)):
        for letter in "aZ09":
            if letter != secret[place]:
                wrong = secret[:place] + letter + secret[place + 1 :]
                with pytest.raises(keys.NotSignedIn, match="gvb_"):
                    keys.signed_in(None, wrong, now=make.now)


def test_a_key_that_is_drawn_back_opens_nothing_from_then_on(make, session, signed_in):
    client = signed_in(make.person())
    assert client.get(ME).status_code == 200
    key = session.exec(select(ApiKey)).one()

    keys.revoke(session, key.id, by=By(), now=make.now)
    keys.revoke(session, key.id, by=By(), now=make.now + timedelta(days=1))

    assert client.get(ME).status_code == 401
    assert client.post("/api/v1/people", json={"name": "Ny"}).status_code == 401
    assert key.revoked_at == make.now
    assert len(session.exec(select(Event).where(Event.type == "api_key.revoked")).all()) == 1


def test_a_key_works_until_the_moment_it_expires(make, session, app, holding):
    _, secret = keys.make(
        session,
        make.person().key,
        label="kort",
        scopes=[Scope.READ],
        expires_at=make.now + timedelta(hours=1),
        by=By(),
        now=make.now,
    )
    client = holding(secret)

    app.state.now = make.now + timedelta(minutes=59)
    assert client.get(ME).status_code == 200
    app.state.now = make.now + timedelta(hours=1)
    assert client.get(ME).status_code == 401


def test_the_reasons_a_key_is_refused_for_are_not_the_same(make, session, holding):
    person = make.person()
    revoked, expired = make.key(person), make.key(person)
    for secret, field in ((revoked, "revoked_at"), (expired, "expires_at")):
        row = session.exec(select(ApiKey).where(ApiKey.start == secret[:10])).one()
        setattr(row, field, make.now)
    session.flush()

    details = {holding(secret).get(ME).json()["detail"] for secret in (revoked, expired, "x")}

    assert len(details) == 3


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ([Scope.READ], 200, 403),
        ([Scope.WRITE], 403, 201),
        ([Scope.READ, Scope.WRITE], 200, 201),
        ([Scope.ADMIN], 403, 403),
    ],
)
def test_a_key_is_good_for_its_scopes_and_nothing_more(make, holding, scopes, reads, writes):
    client = holding(make.key(make.secretary(), *scopes))

    assert client.get("/api/v1/people").status_code == reads
    written = client.post("/api/v1/people", json={"name": "Ny"})
    assert written.status_code == writes
    if writes == 403:
        assert "write" in written.json()["detail"]


def test_a_key_carries_the_administrator_only_with_the_admin_scope(make, holding):
    person = make.person(role=f"{Role.ADMINISTRATOR} {Role.SECRETARIAT}")
    other = make.person()
    without = holding(make.key(person, Scope.READ, Scope.WRITE))
    with_it = holding(make.key(person, *Scope))
    put = {"json": {"roles": ["secretariat"]}, "headers": {"If-Match": "*"}}

    assert without.get(ME).json()["roles"] == ["secretariat"]
    assert with_it.get(ME).json()["roles"] == ["administrator", "secretariat"]
    assert without.put(f"/api/v1/people/{other.id}/roles", **put).status_code == 403
    assert with_it.put(f"/api/v1/people/{other.id}/roles", **put).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_last_use_of_a_key_is_kept_to_within_five_minutes(
    make, session, app, signed_in, method
):
    client = signed_in(make.secretary())

    def use(moment):
        app.state.now = moment
        path, body = (ME, None) if method == "GET" else ("/api/v1/people", {"name": "Ny"})
        assert client.request(method, path, json=body).is_success

    def used_at():
        session.expire_all()
        return session.exec(select(ApiKey)).one().last_used_at

    # A read is noted after its answer, which here may come before.
    use(make.now)
    wait_until(lambda: used_at() == make.now)
    use(make.now + timedelta(minutes=4, seconds=59))
    assert used_at() == make.now
    later = make.now + timedelta(minutes=5, seconds=1)
    use(later)
    wait_until(lambda: used_at() == later)


def test_a_use_that_came_late_never_sets_the_clock_back(make, session):
    make.key(make.person())
    key = session.exec(select(ApiKey)).one()
    keys.note_use(session, key.id, now=make.now)

    keys.note_use(session, key.id, now=make.now - timedelta(hours=1))

    session.refresh(key)
    assert key.last_used_at == make.now


def test_keys_are_made_for_people_who_are_here(make, session):
    gone = make.person(left_at=make.now)

    with pytest.raises(Conflict):
        make.key(gone)
    with pytest.raises(NotFound):
        keys.make(
            session, 4711, label="x", scopes=[Scope.READ], expires_at=None, by=By(), now=make.now
        )
    with pytest.raises(NotFound):
        keys.revoke(session, 4711, by=By(), now=make.now)
