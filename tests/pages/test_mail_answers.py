"""The page on which a gift is acknowledged by the link in a mail: opening it does nothing, pressing
its button does, and nobody is signed in by it."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.changeable import ReceiptBy
from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.networks.models import Network, NetworkRole
from app.notifications import answer_links
from app.notifications.answer_links import GOOD_FOR, AnswerLink
from app.pages import mail_answers
from app.people.models import WebSession
from app.rest.throttle import Limit
from tests.conftest import NOON
from tests.notifications.letters import content, line
from tests.pages.desk import OURS, form_in
from tests.pages.test_will_hear import block

ANSWER = "/mail/answer"
HOSTILE = "<script>alert(1)</script>" + "Langtordudenmellemrum" * 40


@pytest.fixture(autouse=True)
def by_mail(session, monkeypatch):
    settings = session.info["settings"].model_copy(update={"receipt_by": ReceiptBy.MAIL})
    monkeypatch.setitem(session.info, "settings", settings)


@pytest.fixture
def leader(make):
    return make.person(name="Signe Aaskov", mail="signe@lindborg.example")


@pytest.fixture
def handover(make, leader):
    gift = make.gift(title=f"Mødet {HOSTILE}", summary="Ét fast møde.")
    return make.handover(gift=gift, unit=make.unit(name="PPR", leader=leader))


@pytest.fixture
def token(session, handover, leader) -> str:
    about = content(line(handover_id=handover.key, version=handover.version), person_id=leader.key)
    made = answer_links.make(session, content=about, secret="any", now=NOON)
    return made[handover.key]


@pytest.fixture
def link(token) -> str:
    return f"{ANSWER}?token={token}"


@pytest.fixture
def stranger(app) -> TestClient:
    """Whoever has the mail."""
    return TestClient(app)


def state_of(session, handover) -> State:
    session.expire_all()
    return handover.state


def test_the_page_says_who_hears_of_the_receipt(stranger, link, make, session, handover) -> None:
    giver = make.person(name="Gry Giver")
    make.member(session.get_one(Network, handover.network_id), giver, role=NetworkRole.LEADER)
    assert "Gry Giver (giver gaven)" in block(stranger.get(link).text, "handover.acknowledged")


def test_opening_it_shows_the_gift_and_does_nothing(stranger, link, handover, session) -> None:
    before = len(session.exec(select(Event.id)).all())
    for _ in range(3):
        page = stranger.get(link)
        assert stranger.head(link).status_code == 200
        assert stranger.head(link).content == b""
    for said in ("Mødet &lt;script&gt;", "Ét fast møde.", "PPR", "Du kvitterer som Signe Aaskov."):
        assert said in page.text
    assert "<script>alert" not in page.text
    assert f'href="/handovers/{handover.key}"' in page.text
    assert "set-cookie" not in page.headers
    assert state_of(session, handover) is State.DELIVERED
    assert len(session.exec(select(Event.id)).all()) == before
    assert session.exec(select(AnswerLink.used_at)).all() == [None]


def test_its_address_is_told_to_nobody_and_it_is_not_kept(stranger, link) -> None:
    headers = stranger.get(link).headers
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cache-Control"] == "no-store"


def test_pressing_gives_the_receipt_and_no_session(
    stranger, link, handover, session, leader, desk_of
) -> None:
    form = form_in(stranger.get(link).text, ANSWER)
    answer = stranger.post(ANSWER, data=dict(form.fields), headers=OURS)
    assert answer.status_code == 200
    assert "Tak, der er kvitteret" in answer.text
    assert "<script>alert" not in answer.text
    assert "set-cookie" not in answer.headers
    assert session.exec(select(WebSession)).all() == []
    assert state_of(session, handover) is State.ACKNOWLEDGED

    again = stranger.post(ANSWER, data=dict(form.fields), headers=OURS)
    assert again.status_code == 410
    assert "Der er kvitteret for gaven" in again.text
    assert f'href="/sign-in?back_to=/handovers/{handover.key}"' in again.text
    receipts = select(Event.actor_id).where(Event.type == "handover.acknowledged")
    assert session.exec(receipts).all() == [leader.key]
    told = desk_of(leader).page(f"/handovers/{handover.key}")
    assert "Signe Aaskov kvitterede med linket i en mail: set og modtaget." in told


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_what_posts_by_itself_does_nothing(stranger, token, link, handover, session, headers):
    for address, sent in ((ANSWER, {"token": token}), (link, {"List-Unsubscribe": "One-Click"})):
        assert stranger.post(address, data=sent, headers=headers).status_code == 403
    assert state_of(session, handover) is State.DELIVERED


def test_the_token_counts_in_the_form_and_not_in_the_address(stranger, link, handover, session):
    assert stranger.post(link, headers=OURS).status_code == 410
    assert state_of(session, handover) is State.DELIVERED


def test_whoever_else_is_signed_in_there_presses_for_the_one_who_got_the_mail(
    desk_of, make, link, handover, session, leader
) -> None:
    desk = desk_of(make.person(name="En Anden"))
    page = desk.page(link)
    assert "Du kvitterer som Signe Aaskov." in page
    assert desk.send(ANSWER, form_in(page, ANSWER).fields).status_code == 200
    assert state_of(session, handover) is State.ACKNOWLEDGED
    assert handover.acknowledged_by_id == leader.key


def test_the_pages_speak_the_language_of_the_mail(stranger, link, token, leader, session, app):
    leader.locale = "en"
    session.flush()
    assert "Acknowledge: seen and received" in stranger.get(link).text
    app.state.now = NOON + GOOD_FOR
    assert "The link is too old" in stranger.get(link).text
    refused = stranger.post(ANSWER, data={"token": token}, headers=OURS)
    assert (refused.status_code, "The link is too old" in refused.text) == (410, True)


def test_who_has_left_is_told_where_the_gift_is(stranger, link, leader, session) -> None:
    leader.left_at = NOON
    session.flush()
    answer = stranger.get(link)
    assert answer.status_code == 403
    assert "Gaven er hos den, der svarer for enheden nu." in answer.text


@pytest.mark.parametrize("wrong", ["", "%00", "<script>alert(1)</script>", "x" * 4000])
def test_a_link_that_was_made_up_says_the_way(stranger, wrong, handover) -> None:
    for answer in (
        stranger.get(f"{ANSWER}?token={wrong}"),
        stranger.post(ANSWER, data={"token": wrong}, headers=OURS),
    ):
        assert answer.status_code == 410
        assert 'href="/sign-in"' in answer.text
        assert "<script>alert" not in answer.text


def test_whoever_tries_links_at_random_is_stopped(stranger, token, handover, session, monkeypatch):
    few = mail_answers.ANSWERS_FROM_A_PLACE
    monkeypatch.setattr(mail_answers, "ANSWERS_FROM_A_PLACE", Limit(few.kind, 3, few.within))
    for _ in range(3):
        assert stranger.post(ANSWER, data={"token": "x"}, headers=OURS).status_code == 410
    answer = stranger.post(ANSWER, data={"token": token}, headers=OURS)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert state_of(session, handover) is State.DELIVERED
