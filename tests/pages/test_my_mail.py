"""Mail til mig: chosen on a page, and stopped by the link in a mail, whose opening does nothing."""

import pytest
from fastapi.testclient import TestClient

from app.notifications import stop_links
from app.notifications.choices import UNCHOSEN, Choice, choice_of
from app.notifications.models import HowMuch
from app.pages import my_mail
from app.people.signed_in import Role
from app.rest.throttle import Limit
from app.rows import rows_of
from tests.pages.desk import OURS, form_in

MINE, STOP = "/me/mail", "/mail/stop"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def signe(make):
    return make.person(name="Signe Aaskov", mail="signe@lindborg.example")


@pytest.fixture
def desk(desk_of, signe):
    return desk_of(signe)


@pytest.fixture
def chosen(session, signe):
    return lambda: choice_of(rows_of(session), signe.key)


@pytest.fixture
def link(session, signe) -> str:
    token = stop_links.token_of(stop_links.make_key(session), signe.key, signe.mail)
    return f"{STOP}?token={token}"


@pytest.fixture
def stranger(app) -> TestClient:
    """Whoever has the mail, signed in or not, or a program for mail."""
    return TestClient(app)


def test_the_page_shows_what_one_gets_and_is_reached_from_everywhere(desk, signe) -> None:
    page = desk.page(MINE)
    assert form_in(page, MINE).fields[-2:] == [("how_much", "all"), ("hour", "8")]
    assert "signe@lindborg.example" in page
    assert 'href="/me/mail"' in desk.page("/")
    assert desk.page(f"/people/{signe.key}").count('href="/me/mail"') == 2


def test_what_is_chosen_is_kept_and_said(desk, chosen) -> None:
    page = desk.done(MINE, MINE, how_much="needed", hour=6)
    assert "Dit valg er gemt" in page
    assert form_in(page, MINE).fields[-2:] == [("how_much", "needed"), ("hour", "6")]
    assert chosen() == Choice(6, HowMuch.NEEDED, 2)


def test_an_hour_of_the_night_that_was_chosen_elsewhere_is_on_the_page(desk, make, signe) -> None:
    make.mail_choice(signe, hour=3)
    assert ("hour", "3") in desk.form(MINE, MINE).fields


def test_pressed_twice_is_chosen_once(desk, chosen) -> None:
    fields = desk.form(MINE, MINE).with_(how_much="none", hour=6)
    for _ in range(2):
        assert desk.send(MINE, fields).headers["Location"] == f"{MINE}?done=chosen"
    assert chosen().version == 2


def test_what_is_no_choice_is_said_with_what_was_chosen_beside_it(desk, chosen) -> None:
    hostile = "<script>alert(1)</script>\x00" + "7" * 4000
    for wrong in (hostile, "24", "-1", "", "0101901234"):
        answer = desk.press(MINE, MINE, how_much="needed", hour=wrong)
        assert answer.status_code == 422
        assert "Fejl: " in answer.text
        assert 'value="needed" checked' in answer.text
        assert "<script>alert" not in answer.text
    assert desk.press(MINE, MINE, how_much=hostile, hour=6).status_code == 422
    assert chosen() == UNCHOSEN


def test_who_chose_in_another_window_meanwhile_is_told(desk, chosen) -> None:
    old = desk.form(MINE, MINE).with_(how_much="none", hour=6)
    desk.done(MINE, MINE, how_much="needed", hour=7)
    answer = desk.send(MINE, old)
    assert answer.status_code == 412
    assert 'value="none" checked' in answer.text
    assert chosen().how_much == HowMuch.NEEDED


def test_somebody_without_an_address_is_told_what_to_do(desk_of, make) -> None:
    assert "Giv sekretariatet din arbejdsmail" in desk_of(make.person(mail=None)).page(MINE)


