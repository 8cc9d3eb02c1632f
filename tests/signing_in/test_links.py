"""Signing in by a link that was mailed: once, in time, by pressing a button, and by nobody else."""

import re
import socket
from datetime import timedelta
from urllib.parse import parse_qs, unquote

import pytest
from sqlmodel import select

from app.people.models import WebSession
from app.signing_in.models import SignInLink
from tests.conftest import NOON

COUNTED = ("ratelimit", "x-request-id")


@pytest.fixture
def leader(make):
    return make.person(name="Henrik Dalum", mail="henrik@lindborg.example")


def test_a_link_is_mailed_and_pressing_the_button_signs_in(browser, leader):
    answer = browser.sent("/sign-in/links", mail="Henrik@Lindborg.example ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/sent")
    (mail,) = browser.mails()
    assert (mail["To"], mail["Subject"]) == ("henrik@lindborg.example", "Log ind på Gavebordet")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Hej Henrik Dalum" in mail.get_content()

    opened = browser.get(browser.link())
    assert opened.status_code == 200
    assert "Hej Henrik Dalum" in opened.text
    assert not browser.is_signed_in()

    pressed = browser.sent("/sign-in/link", token=browser.token())
    assert (pressed.status_code, pressed.headers["Location"]) == (303, "/")
    assert "Hej Henrik Dalum" in browser.get("/").text


def test_the_mail_and_the_pages_are_in_the_persons_own_language(browser, make):
    browser.sign_in(make.person(mail="ada@lindborg.example", locale="en"))

    assert browser.mails()[0]["Subject"] == "Sign in to Gavebordet"
    assert "Nothing is waiting for you" in browser.get("/").text


@pytest.mark.parametrize("times", [1, 3])
def test_opening_a_link_signs_nobody_in_and_changes_nothing(browser, session, leader, times):
    browser.sent("/sign-in/links", mail=leader.mail)
    for _ in range(times):
        browser.get(browser.link())
        browser.client.head(browser.link())

    assert session.exec(select(SignInLink.used_at)).all() == [None]
    assert session.exec(select(WebSession)).all() == []
    assert browser.sent("/sign-in/link", token=browser.token()).status_code == 303


def test_a_link_is_good_once_and_so_are_those_that_were_sent_with_it(browser, new_browser, leader):
    browser.sent("/sign-in/links", mail=leader.mail)
    first = browser.token()
    browser.sent("/sign-in/links", mail=leader.mail)
    assert browser.sent("/sign-in/link", token=browser.token()).status_code == 303

    other = new_browser()
    for token in (first, browser.token()):
        again = other.sent("/sign-in/link", token=token)
        assert again.status_code == 410
        assert "Linket virker ikke længere" in again.text
    assert not other.is_signed_in()


def test_a_link_is_good_for_twenty_minutes(browser, app, leader):
    browser.sent("/sign-in/links", mail=leader.mail)
    app.state.now = NOON + timedelta(minutes=20)

    assert browser.get(browser.link()).status_code == 410
    assert browser.sent("/sign-in/link", token=browser.token()).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "æøå", "a" * 5000, "\x00", "' OR 1=1 --"])
def test_a_link_that_was_made_up_is_none(browser, leader, token):
    assert browser.get(f"/sign-in/link?token={token.replace(chr(0), '%00')}").status_code == 410
    assert browser.sent("/sign-in/link", token=token).status_code == 410


def test_nobody_can_tell_who_is_known_here(browser, make, leader):
    make.person(mail="gone@lindborg.example", left_at=NOON)
    answers = [
        browser.sent("/sign-in/links", mail=mail)
        for mail in (leader.mail, "nobody@lindborg.example", "gone@lindborg.example")
    ]

    told = [
        {name: value for name, value in answer.headers.items() if name not in COUNTED}
        for answer in answers
    ]
    assert told[0] == told[1] == told[2]
    assert len(browser.mails()) == 1


def test_who_has_left_since_the_mail_is_not_let_in(browser, session, leader):
    browser.sent("/sign-in/links", mail=leader.mail)
    leader.left_at = NOON
    session.flush()

    assert browser.sent("/sign-in/link", token=browser.token()).status_code == 410


