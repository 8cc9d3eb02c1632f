"""A mail says in its subject what is needed, on its buttons what to do, and how to get less."""

import re
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from icalendar import Calendar

from app.errors import Message
from app.insight.task_words import asks
from app.insight.tasks import Verb
from app.notifications import mail_words
from app.notifications.letters import LONGEST_SUBJECT, MOST_LINES
from app.notifications.recipients import Reason
from tests.conftest import NOON
from tests.notifications.letters import SITE, TITLE, TODAY, line, mailed, settings

NEXT_WEEK = TODAY + timedelta(days=7)
SILENCE = Message("Gaven venter stadig på jeres svar.")


class Links(HTMLParser):
    """Where the links lead, and what stands on them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._at: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._at = dict(attrs)["href"] if tag == "a" else self._at

    def handle_data(self, data):
        if self._at is not None:
            self.found.append((data, self._at))

    def handle_endtag(self, tag):
        self._at = None if tag == "a" else self._at


def headers(mail) -> dict[str, str]:
    return dict(mail.headers)


@pytest.mark.parametrize(
    ("lines", "danish", "english"),
    [
        ([line()], f"Kvittér for »{TITLE}«", f"Acknowledge “{TITLE}”"),
        ([line(), line()], f"Kvittér for »{TITLE}«", f"Acknowledge “{TITLE}”"),
        ([line(Verb.FOLLOW_UP)], f"Følg op på »{TITLE}«", f"Follow up on “{TITLE}”"),
        ([line(), line(None, 8)], f"Kvittér for »{TITLE}«", f"Acknowledge “{TITLE}”"),
        (
            [line(handover_id=n) for n in (1, 2, 3)],
            "3 gaver venter på dig",
            "3 gifts are waiting for you",
        ),
        (
            [line(), line(handover_id=None, path="/units/4", gift="")],
            "2 ting venter på dig",
            "2 things are waiting for you",
        ),
        (
            [line(handover_id=None, path="/units/4", gift="")],
            "Én ting venter på dig",
            "One thing is waiting for you",
        ),
        ([line(None, silence=SILENCE)], f"Hjælp »{TITLE}« på vej", f"Help “{TITLE}” on its way"),
        (
            [line(None, n, silence=SILENCE) for n in (1, 2)],
            "2 gaver venter på dig",
            "2 gifts are waiting for you",
        ),
        ([line(None)], f"Nyt om »{TITLE}«", f"News of “{TITLE}”"),
        (
            [line(None, 1, gift="Én"), line(None, 2, gift="To")],
            "Nyt om 2 gaver",
            "News of 2 gifts",
        ),
        (
            [line(None, handover_id=None, path="/", gift="")],
            "Nyt på Gavebordet",
            "News on Gavebordet",
        ),
    ],
)
def test_the_subject_says_what_is_needed(lines, danish, english) -> None:
    assert mailed(*lines).subject == danish
    assert mailed(*lines, locale="en").subject == english


def test_whatever_may_be_asked_has_words_of_its_own() -> None:
    for words in (mail_words.BUTTONS, mail_words.NEEDED, asks):
        assert words.keys() == set(Verb)
    assert len({str(word.text) for word in mail_words.NEEDED.values()}) == len(Verb)


@pytest.mark.parametrize("verb", Verb)
def test_a_button_says_what_to_do_and_leads_to_where_it_is_done(verb: Verb) -> None:
    mail = mailed(line(verb))
    button = mail_words.BUTTONS[verb].text
    (address,) = [to for words, to in Links(mail.html).found if words == button]
    assert address.startswith(f"{SITE}/handovers/7")
    assert f"{button}: {address}\n" in mail.text


@pytest.mark.parametrize("reason", Reason)
def test_a_silence_says_what_it_is_and_asks_for_help_where_nothing_else_is_asked(reason) -> None:
    mail = mailed(line(None, reason=reason, silence=SILENCE, days_late=12))
    assert "Gaven venter stadig på jeres svar. Den har ventet 12 dage.\n" in mail.text
    assert f"Hjælp den på vej: {SITE}/handovers/7\n" in mail.text
    assert mail_words.REASONS[reason].text in mail.text


def test_a_silence_that_something_else_would_end_asks_for_that() -> None:
    again = mailed(line(Verb.ACKNOWLEDGE, silence=SILENCE))
    assert "Gaven venter stadig på jeres svar.\n" in again.text
    assert "Kvittér: " in again.text
    ownerless = mailed(line(Verb.NAME_OWNER, silence=SILENCE))
    assert "Gaven har ingen tovholder.\n" in ownerless.text
    assert "Vælg tovholder: " in ownerless.text


def test_what_asks_nothing_has_no_button_but_a_way_there() -> None:
    mail = mailed(line(None, sentence="Signe Aaskov tog imod gaven."))
    assert ("Læs mere", f"{SITE}/handovers/7") in Links(mail.html).found
    assert 'class="button"' not in mail.html
    assert "Signe Aaskov tog imod gaven.\n" in mail.text


@pytest.mark.parametrize("locale", ["da", "en"])
def test_text_and_html_say_the_same(locale: str) -> None:
    lines = [
        line(days_late=3),
        line(Verb.FOLLOW_UP, 8, due_on=NEXT_WEEK, is_agreed=True),
        line(None, 9),
    ]
    mail = mailed(*lines, locale=locale)
    said = " ".join(unescape(re.sub("<[^>]+>", " ", mail.html)).split())
    for words in re.split(r": https\S+|\n|, Ungeenheden", mail.text):
        assert " ".join(words.split()).removeprefix("-- ").strip("- ") in said, words
    assert {to for _, to in Links(mail.html).found} == set(re.findall(r"https\S+", mail.text))


def test_an_english_mail_has_no_danish_in_it_but_what_people_wrote() -> None:
    mail = mailed(
        line(days_late=3),
        line(Verb.FOLLOW_UP, 8, due_on=NEXT_WEEK, is_agreed=True),
        line(None, 9),
        locale="en",
        given=settings(contact_mail="sek@lindborg.example"),
    )
    said = mail.text.replace(TITLE, "")
    assert not re.search(r"[æøåÆØÅ]", said), said
    assert "It has been waiting for 3 days." in said
    assert "Agreed for 9 March 2026." in said


def test_the_mail_says_why_and_how_to_get_less() -> None:
    mail = mailed(line(), line(handover_id=8, reason="owner"))
    assert mail.text.index("Fordi du svarer for") < mail.text.index("Fordi du er tovholder")
    addresses = {to for _, to in Links(mail.html).found}
    assert {f"{SITE}/me/mail", f"{SITE}/mail/stop?token=3.good"} <= addresses
    assert headers(mail)["List-Unsubscribe"] == f"<{SITE}/mail/stop?token=3.good>"
    assert headers(mail)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_reason_that_nobody_has_words_for_is_left_out() -> None:
    assert mailed(line(reason="of a later version")).subject


def test_the_same_mail_is_known_by_the_same_words_whenever_it_is_sent() -> None:
    first, again = mailed(line()), mailed(line(), now=NOON + timedelta(days=1))
    assert first.key == again.key == "digest.5.3.20260302"
    assert mailed(line(), digest_id=6).key != first.key
    assert mailed(line(), day=TODAY + timedelta(days=1)).key != first.key


def test_mails_about_one_handover_are_a_thread_and_others_are_none() -> None:
    for later in (TODAY, NEXT_WEEK):
        told = headers(mailed(line(), line(None), day=later))
        assert told["In-Reply-To"] == told["References"] == "<handover.7@lindborg.example>"
    assert "References" not in headers(mailed(line(), line(handover_id=8)))
    assert "References" not in headers(mailed(line(handover_id=None, path="/units/4")))


def dates_of(mail) -> list[tuple[date, str]]:
    calendar = Calendar.from_ical(mail.calendar)
    assert calendar["method"] == "PUBLISH"
    return [(event["dtstart"].dt, str(event["url"])) for event in calendar.walk("VEVENT")]


def test_agreed_days_to_come_are_there_for_the_calendar_once() -> None:
    mail = mailed(
        line(Verb.FOLLOW_UP, 8, due_on=NEXT_WEEK, is_agreed=True),
        line(None, 8, due_on=NEXT_WEEK, is_agreed=True),
        line(None, 9, due_on=TODAY, is_agreed=True),
    )
    assert dates_of(mail) == [
        (NEXT_WEEK, f"{SITE}/handovers/8"),
        (TODAY, f"{SITE}/handovers/9"),
    ]


@pytest.mark.parametrize(
    "late",
    [
        line(due_on=NEXT_WEEK),
        line(Verb.FOLLOW_UP, due_on=NEXT_WEEK),
        line(Verb.TAKE_EDITION, due_on=NEXT_WEEK),
        line(None, due_on=NEXT_WEEK),
        line(Verb.FOLLOW_UP, due_on=TODAY - timedelta(days=1), days_late=1, is_agreed=True),
        line(Verb.FOLLOW_UP),
        line(None, handover_id=None, path="/units/4", due_on=NEXT_WEEK, is_agreed=True),
    ],
)
def test_what_nobody_has_agreed_to_is_no_date(late) -> None:
    mail = mailed(late)
    assert mail.calendar == b""
    assert "Aftalt" not in mail.text or late.is_agreed


def test_what_people_wrote_does_nothing_in_a_mail() -> None:
    hostile = "<script>alert(1)</script>\r\nBcc: alle@lindborg.example\x00" + "x" * 4000
    mail = mailed(line(gift=hostile, unit=hostile, sentence=hostile), name=hostile)
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert "\x00" not in mail.subject
    assert len(mail.subject) == LONGEST_SUBJECT
    assert [name for name, _ in mail.headers if name == "Bcc"] == []


def test_a_long_mail_ends_and_says_where_the_rest_is() -> None:
    mail = mailed(*(line(handover_id=number) for number in range(1, 501)))
    assert mail.subject == "500 gaver venter på dig"
    assert mail.text.count("Kvittér: ") == MOST_LINES
    assert (
        f"Og {500 - MOST_LINES} til, som står på Gavebordet.\nSe det hele: {SITE}/\n" in mail.text
    )
    assert len(mail.html) < 100_000, "Gmail cuts longer ones"


def test_styles_stand_where_they_are_used_and_nothing_is_fetched() -> None:
    html = mailed(line()).html
    assert "<style" not in html
    assert re.search(r'<a class="button" [^>]*style="[^"]*background: #', html)
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)


def test_in_development_links_lead_to_this_machine() -> None:
    mail = mailed(line(), given=settings(public_url="", mode="development", port=8123))
    assert "http://127.0.0.1:8123/handovers/7" in mail.text