def test_an_auditor_only_reads(desk_of, make, session) -> None:
    auditor = make.person(role=Role.AUDITOR)
    desk = desk_of(auditor)
    assert f'action="{MINE}"' not in desk.page(MINE)
    fields = [("version", "1"), ("hour", "6"), ("how_much", "none")]
    assert desk.send(MINE, fields).status_code == 403
    assert choice_of(rows_of(session), auditor.key) == UNCHOSEN


def test_nobody_sees_the_page_without_signing_in(stranger) -> None:
    answer = stranger.get(MINE, follow_redirects=False)
    assert answer.headers["Location"] == "/sign-in?back_to=%2Fme%2Fmail"
    assert stranger.post(MINE, data={"hour": 6}, headers=OURS).status_code == 401


def test_a_form_from_elsewhere_chooses_nothing(desk, chosen) -> None:
    fields = desk.form(MINE, MINE).with_(how_much="none")
    answer = desk.send(MINE, fields, Origin="https://evil.example")
    assert answer.status_code == 403
    assert chosen() == UNCHOSEN


def test_opening_the_link_stops_nothing(stranger, link, chosen) -> None:
    for _ in range(3):
        assert "Vil du ikke have mere mail om gaver?" in stranger.get(link).text
        assert stranger.head(link).status_code == 200
    assert chosen() == UNCHOSEN


def test_pressing_its_button_stops_the_mail_and_says_the_way_back(stranger, link, chosen) -> None:
    form = form_in(stranger.get(link).text, STOP)
    for _ in range(2):
        answer = stranger.post(STOP, data=dict(form.fields), headers=OURS)
        assert answer.status_code == 200
        assert "Du får ikke mere mail om gaver" in answer.text
        assert f'href="{MINE}"' in answer.text
    assert chosen() == Choice(8, HowMuch.NONE, 2)


@pytest.mark.parametrize(
    "form", [{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}]
)
def test_a_program_for_mail_stops_it_with_one_press(stranger, link, chosen, form) -> None:
    """As RFC 8058 has it: no cookie, no origin, either kind of form, and nothing to follow."""
    answer = stranger.post(link, follow_redirects=False, **form)
    assert answer.status_code == 200
    assert chosen().how_much == HowMuch.NONE
    assert "set-cookie" not in answer.headers


def test_the_pages_speak_the_language_of_the_mail(stranger, make, session) -> None:
    person = make.person(mail="bo@lindborg.example", locale="en")
    token = stop_links.token_of(stop_links.make_key(session), person.key, person.mail)
    path = f"{STOP}?token={token}"
    assert "No more mail about gifts?" in stranger.get(path).text
    assert "You will get no more mail about gifts" in stranger.post(path).text


@pytest.mark.parametrize(
    "token", ["", "1", "1.abc", "%00", "<script>alert(1)</script>", "x" * 4000]
)
def test_a_link_that_was_made_up_says_where_to_choose(stranger, token, link, chosen) -> None:
    for answer in (stranger.get(f"{STOP}?token={token}"), stranger.post(f"{STOP}?token={token}")):
        assert answer.status_code == 404
        assert "»Mail til mig«" in answer.text
        assert "<script>alert" not in answer.text
    assert chosen() == UNCHOSEN


def test_whoever_tries_links_at_random_is_stopped(stranger, link, chosen, monkeypatch) -> None:
    few = my_mail.STOPS_FROM_A_PLACE
    monkeypatch.setattr(my_mail, "STOPS_FROM_A_PLACE", Limit(few.kind, 3, few.within))
    for _ in range(3):
        assert stranger.post(f"{STOP}?token=1.abc").status_code == 404
    answer = stranger.post(link)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert chosen() == UNCHOSEN


def test_the_page_speaks_english_to_those_who_do(desk_of, make) -> None:
    page = desk_of(make.person(mail="bo@lindborg.example", locale="en")).page(MINE)
    assert "Mail to me" in page
    assert "8:00" in page
    assert "in English" in page
