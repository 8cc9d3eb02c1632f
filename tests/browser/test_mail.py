"""Mail about gifts: how it looks, how it is chosen and stopped, and that no link in it does
anything because it is opened."""

import re
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from app import clock, mail
from app.changeable import ReceiptBy
from app.db import Database
from app.handovers.lifecycle import State
from app.insight.tasks import Verb
from app.notifications import answer_links, stop_links
from app.notifications.content import Content, Line
from app.notifications.mails import mail_of
from app.people import sessions
from app.people.cookies import lifetimes
from app.people.models import Person
from app.people.sessions import Way
from app.settings import Settings
from tests.browser.looks import must_look_right
from tests.browser.window import WAYS, opened
from tests.conftest import NOON
from tests.databases import DATABASES
from tests.make import Make
from tests.notifications.letters import content, line
from tests.server import running

LONG = "Sagsbehandlingsoverdragelseskoordinering" * 4
STATES = (State.DELIVERED, State.ACKNOWLEDGED, State.IN_USE)
LINKS = re.compile(r"https?://[^\s\"<>]+")
USES = {"web_session", "person_look"}
"""That somebody was here is kept of those who are signed in, whatever they open."""


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_mail_can_be_chosen_read_and_stopped_by_all(open_window, demo, language, size):
    window, suffix = open_window(language=language, size=size), f"{language}-{size}"
    name = "Henrik Dalum" if language == "da" else "Karin Solbjerg"
    subject, stop = a_mail(demo.folder, name, language, site=demo.host)
    link = a_gift(demo.folder, language)

    window.go(link)
    must_look_right(window, f"mail-answer-{suffix}")
    window.press("Kvittér: set og modtaget")
    window.must_say("Tak, der er kvitteret")
    must_look_right(window, f"mail-answered-{suffix}")
    window.go(link, status=410)
    window.must_say("Der er kvitteret for gaven")
    must_look_right(window, f"mail-answer-used-{suffix}")

    window.go(stop)
    must_look_right(window, f"mail-stop-{suffix}")
    window.press("Stop al mail om gaver")
    window.must_say("Du får ikke mere mail om gaver")
    must_look_right(window, f"mail-stopped-{suffix}")

    window.sign_in_as(name)
    window.go("/me/mail")
    assert window.page.get_by_label(window.said("Ingen mail")).is_checked()
    must_look_right(window, f"mail-mine-{suffix}")
    window.page.get_by_label(window.said("Kun når noget venter på mig")).check()
    window.page.get_by_label(window.said("Hvad tid på dagen?")).select_option("7")
    window.press("Gem")
    assert window.page.get_by_text(window.said("Dit valg er gemt")).is_visible()
    must_look_right(window, f"mail-chosen-{suffix}")

    window.go("/development/mail")
    heading = window.page.get_by_role("heading", name=subject)
    shown = window.page.locator("article.mail", has=heading).first
    shown.scroll_into_view_if_needed()
    frame = shown.locator("iframe").content_frame
    assert frame.get_by_role("heading", level=1).inner_text() == subject
    must_look_right(window, f"mail-shown-{suffix}")
    with window.context.expect_page() as leads_to:
        frame.get_by_role("link").first.click()
    assert urlsplit(leads_to.value.url).path.startswith("/handovers/")


def a_mail(folder: Path, name: str, language: str, *, site: str) -> tuple[str, str]:
    """One in a file, older than all others; its subject, and the path that stops the mail."""
    settings = Settings(data_dir=folder, public_url=site, _env_file=None)
    with closing(Database(settings)) as database, database.writing() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        token = stop_links.token_of(stop_links.make_key(session), person.key, str(person.mail))
    said = content(
        line(handover_id=1, days_late=4),
        line(Verb.FOLLOW_UP, 2, gift=LONG, unit=LONG, due_on=NOON.date(), reason="owner"),
        line(None, 3, sentence=f"{LONG} tog imod gaven."),
        name=name,
        mail=person.mail,
        locale=language,
    )
    written = mail_of(said, settings=settings, stop_token=token, now=NOON)
    mail.deliver(settings, written, now=NOON)
    return written.subject, f"/mail/stop?token={token}"


