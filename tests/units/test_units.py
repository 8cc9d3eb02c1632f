"""The unit tree: registering, reading, changing, moving, and finding."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.units.models import Unit

UNITS = "/api/v1/units"
ANY = {"If-Match": "*"}


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_a_unit_is_registered_under_another_and_read_by_everyone(make, signed_in, secretary):
    top = make.unit(name="Lindborg Kommune")

    made = secretary.post(
        UNITS,
        json={
            "name": "Ungeenheden",
            "short_name": "Unge",
            "external_id": "org-17",
            "parent_id": top.key,
        },
    )

    assert made.status_code == 201
    body = made.json()
    assert body == {
        "id": body["id"],
        "version": 1,
        "name": "Ungeenheden",
        "short_name": "Unge",
        "external_id": "org-17",
        "parent_id": top.id,
        "closed_on": None,
        "successor_id": None,
    }
    read = signed_in(make.person()).get(made.headers["Location"])
    assert read.headers["ETag"] == made.headers["ETag"] == '"1"'
    assert read.json() == {
        **body,
        "answering": {"unit_id": body["id"], "is_vacant": True, "people": []},
    }


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"parent_id": 4711}, "#/parent_id", "unknown"),
        ({"external_id": "org-1"}, "#/external_id", "taken"),
        ({"name": ""}, "#/name", "empty"),
        ({"external_id": ""}, "#/external_id", "empty"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_the_field(make, secretary, over, pointer, code):
    make.unit(external_id="org-1")

    refused = secretary.post(UNITS, json={"name": "Ny", **over})

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_nothing_is_put_under_a_closed_unit(make, secretary):
    closed = make.unit(name="Det gamle hus", closed_on=make.now.date())
    unit = make.unit()

    made = secretary.post(UNITS, json={"name": "Ny", "parent_id": closed.key})
    moved = secretary.patch(f"{UNITS}/{unit.id}", json={"parent_id": closed.key}, headers=ANY)

    for refused in (made, moved):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/parent_id"
        assert "Det gamle hus" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"name": "Ny"}),
        ("PATCH", "/{id}", {"name": "Ny"}),
        ("POST", "/{id}/closing", {}),
        ("POST", "/{id}/merger", {"unit_ids": [1]}),
        ("POST", "/{id}/posts", {"person_id": 1, "kind": "leader"}),
        ("POST", "/{id}/posts/1/ending", {}),
    ],
)
def test_also_the_leader_of_a_unit_leaves_the_register_to_its_keepers(
    make, signed_in, method, path, body
):
    leader = make.person()
    unit = make.unit(leader=leader)

    for somebody in (leader, make.person()):
        refused = signed_in(somebody).request(
            method, f"{UNITS}{path.format(id=unit.id)}", json=body, headers=ANY
        )
        assert refused.status_code == 403
        assert refused.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/posts", None),
        ("PATCH", "", {"name": "Ny"}),
        ("POST", "/closing", {}),
        ("POST", "/merger", {"unit_ids": [1]}),
        ("POST", "/posts", {"person_id": 1, "kind": "leader"}),
        ("POST", "/posts/1/ending", {}),
    ],
)
def test_a_unit_that_does_not_exist_is_not_found(secretary, method, path, body):
    missing = secretary.request(method, f"{UNITS}/4711{path}", json=body, headers=ANY)

    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"name": "Ny"}),
        ("POST", "/closing", {}),
        ("POST", "/merger", {"unit_ids": [1]}),
    ],
)
def test_a_unit_is_changed_only_as_it_was_last_seen(make, session, secretary, method, path, body):
    unit = make.unit(name="Gammel")

    unsaid = secretary.request(method, f"{UNITS}/{unit.id}{path}", json=body)
    stale = secretary.request(
        method, f"{UNITS}/{unit.id}{path}", json=body, headers={"If-Match": '"2"'}
    )

    assert [unsaid.status_code, stale.status_code] == [428, 412]
    session.refresh(unit)
    assert (unit.name, unit.closed_on, unit.version) == ("Gammel", None, 1)


def test_a_unit_gets_a_new_name_and_is_found_by_it(make, session, secretary):
    unit = make.unit(name="Ungecenteret")

    changed = secretary.patch(
        f"{UNITS}/{unit.id}", json={"name": "Ungehuset", "short_name": "UH"}, headers=ANY
    )

    assert (changed.json()["name"], changed.headers["ETag"]) == ("Ungehuset", '"2"')
    event = session.exec(select(Event).where(Event.type == "unit.changed")).one()
    assert event.data == {"fields": ["name", "short_name"]}
    assert [one["id"] for one in _found(secretary, q="ungehuset")] == [unit.id]
    assert _found(secretary, q="ungecenteret") == []


def test_a_unit_moves_with_everything_under_it(make, session, secretary):
    north, south = make.unit(), make.unit()
    school = make.unit(parent_id=north.key)
    classroom = make.unit(parent_id=school.key)

    moved = secretary.patch(f"{UNITS}/{school.id}", json={"parent_id": south.key}, headers=ANY)

    assert (moved.status_code, moved.json()["parent_id"]) == (200, south.id)
    assert _ids(secretary, under_id=north.key) == [north.id]
    assert _ids(secretary, under_id=south.key) == [south.id, school.id, classroom.id]
    event = session.exec(select(Event).where(Event.type == "unit.moved")).one()
    assert (event.subject_id, event.data) == (school.id, {"parent_id": south.id})
    lifted = secretary.patch(f"{UNITS}/{school.id}", json={"parent_id": None}, headers=ANY)
    assert lifted.json()["parent_id"] is None


def test_a_unit_never_comes_to_lie_under_itself(make, session, secretary):
    top = make.unit(name="Toppen")
    middle = make.unit(parent_id=top.key)
    bottom = make.unit(parent_id=middle.key)

    for below in (top, middle, bottom):
        refused = secretary.patch(
            f"{UNITS}/{top.id}", json={"parent_id": below.key, "name": "Ny"}, headers=ANY
        )
        assert refused.status_code == 422
        (error,) = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("#/parent_id", "its_own_ancestor")
        assert "Toppen" in error["detail"]

    session.refresh(top)
    assert (top.parent_id, top.name, top.version) == (None, "Toppen", 1)
    assert not session.exec(select(Event).where(Event.type.like("unit.%"))).all()


def test_units_are_listed_by_what_they_lie_under_and_whether_they_are_open(make, secretary):
    top = make.unit(leader=make.person())
    near = make.unit(parent_id=top.key, leader=make.person())
    far = make.unit(parent_id=near.key)
    closed = make.unit(parent_id=top.key, closed_on=make.now.date())
    elsewhere = make.unit(leader=make.person())

    assert _ids(secretary) == [top.id, near.id, far.id, closed.id, elsewhere.id]
    assert _ids(secretary, parent_id=top.key) == [near.id, closed.id]
    assert _ids(secretary, under_id=top.key) == [top.id, near.id, far.id, closed.id]
    assert _ids(secretary, is_closed="true") == [closed.id]
    assert _ids(secretary, under_id=top.key, is_closed="false") == [top.id, near.id, far.id]
    assert _ids(secretary, is_vacant="true") == [far.id]
    assert _ids(secretary, under_id=4711) == []


@pytest.mark.parametrize("words", ["ÆRØ", "ærø", "Ærøskøbing", "KØBING", "børneHUS ærø", "ØB"])
def test_a_unit_is_found_by_danish_letters_in_any_case(make, secretary, words):
    unit = make.unit(name="Børnehuset i Ærøskøbing")
    make.unit(name="Ungehuset i Arup")

    assert [one["id"] for one in _found(secretary, q=words)] == [unit.id]


def test_a_unit_is_found_by_its_short_name_too(secretary):
    made = secretary.post(UNITS, json={"name": "Pædagogisk rådgivning", "short_name": "PPR"})

    assert [one["id"] for one in _found(secretary, q="ppr")] == [made.json()["id"]]


def test_a_search_that_comes_in_pages_misses_no_unit_and_shows_none_twice(make, secretary):
    wanted = [make.unit(name=f"Åhuset {number}").id for number in range(5)]
    make.unit(name="Søhuset")

    seen, url = [], f"{UNITS}?q=%C3%85hus&limit=2"
    while url:
        page = secretary.get(url)
        seen += [unit["id"] for unit in page.json()["items"]]
        url = page.links["next"]["url"] if page.links else None

    assert seen == wanted


def test_a_directory_can_go_deep_and_is_still_read_in_one_go(make, session, secretary):
    place = None
    for _ in range(40):
        unit = Unit(name="Trin", parent_id=place, created_at=make.now)
        session.add(unit)
        session.flush()
        place = unit.key

    top = _found(secretary, limit=1)[0]["id"]
    assert len(_found(secretary, under_id=top)) == 40
    assert secretary.get(f"{UNITS}/{place}").json()["answering"]["people"] == []


def _found(client, **filters):
    return client.get(UNITS, params=filters).json()["items"]


def _ids(client, **filters):
    return [unit["id"] for unit in _found(client, **filters)]