def test_what_is_no_address_is_told_and_kept(browser):
    answer = browser.sent("/sign-in/links", mail="henrik<b>")

    assert answer.status_code == 422
    assert 'value="henrik&lt;b&gt;"' in answer.text
    assert answer.text.count("Skriv din arbejdsmail, som navn@kommune.dk.") == 1
    assert 'aria-invalid="true"' in answer.text
    assert browser.mails() == []


def test_only_the_hash_of_a_link_is_kept(browser, session, leader):
    browser.sent("/sign-in/links", mail=leader.mail)

    (kept,) = session.exec(select(SignInLink)).all()
    assert re.fullmatch("[0-9a-f]{64}", kept.hash)
    assert len(browser.token()) == 43


def test_one_comes_back_to_where_one_was_going(browser, leader):
    asked = browser.get("/me/sessions?of=mine")
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        "/sign-in?back_to=%2Fme%2Fsessions%3Fof%3Dmine",
    )
    browser.sent("/sign-in/links", mail=leader.mail, back_to="/me/sessions")
    opened = browser.get(browser.link())
    assert 'name="back_to" value="/me/sessions"' in opened.text

    pressed = browser.sent("/sign-in/link", token=browser.token(), back_to="/me/sessions")
    assert pressed.headers["Location"] == "/me/sessions"


def test_the_mails_are_shown_only_in_development_and_without_a_mail_server(
    browser, settled, leader
):
    browser.sent("/sign-in/links", mail=leader.mail)
    assert browser.link().partition("&")[0] in browser.get("/development/mail").text

    settled(smtp_host="smtp.lindborg.example")
    assert browser.get("/development/mail").status_code == 404
    settled(smtp_host="", mode="production")
    assert browser.get("/development/mail").status_code == 404


def test_whoever_asks_is_answered_though_the_mail_server_is_down(browser, settled, make, caplog):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    settled(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    make.person(mail="ida@lindborg.example")

    assert browser.sent("/sign-in/links", mail="ida@lindborg.example").status_code == 303
    (told,) = [one.getMessage() for one in caplog.records if one.name == "app.mail"]
    assert told == "A mail could not be sent: ConnectionRefusedError"


@pytest.mark.parametrize(
    "back_to", ["/&token=somebody-else", "/gaver?a=1&b=2", "/>https://evil.example/"]
)
def test_where_one_was_going_changes_nothing_of_the_link_but_that(browser, make, back_to):
    browser.sent("/sign-in/links", mail=make.person(mail="ida@lindborg.example").mail)
    mine = browser.token()
    browser.sent("/sign-in/links", mail="ida@lindborg.example", back_to=back_to)

    (query,) = re.findall(r"/sign-in/link\?(\S+)", browser.mails()[0].get_content())
    said = parse_qs(query)
    assert said["back_to"] == [back_to]
    assert len(said["token"]) == 1
    assert said["token"] != [mine]
    assert "evil.example/" not in unquote(query).split("back_to=")[0]


@pytest.mark.parametrize(
    "mail", ["a\0b@x.dk", "a\ud800@x.dk", "a b@x.dk", "ida", "x" * 250 + "@x.dk"]
)
def test_what_is_no_address_is_asked_for_again(browser, mail):
    answer = browser.sent("/sign-in/links", mail=mail.encode("utf-8", "surrogatepass"))

    assert answer.status_code == 422
    assert browser.mails() == []


def test_another_address_ends_what_was_sent_to_the_one_before(
    browser, new_browser, make, signed_in
):
    ida = make.person(mail="ida@lindborg.example")
    browser.sign_in(ida)
    other = new_browser()
    other.sent("/sign-in/links", mail="ida@lindborg.example")
    token = other.token()

    changed = signed_in(make.secretary()).patch(
        f"/api/v1/people/{ida.id}", json={"mail": "ida@nyt.example"}, headers={"If-Match": "*"}
    )

    assert changed.status_code == 200
    assert not browser.is_signed_in()
    assert other.sent("/sign-in/link", token=token).status_code == 410
