"""Mail from workers that are real processes, to a real mail server, while the one or the other
dies: everybody gets their mail, it is the same one when it comes again, and nobody gets another.
"""

import os
import signal
from contextlib import closing

import pytest
from sqlalchemy import text

from app import clock
from app.db import Database
from app.migrating import migrate
from app.settings import Settings
from tests.databases import DATABASES, own_postgresql
from tests.faults.disks import Limited
from tests.held_mail import STEPS, HeldMail, listening
from tests.hostile_mail import CLOSES, END, HANGS
from tests.notifications.mailing import (
    MORNING,
    are_sent,
    digests,
    gather,
    must_have_had_one_each,
    tell,
    try_again,
    waiting,
    workers,
)
from tests.processes import wait_until
from tests.versions import NEXT, later_version
from tests.work.steps import left
from tests.work.world import put_in_line

REFUSED = "ConnectionRefusedError"
BAD = (
    (("RCPT", "451 4.7.1 Later"), "SMTPRecipientsRefused 451 4.7.1"),
    ((END, "452 4.3.1 Full"), "SMTPDataError 452 4.3.1"),
    ((END, CLOSES), "SMTPServerDisconnected"),
    ((END, "554 5.7.1 No"), "SMTPDataError 554 5.7.1"),
)
"""What a server answers and at which step, and what is kept of it."""


@pytest.fixture
def ahead(monkeypatch):
    """How far from here the morning is: here it is morning too."""
    asked, ahead = clock.now, MORNING - clock.now()
    monkeypatch.setattr(clock, "now", lambda: asked() + ahead)
    return ahead


@pytest.fixture
def mail():
    with listening(HeldMail()) as mail:
        yield mail


@pytest.fixture
def team(own_database, mail, tmp_path, ahead):
    with workers(own_database, mail, tmp_path, ahead) as team:
        yield team


def test_killed_at_every_step_everybody_has_their_mail_and_nobody_another(own_database, mail, team):
    addresses = tell(own_database, 6)
    with mail.holding(*STEPS) as held:
        for pair in (held[:2], held[2:]):
            two = team.start(), team.start()
            for one in pair:
                one.wait()
            for worker in two:
                worker.kill()
    for _ in range(2):
        team.start()
    wait_until(lambda: are_sent(own_database, len(addresses)))

    must_have_had_one_each(own_database, mail, addresses)
    # Those that the server had, and nobody here knew of.
    assert sorted(mail.times.values()) == [1, 1, 1, 1, 2, 2]


def test_stopped_past_the_lease_and_woken_it_finishes_nothing_of_what_another_has_sent(
    own_database, mail, team
):
    addresses = tell(own_database, 1)
    with mail.holding(END) as (held,):
        slow = team.start()
        held.wait()
        (item,) = waiting(own_database)
        # It renews what it holds; right after that it is in no transaction.
        wait_until(lambda: waiting(own_database)[0].due_at > item.due_at)
        os.kill(slow.process.pid, signal.SIGSTOP)
        team.start()
        wait_until(lambda: are_sent(own_database, 1))
        (sent,) = digests(own_database)
    os.kill(slow.process.pid, signal.SIGCONT)
    wait_until(lambda: f"Work {item.id} (mail.digest) was taken over" in slow.log)

    must_have_had_one_each(own_database, mail, addresses)
    assert list(mail.times.values()) == [2]
    assert [one.sent_at for one in digests(own_database)] == [sent.sent_at]


def test_whatever_the_server_answers_everybody_has_their_mail_in_the_end(
    own_database, ahead, tmp_path
):
    mail = HeldMail()
    addresses = tell(own_database, 6)
    answers = [answer for answer, _ in BAD]
    with workers(own_database, mail, tmp_path, ahead, threads=2) as team:
        worker = team.start()
        wait_until(lambda: tried(own_database) == [REFUSED] * 6)
        mail.answers |= {
            (address, step): answer
            for address, (step, answer) in zip(addresses, [*answers, ("RCPT", HANGS)], strict=False)
        }
        with listening(mail):
            try_again(own_database)
            errors = sorted(error for _, error in BAD)
            wait_until(lambda: tried(own_database) == errors and len(waiting(own_database)) == 5)
            worker.stop()
            # The one that hung is handed back, and that was no attempt.
            (hung,) = [item for item in waiting(own_database) if item.last_error == REFUSED]
            assert (hung.attempts, hung.fence) == (0, 2)
            mail.answers.clear()
            try_again(own_database)
            team.start()
            wait_until(lambda: are_sent(own_database, 6))
    must_have_had_one_each(own_database, mail, addresses)
    assert sorted(mail.times.values()) == [1, 1, 1, 2, 2, 2]


def tried(database: Database) -> list[str]:
    """What is said of the mails that nobody is at now."""
    return sorted(item.last_error for item in waiting(database) if item.held_by is None)


@pytest.mark.parametrize("own_database", DATABASES[-1:], indirect=True)
def test_two_versions_side_by_side_send_each_mail_and_each_does_what_it_knows(
    own_database, mail, team, tmp_path
):
    addresses = tell(own_database, 3)
    put_in_line(own_database, "later", kind="later.step")
    later = later_version(tmp_path / "later", "pass")
    chores = later / "app" / "chores.py"
    knows = '\nKINDS = (\n    Kind("later.step", lambda task: None),'
    chores.write_text(chores.read_text("utf-8").replace("\nKINDS = (", knows), "utf-8")
    team.start()
    wait_until(lambda: [item.kind for item in left(own_database)] == ["later.step"])
    assert left(own_database)[0].fence == 0

    with own_database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :next"), {"next": NEXT})
    with team.running_at(later):
        wait_until(lambda: left(own_database) == [])
        addresses += tell(own_database, 6)
        gather(own_database)
        wait_until(lambda: are_sent(own_database, len(addresses)))

    must_have_had_one_each(own_database, mail, addresses)
    assert list(mail.times.values()) == [1] * len(addresses)


@pytest.mark.parametrize("own_database", DATABASES[:1], indirect=True)
def test_with_a_full_disk_what_was_sent_is_noted_when_there_is_room(own_database, mail, team):
    addresses = tell(own_database, 2)
    disk = Limited()
    with mail.holding(END) as (held,):
        worker = team.start()
        held.wait()
        disk.fill(worker.process.pid)
    wait_until(lambda: "did not answer" in worker.log)
    assert [one.sent_at for one in digests(own_database)] == [None, None]
    disk.empty(worker.process.pid)
    wait_until(lambda: are_sent(own_database, 2))

    must_have_had_one_each(own_database, mail, addresses)
    assert list(mail.times.values()) == [1, 1]


def test_postgresql_stopped_at_once_while_mail_is_sent_loses_none(mail, ahead, tmp_path):
    with own_postgresql() as server:
        settings = Settings(data_dir=tmp_path, database_url=server.url, _env_file=None)
        with closing(Database(settings)) as database:
            migrate(database)
            addresses = tell(database, 6)
            with workers(database, mail, tmp_path, ahead) as team:
                with mail.holding(END, "QUIT") as held:
                    for _ in range(2):
                        team.start()
                    for one in held:
                        one.wait()
                    server.stop_at_once()
                wait_until(lambda: all("did not answer" in worker.log for worker in team.started))
                server.start()
                database.close()  # The connections of the test itself are gone too.
                wait_until(lambda: are_sent(database, len(addresses)))
            must_have_had_one_each(database, mail, addresses)
            assert sum(mail.times.values()) <= len(addresses) + 2
