"""The step that sends a mail: taken by a real server on loopback, tried again, or given up."""

import os
import signal
from contextlib import closing
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from sqlmodel import select

from app import mail
from app.clock import noon_of
from app.db import Database
from app.notifications import stop_links
from app.notifications.models import Digest, HowMuch
from app.notifications.sending import KIND, sends
from app.people.models import Person
from app.work.items import enqueue
from app.work.kinds import Kind
from app.work.worker import Worker
from tests.conftest import NOON
from tests.hostile_mail import CLOSES, END, GREETING, HANGS, hostile
from tests.mailbox import mailbox
from tests.make import Make
from tests.notifications.letters import content, line
from tests.work.steps import left
from tests.work.trial import die, in_child
from tests.work.world import make_due, worker

GOOD = {"now": lambda: NOON}


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    monkeypatch.setattr(mail, "_WITHIN", 0.2)


@pytest.fixture
def digest(own_database) -> Digest:
    """In line to be sent."""
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        row = make.digest(make.person(name="Signe Aaskov", mail="signe@lindborg.example"))
        enqueue(session, KIND, f"digest:{row.id}", {"digest_id": row.id})
    return row


def of(digest: Digest, *lines):
    """What the mail says: to the one who is in the row, as the day's gathering does it."""

    def content_of(rows, envelope, today):
        assert (envelope.digest_id, today) == (digest.id, NOON.date())
        whose = {"digest_id": digest.id, "person_id": digest.person_id}
        return content(*(lines or [line()]), **whose)

    return content_of


def at(database: Database, port: int, content_of) -> Worker:
    """A worker that sends there."""
    given = database.info["settings"]
    there = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    database.info["settings"] = given.model_copy(update=there)
    return worker(database, sends(content_of, **GOOD), kind=KIND)


def sent_at(database: Database):
    with database.reading() as session:
        return session.exec(select(Digest.sent_at)).one()


def test_a_mail_is_sent_and_it_is_kept_when(own_database, digest) -> None:
    with mailbox() as box:
        assert at(own_database, box.port, of(digest)).do_one()

    (arrived,) = box.mails
    assert arrived["To"] == "signe@lindborg.example"
    assert arrived["Message-ID"].startswith(f"<digest.{digest.id}.{digest.person_id}.20260302@")
    assert sent_at(own_database) == NOON
    assert left(own_database) == []


def test_the_link_in_it_stops_the_mail_of_its_reader(own_database, digest) -> None:
    with mailbox() as box:
        at(own_database, box.port, of(digest)).do_one()
    (arrived,) = box.mails
    token = arrived["List-Unsubscribe"].partition("token=")[2].removesuffix(">")
    with own_database.writing() as session:
        assert stop_links.holder(session, token).key == digest.person_id


@pytest.mark.parametrize(
    "answers",
    [
        {GREETING: HANGS},
        {GREETING: "421 4.3.2 Later"},
        {"RCPT": "450 4.2.0 Later"},
        {"DATA": CLOSES},
        {END: "451 4.3.0 Later"},
    ],
    ids=str,
)
def test_what_went_wrong_is_tried_again_and_then_sent_once(own_database, digest, answers) -> None:
    with hostile(**answers) as server:
        assert at(own_database, server.port, of(digest)).do_one()
    (item,) = left(own_database)
    assert (item.attempts, item.dead_at) == (1, None)
    assert item.due_at > item.enqueued_at
    assert sent_at(own_database) is None

    make_due(own_database)
    with mailbox() as box:
        assert at(own_database, box.port, of(digest)).do_one()
    assert len(box.mails) == 1
    assert sent_at(own_database) == NOON
    assert left(own_database) == []


def test_a_server_that_is_not_there_is_tried_again(own_database, digest) -> None:
    with hostile() as server:
        gone = server.port
    at(own_database, gone, of(digest)).do_one()
    (item,) = left(own_database)
    assert (item.last_error, item.dead_at) == ("ConnectionRefusedError", None)


def test_an_address_that_the_server_does_not_know_is_given_up_for_all_to_see(
    own_database, digest
) -> None:
    with mailbox() as box:
        box.knows_nobody = True
        at(own_database, box.port, of(digest)).do_one()
    (item,) = left(own_database)
    assert item.dead_at is not None
    assert item.last_error == "SMTPRecipientsRefused 550 5.1.1"
    assert sent_at(own_database) is None


def test_a_line_that_breaks_before_the_yes_gives_the_same_mail_again(own_database, digest) -> None:
    with hostile(**{END: CLOSES}) as unsure:
        at(own_database, unsure.port, of(digest)).do_one()
    make_due(own_database)
    with hostile() as sure:
        at(own_database, sure.port, of(digest)).do_one()
    first, again = (
        message_from_bytes(had, policy=policy.default) for had in (*unsure.mails, *sure.mails)
    )
    assert first["Message-ID"] == again["Message-ID"]
    assert first["List-Unsubscribe"] == again["List-Unsubscribe"]
    assert mail.text_of(first) == mail.text_of(again)


class DyingAfterwards(Worker):
    """Killed when the server has said yes, and before that is kept."""

    def _settle(self, held, ending):
        die()


def sends_and_dies(own_database: Database, digest: Digest, port: int) -> None:
    there = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    settings = own_database.info["settings"].model_copy(update=there)
    with closing(Database(settings)) as database:
        kinds = [Kind(KIND, sends(of(digest), **GOOD))]
        DyingAfterwards(database, kinds, lease_seconds=60, threads=1).do_one()


