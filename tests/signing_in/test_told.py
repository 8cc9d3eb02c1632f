"""What goes wrong on the way in is an event, once it is sure that nothing came of it."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people import noted
from app.people.models import WebSession
from app.signing_in import events as told_by
from app.signing_in.refusals import LinkNotGood, PersonRefused, Refusal, not_valid

pytestmark = pytest.mark.in_process("each server keeps count of what it has told already")
HOME = {"Accept": "text/html"}


@pytest.fixture
def events(session):
    def of(kind: str) -> list[tuple]:
        statement = select(Event).where(Event.type == kind).order_by(Event.id)
        return [(event.subject_id, event.actor_id, event.data) for event in session.exec(statement)]

    return of


def test_a_link_that_is_used_again_is_told_of_and_signs_nobody_in(browser, make, events):
    browser.sent("/sign-in/links", mail=make.person(mail="ida@lindborg.example").mail)
    token = browser.token()
    assert browser.sent("/sign-in/link", token=token).status_code == 303
    browser.client.cookies.clear()

    assert browser.sent("/sign-in/link", token=token).status_code == 410

    assert events("sign_in.refused") == [(0, None, {"reason": "link_not_good"})]
    assert len(events("session.begun")) == 1
    assert not browser.is_signed_in()


def test_a_cookie_that_was_changed_opens_nothing_and_is_told_of(browser, make, session, events):
    browser.sign_in(make.person(mail="ida@lindborg.example"))
    before = session.exec(select(WebSession)).one().model_dump()
    browser.client.cookies.set("gavebord", browser.cookie[:-1] + "_", domain="testserver.local")

    page = browser.get("/me/sessions", headers=HOME)
    api = browser.get("/api/v1/me")

    assert page.headers["Location"] == "/sign-in?back_to=%2Fme%2Fsessions"
    assert (api.status_code, api.json()["code"]) == (401, "not_signed_in")
    assert events("session.refused") == [(0, None, {})] * 2
    session.expire_all()
    assert session.exec(select(WebSession)).one().model_dump() == before


def test_cookies_that_are_made_up_do_not_fill_the_log(browser, events):
    for number in range(noted.STRANGERS + 5):
        browser.client.cookies.set("gavebord", f"made-up-{number}")
        assert browser.get("/me/sessions").status_code == 303

    assert len(events("session.refused")) == noted.STRANGERS


def test_a_form_from_elsewhere_is_told_of_and_does_nothing(browser, make, events):
    browser.sign_in(make.person(mail="ida@lindborg.example"))
    forged = {"Origin": "https://evil.example"}

    assert browser.sent("/sign-out", headers=forged).status_code == 403
    answer = browser.client.post("/api/v1/people", json={"name": "Ny"}, headers=forged)
    assert answer.status_code == 403

    routes = [data["route"] for _, _, data in events("request.refused")]
    assert routes == ["sign_out", "register_person"]
    assert {subject for subject, _, _ in events("request.refused")} == {0}
    assert browser.is_signed_in()


def test_somebody_who_is_known_is_named_by_number_and_nobody_else():
    left = PersonRefused(Refusal.PERSON_LEFT, LinkNotGood.title, person_id=7)

    assert noted.note_of(left).event == told_by.SignInRefused(subject_id=7, reason="person_left")
    assert noted.note_of(left).counted == [(told_by.OF_ONE, "7")]
    assert noted.note_of(not_valid()).event.subject_id == 0
    ((limit, subject),) = noted.note_of(not_valid()).counted
    assert (limit.kind, subject) == ("refused-sign-ins-not_valid", "")


def test_a_directory_that_contradicts_itself_is_told_no_and_it_is_told_of(make, holding, events):
    person = make.person(mail="bo@lindborg.example")
    client = holding(make.key(make.administrator(), "scim"))
    answer = client.patch(
        f"/scim/v2/Users/{person.id}",
        json={
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                {"op": "replace", "path": "active", "value": False},
                {"op": "replace", "path": "active", "value": "perhaps"},
            ],
        },
    )

    assert answer.status_code in {400, 404}
    ((_, _, data),) = events("request.refused")
    assert data["route"] == "patch_user"
    assert events("person.left") == []
    assert person.left_at is None