def a_gift(folder: Path, language: str) -> str:
    """One that awaits its first answer; the path by which a mail acknowledges it."""
    now = clock.now()
    with (
        closing(Database(Settings(data_dir=folder, _env_file=None))) as database,
        database.writing() as session,
    ):
        make = Make(session, now=now)
        mail = f"fra-mailen-{language}@lindborg.example"
        leader = make.person(name="Frida Mailen", mail=mail, locale=language)
        giver = make.person(name="Giv Mailen", mail=f"giver-{mail}")
        gift = make.gift(title=LONG, network=make.network(leader=giver), contact=giver)
        handover = make.handover(gift=gift, unit=make.unit(name="Mailen", leader=leader))
        about = content(line(handover_id=handover.key, version=1), person_id=leader.key)
        made = answer_links.make(session, content=about, secret=language, now=now)
    return f"/mail/answer?token={made[handover.key]}"


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_a_mail_is_read_by_all_in_a_program_for_mail(open_window, language, size):
    window = open_window(language=language, size=size)
    lines = [line(days_late=4), line(Verb.FOLLOW_UP, 2, gift=LONG, unit=LONG), line(None, 3)]
    said = content(*lines, locale=language)
    given = Settings(contact_mail="sekretariat@lindborg.example", _env_file=None)
    written = mail_of(said, settings=given, stop_token="3.good", now=NOON)
    window.page.set_content(written.html)
    must_look_right(window, f"mail-html-{language}-{size}")


@pytest.mark.parametrize(
    ("own_database", "is_signed_in"),
    [(DATABASES[0], False), (DATABASES[-1], True)],
    indirect=["own_database"],
)
def test_no_link_of_a_mail_does_anything_when_it_is_opened(chromium, own_database, is_signed_in):
    settings = own_database.info["settings"]
    with running(settings.model_copy(update={"receipt_by": ReceiptBy.MAIL})) as site:
        arrived, cookie = in_the_mailbox(own_database, site)
        links = links_in(arrived)
        others = ("the front page", "the choice", "the stop", "the receipt")
        assert len(links) == len(STATES) + len(others)
        before = contents(own_database)
        with opened(chromium, site) as window:
            if is_signed_in:
                window.context.add_cookies([{"name": "gavebord", "value": cookie, "url": site}])
            for link in links:
                for _ in range(3):
                    window.page.goto(link)
                    assert window.page.get_by_role("heading", level=1).count() == 1
                    answer = httpx.head(link, follow_redirects=True)
                    assert answer.status_code == 200, link
                    assert answer.content == b""
        after = contents(own_database)

    kept = USES if is_signed_in else set()
    assert {name for name in before if before[name] != after[name]} <= kept


def in_the_mailbox(database: Database, site: str) -> tuple[EmailMessage, str]:
    """A mail to a leader about a handover in every state and everything that may be asked; and
    the cookie of a browser in which they are signed in."""
    now, settings = clock.now(), database.info["settings"].model_copy(update={"public_url": site})
    with database.writing() as session:
        make = Make(session, now=now)
        leader = make.person(name="Signe Aaskov", mail="signe@lindborg.example")
        unit = make.unit(leader=leader)
        given = [make.handover(unit=unit, state=state, owner=leader).key for state in STATES]
        token = stop_links.token_of(stop_links.make_key(session), leader.key, str(leader.mail))
        limits = lifetimes(settings)
        cookie = sessions.begin(session, leader, way=Way.LINK, agent="", lifetimes=limits, now=now)
        lines = [
            Line(number, "leader", f"/handovers/{about}", verb, about, gift="Mødet", unit="PPR")
            for number, (about, verb) in enumerate(product(given, [*Verb, None]))
        ]
        lines[0] = replace(lines[0], version=1)
        said = Content(1, leader.key, leader.name, str(leader.mail), "da", now.date(), lines)
        answers = answer_links.make(session, content=said, secret="any", now=now)
    written = mail_of(said, settings=settings, stop_token=token, answer_tokens=answers, now=now)
    mail.deliver(settings, written, now=now)
    return mail.kept(settings.mail_dir, most=1)[0], cookie


def links_in(arrived: EmailMessage) -> list[str]:
    """Wherever they stand: what looks at mail opens all that it finds. The place on a page is not
    sent, so each page is there once."""
    whole = "\n".join(
        [mail.text_of(arrived), mail.text_of(arrived, "html"), arrived["List-Unsubscribe"]]
    )
    return sorted({link.partition("#")[0] for link in LINKS.findall(whole)})


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.reader.connect() as connection:
        return {
            table: sorted(str(row) for row in connection.execute(text(f'SELECT * FROM "{table}"')))  # noqa: S608
            for table in inspect(connection).get_table_names()
        }