def test_killed_between_the_yes_and_the_end_it_is_the_same_mail_twice(own_database, digest) -> None:
    with hostile() as server:
        pid = in_child(lambda: sends_and_dies(own_database, digest, server.port))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        assert sent_at(own_database) is None
        make_due(own_database)
        at(own_database, server.port, of(digest)).do_one()
        make_due(own_database)
        assert not at(own_database, server.port, of(digest)).do_one()

    ids = [message_from_bytes(had)["Message-ID"] for had in server.mails]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert sent_at(own_database) == NOON


def later(database: Database, digest: Digest, server, *, day: date) -> bool:
    """A worker comes to it on that day, at noon."""
    make_due(database)

    def content_of(rows, envelope, today):
        assert today == day
        return content(line(), digest_id=digest.id, person_id=digest.person_id, day=envelope.day)

    there = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
    database.info["settings"] = database.info["settings"].model_copy(update=there)
    handler = sends(content_of, now=lambda: noon_of(day))
    return worker(database, handler, kind=KIND).do_one()


TUESDAY, SATURDAY, MONDAY = date(2026, 3, 3), date(2026, 3, 7), date(2026, 3, 9)


def test_what_may_be_there_is_the_same_mail_on_a_later_day_and_none_on_a_day_off(
    own_database, digest
) -> None:
    with hostile(**{END: CLOSES}) as unsure:
        at(own_database, unsure.port, of(digest)).do_one()
    with hostile() as sure:
        assert later(own_database, digest, sure, day=SATURDAY)
        assert sure.mails == []
        assert later(own_database, digest, sure, day=MONDAY)
    first, again = (message_from_bytes(had)["Message-ID"] for had in (*unsure.mails, *sure.mails))
    assert first == again
    assert sent_at(own_database) == noon_of(MONDAY)
    assert left(own_database) == []


def test_what_may_be_there_waits_for_a_day_without_another_mail(own_database, digest) -> None:
    with hostile(**{END: CLOSES}) as unsure:
        at(own_database, unsure.port, of(digest)).do_one()
    with own_database.writing() as session:
        session.add(Digest(person_id=digest.person_id, day=TUESDAY, made_at=noon_of(TUESDAY)))
    with hostile() as sure:
        assert later(own_database, digest, sure, day=TUESDAY)
        assert sure.mails == []
        (item,) = left(own_database)
        assert (item.attempts, item.held_by) == (1, None)


@pytest.mark.parametrize("answers", [{"RCPT": "450 4.2.0 Later"}, {END: "451 4.3.0 Later"}, {}])
def test_what_was_refused_goes_with_the_next_mail(own_database, digest, answers) -> None:
    """Also where nobody has begun to send it."""
    with hostile(**answers) as server:
        if answers:
            at(own_database, server.port, of(digest)).do_one()
        before = len(server.mails)
        assert later(own_database, digest, server, day=TUESDAY)
        assert len(server.mails) == before
    assert left(own_database) == []
    assert sent_at(own_database) is None


def test_who_was_killed_after_the_yes_sends_the_same_mail_also_the_day_after(
    own_database, digest
) -> None:
    with hostile() as server:
        pid = in_child(lambda: sends_and_dies(own_database, digest, server.port))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        assert later(own_database, digest, server, day=TUESDAY)
    first, again = (message_from_bytes(had)["Message-ID"] for had in server.mails)
    assert first == again
    assert sent_at(own_database) == noon_of(TUESDAY)


def must_not_send(database: Database, content_of) -> None:
    """It is done with, and nobody got anything."""
    with mailbox() as box:
        assert at(database, box.port, content_of).do_one()
    assert box.mails == []
    assert left(database) == []


def test_what_was_sent_is_not_sent_again(own_database, digest) -> None:
    long_ago = NOON - timedelta(hours=3)
    with own_database.writing() as session:
        session.get_one(Digest, digest.id).sent_at = long_ago
    must_not_send(own_database, of(digest))
    assert sent_at(own_database) == long_ago


def says_no_more(make: Make, person: Person) -> None:
    make.mail_choice(person, how_much=HowMuch.NONE)


def leaves(make: Make, person: Person) -> None:
    person.left_at = make.now


def has_no_address(make: Make, person: Person) -> None:
    person.mail = None


@pytest.mark.parametrize("since", [says_no_more, leaves, has_no_address])
def test_who_is_not_to_be_mailed_any_more_gets_no_more(own_database, digest, since) -> None:
    with own_database.writing() as session:
        since(Make(session, now=NOON), session.get_one(Person, digest.person_id))
    must_not_send(own_database, of(digest))
    assert sent_at(own_database) is None


def test_where_there_is_nothing_to_say_nothing_is_sent(own_database, digest) -> None:
    must_not_send(own_database, lambda *_: None)
    assert sent_at(own_database) is None


def test_a_mail_that_is_gone_is_done_with(own_database, digest) -> None:
    with own_database.writing() as session:
        session.delete(session.get_one(Digest, digest.id))
    with mailbox() as box:
        assert at(own_database, box.port, of(digest)).do_one()
    assert (box.mails, left(own_database)) == ([], [])


def test_a_worker_that_stops_hands_it_on_before_anything_is_sent(own_database, digest) -> None:
    with mailbox() as box:
        ready = at(own_database, box.port, of(digest))
        ready.tell_to_stop()
        ready.do_one()
    assert box.mails == []
    (item,) = left(own_database)
    assert (item.attempts, item.held_by) == (0, None)


def test_all_links_are_signed_with_one_key(own_database) -> None:
    with own_database.writing() as session:
        first = stop_links.make_key(session)
    with own_database.writing() as session:
        assert stop_links.make_key(session) == first
