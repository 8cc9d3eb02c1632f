"""What the product does by itself: what is to be forgotten is, also where nobody comes."""

import os
from datetime import timedelta

import pytest
from sqlmodel import select

from app import clock
from app.chores import KINDS, SCHEDULES, worker_on
from app.importing.models import ImportRun
from app.importing.runs import KEPT_DAYS
from app.insight import work_words
from app.people.kept_forms import KEPT_FOR, KeptForm
from app.rest.idempotency import StoredAnswer
from app.work.models import WorkTick
from tests.databases import DATABASES
from tests.make import Make
from tests.work.steps import left


@pytest.fixture
def worker(own_database):
    return worker_on(own_database, own_database.info["settings"])


def do_all(worker):
    worker.hear_ticks()
    while worker.do_one():
        continue


def test_every_schedule_is_of_a_kind_that_is_known():
    assert {schedule.kind for schedule in SCHEDULES} <= {kind.name for kind in KINDS}
    assert len({schedule.name for schedule in SCHEDULES}) == len(SCHEDULES)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_every_kind_has_plain_words_for_an_administrator():
    assert {kind.name for kind in KINDS} <= set(work_words.KINDS)


def test_after_90_days_files_and_what_was_found_in_them_are_forgotten(own_database, worker):
    folder, now = own_database.info["settings"].imports_dir, clock.now()
    long_ago = now - timedelta(days=KEPT_DAYS, minutes=1)
    with own_database.writing() as session:
        make = Make(session, now=now)
        person = make.person()
        old = make.import_run(person, b"gammel", uploaded_at=long_ago)
        not_yet = now - timedelta(days=KEPT_DAYS) + timedelta(minutes=5)
        young = make.import_run(person, b"ung", uploaded_at=not_yet)
    unfinished = folder / "unfinished-1"
    unfinished.write_bytes(b"")
    for path, at in ((folder / old.digest, old.uploaded_at), (unfinished, long_ago)):
        os.utime(path, (at.timestamp(), at.timestamp()))

    do_all(worker)

    with own_database.reading() as session:
        assert session.exec(select(ImportRun.id)).all() == [young.id]
    assert [path.name for path in folder.iterdir()] == [young.digest]
    assert left(own_database) == []


def test_what_was_typed_is_forgotten_after_a_day(own_database, worker):
    now = clock.now()
    with own_database.writing() as session:
        person = Make(session, now=now).person()
        for page, age in (("/old", KEPT_FOR), ("/new", KEPT_FOR - timedelta(minutes=5))):
            form = {"page": page, "action": page, "fields": [], "kept_at": now - age}
            session.add(KeptForm(person_id=person.key, **form))

    do_all(worker)

    with own_database.reading() as session:
        assert session.exec(select(KeptForm.page)).all() == ["/new"]


def test_answers_to_repeated_keys_are_forgotten_also_where_nobody_repeats_any(own_database, worker):
    now = clock.now()
    kept_for = timedelta(days=own_database.info["settings"].idempotency_days)
    with own_database.writing() as session:
        person = Make(session, now=now).person()
        ages = {f"old {number}": kept_for + timedelta(minutes=1) for number in range(25)}
        for key, age in {**ages, "young": kept_for - timedelta(minutes=5)}.items():
            asked = {
                "request": "POST /",
                "digest": "",
                "headers": {},
                "body": b"Ida",
                "status": 201,
            }
            session.add(StoredAnswer(person_id=person.key, key=key, at=now - age, **asked))

    do_all(worker)

    with own_database.reading() as session:
        assert session.exec(select(StoredAnswer.key)).all() == ["young"]


@pytest.mark.parametrize("own_database", DATABASES[:1], indirect=True)
def test_the_same_tick_brings_nothing_more(own_database, worker):
    do_all(worker)
    worker._heard.clear()
    worker.hear_ticks()
    with own_database.reading() as session:
        assert len(session.exec(select(WorkTick)).all()) == len(SCHEDULES)
    assert not worker.do_one()
