"""In development mail is looked at on a page: as text, and as a program for mail would show it."""

import re
from html import unescape

import pytest

from app import mail
from app.mail import Mail
from tests.conftest import NOON

PAGE = "/development/mail"
HTML = "<p style='color: red'>Hej Signe</p><script>alert(1)</script>"


@pytest.fixture
def kept(browser, app) -> None:
    written = Mail("signe@lindborg.example", "Kvittér", "Hej <b>Signe</b>", html=HTML, key="a&b.1")
    plain = Mail("bo@lindborg.example", "Log ind", "Her er dit link: https://a.example/b")
    for one in (plain, written):
        mail.deliver(app.state.settings, one, now=NOON)


def test_a_mail_is_shown_as_text_and_as_html_in_a_frame_of_its_own(browser, kept) -> None:
    page = browser.get(PAGE)
    assert "Hej &lt;b&gt;Signe" in page.text
    assert '<a href="https://a.example/b"' in page.text
    (address,) = re.findall('<iframe class="mail-html" src="([^"]+)"', page.text)
    framed = browser.get(unescape(address))
    assert framed.status_code == 200
    assert framed.text.strip() == HTML


def test_the_frame_can_do_nothing_and_fetch_nothing(browser, kept) -> None:
    (address,) = re.findall('<iframe class="mail-html" src="([^"]+)"', browser.get(PAGE).text)
    headers = browser.get(unescape(address)).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "form-action 'none'", "frame-ancestors 'self'"} <= set(policy)
    assert policy[-1] == "sandbox allow-popups allow-popups-to-escape-sandbox"
    assert not [part for part in policy if part.startswith(("script-src", "img-src"))]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("wanted", ["", "<a@b>", "../../etc/passwd", "\x00"])
def test_there_is_nothing_else_to_be_had(browser, kept, wanted) -> None:
    assert browser.get(f"{PAGE}/html", params={"id": wanted}).status_code == 404


def test_a_mail_without_html_has_no_frame(browser, kept, app) -> None:
    plain = mail.kept(app.state.settings.mail_dir, most=9)[1]
    answer = browser.get(f"{PAGE}/html", params={"id": plain["Message-ID"]})
    assert answer.status_code == 404


@pytest.mark.parametrize("elsewhere", [{"mode": "production"}, {"smtp_host": "mail.example"}])
def test_where_mail_is_sent_it_is_not_shown(browser, kept, settled, elsewhere) -> None:
    settled(**elsewhere)
    for path in (PAGE, f"{PAGE}/html?id=<a%26b.1@localhost>"):
        assert browser.get(path).status_code == 404
