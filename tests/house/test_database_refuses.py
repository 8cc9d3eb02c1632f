"""The database itself refuses what the domain forbids, whoever writes it and in whatever tool."""

import logging
import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.db import Database
from app.errors import Conflict
from app.follow_ups.models import Better, FollowUp, Health
from app.gifts.models import Gift, Material, MaterialKind
from app.handovers.lifecycle import ENDED, State
from app.handovers.models import Handover, Kind, Note, Ownership, Side
from app.migrating import migrate
from app.revisions import FOLDER
from app.tables import metadata
from app.units.models import PostKind
from app.webhooks.models import WebhookAttempt
from tests.conftest import NOON
from tests.house.broken import EVERY, Broken
from tests.house.older_tables import with_later_columns
from tests.make import Make
from tests.webhooks import made as webhooks

TO_THE_FIRST = f"-{len(list(ScriptDirectory(str(FOLDER)).walk_revisions())) - 1}"
KEYS = {
    "edition": "gift_id",
    "mail_choice": "person_id",
    "event_set_aside": "event_id",
    "answer_link": "hash",
}
"""What a row of these is known by."""


def rows(make: Make, broken: Broken) -> int | str:
    """A row of the table, as right as can be, with what it hangs on; its id."""
    if broken.state is not None:
        return make.handover(state=broken.state).key
    made = {
        "unit": lambda: make.unit(parent_id=make.unit().key),
        "person": make.person,
        "network": make.network,
        "gift": make.gift,
        "edition": make.gift,
        "material": lambda: _file(make),
        "member": lambda: make.member(make.network(), make.person()),
        "post": lambda: make.post(make.unit(), make.person(), kind=PostKind.LEADER),
        "follow_up": lambda: _follow_up(make),
        "note": lambda: _note(make),
        "ownership": lambda: _ownership(make),
        "web_session": lambda: make.web_session(make.person()),
        "scim_account": lambda: make.scim_account(make.person()),
        "scim_group": make.scim_group,
        "import_run": lambda: make.import_run(make.person()),
        "work_item": make.work_item,
        "mail_choice": lambda: make.mail_choice(make.person()),
        "answer_link": lambda: make.answer_link(make.person(), make.handover()),
        "reminder": lambda: make.reminder(make.handover()),
        "notification": lambda: make.message(make.person(), make.handover()),
        "webhook": lambda: webhooks.webhook(make),
        "webhook_delivery": lambda: webhooks.delivery(make, webhooks.webhook(make)),
        "webhook_attempt": lambda: _attempt(make),
        "event_set_aside": lambda: make.event_set_aside(make.handover()),
    }
    row = made[broken.table]()
    return row.id if broken.table == "edition" else getattr(row, KEYS.get(broken.table, "id"))


def write(session: Session, broken: Broken, row_id: int | str) -> None:
    key = KEYS.get(broken.table, "id")
    change = f"UPDATE {broken.table} SET {broken.change} WHERE {key} = :id"  # noqa: S608
    assert session.execute(text(change), {"id": row_id}).rowcount == 1


def _attempt(make: Make) -> WebhookAttempt:
    return webhooks.attempt(make, webhooks.delivery(make, webhooks.webhook(make)))


@pytest.mark.parametrize("broken", EVERY, ids=str)
def test_what_breaks_a_rule_is_refused_by_name(session: Session, make: Make, broken: Broken):
    row_id = rows(make, broken)
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        write(session, broken, row_id)
    assert re.search(rf"\b{broken.rule}\b", str(refused.value.orig))


def test_every_rule_of_the_tables_is_tried():
    rules = {
        str(constraint.name)
        for table in metadata().tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert rules == {broken.rule for broken in EVERY}


def test_the_database_has_every_rule_that_the_tables_say_and_no_other(database: Database):
    inspector = inspect(database.writer)
    for table in metadata().tables.values():
        said = {
            str(constraint.name): _words(constraint.sqltext)
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        there = {
            str(constraint["name"]): _words(constraint["sqltext"])
            for constraint in inspector.get_check_constraints(table.name)
        }
        assert there.keys() == said.keys()
        if database.is_sqlite:  # PostgreSQL says the same in other words.
            assert there == said
        indexes = {str(index.name) for index in table.indexes}
        assert indexes <= {str(index["name"]) for index in inspector.get_indexes(table.name)}


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_a_gift_is_with_a_unit_once_at_a_time(session: Session, make: Make, state: State):
    first = make.handover(state=state)
    gift, unit_id = session.get_one(Gift, first.gift_id), first.unit_id
    for ended in sorted(ENDED):
        _to(make, gift, unit_id, state=ended)
    with pytest.raises(IntegrityError), session.begin_nested():
        _to(make, gift, unit_id, state=State.DRAFT)


def test_a_gift_has_one_lead_receiver_at_a_time(session: Session, make: Make):
    gift = make.gift()
    make.handover(gift=gift, kind=Kind.LEAD, state=State.DECLINED)
    make.handover(gift=gift, kind=Kind.LEAD)
    make.handover(gift=gift, kind=Kind.CO)
    with pytest.raises(IntegrityError), session.begin_nested():
        make.handover(gift=gift, kind=Kind.LEAD, state=State.ANCHORED)


def test_a_handover_has_one_owner_at_a_time(session: Session, make: Make):
    handover = make.handover(state=State.ACCEPTED)
    person_id = make.person().key
    past = Ownership(handover_id=handover.key, person_id=person_id, from_at=NOON, to_at=NOON)
    session.add(past)
    session.flush()
    session.add(Ownership(handover_id=handover.key, person_id=person_id, from_at=NOON))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_a_handover_is_of_an_edition_that_the_gift_has(session: Session, make: Make):
    handover = make.handover()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE handover SET edition = 2"))
    assert session.get_one(Handover, handover.key).edition == 1


def test_what_is_pointed_at_is_not_taken_away(session: Session, make: Make):
    make.handover(state=State.ACCEPTED)
    for table in ("person", "unit", "gift", "network", "edition", "handover"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


def test_the_log_is_guarded(database: Database):
    """The triggers are tried in tests/eventlog; a table that is made anew must not lose them."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal"
    )
    with database.reader.connect() as connection:
        there = set(connection.execute(text(query)).scalars())
    last = "event_is_never_replaced" if database.is_sqlite else "event_is_never_emptied"
    assert there == {"event_is_never_changed", "event_is_never_deleted", last}


@pytest.mark.parametrize(
    ("change", "status", "level"),
    [
        ("UPDATE person SET name = ''", 500, logging.ERROR),
        ("UPDATE person SET name = NULL", 500, logging.ERROR),
        ("UPDATE person SET mail = 'same@lindborg.example'", 409, logging.WARNING),
        ("UPDATE person SET unit_id = 4711", 409, logging.WARNING),
    ],
)
def test_who_asked_hears_whether_to_try_again_and_the_log_which_rule_it_was(
    app, client, session, make, caplog, change, status, level
):
    make.person(), make.person(mail="signe@lindborg.example")

    def refused() -> None:
        with session.begin_nested():
            session.execute(text(change))

    app.add_api_route("/refused", refused)
    try:
        answer = client.get("/refused")
    finally:
        app.router.routes.pop()
    assert answer.status_code == status
    (logged,) = [record for record in caplog.records if record.name == "app.rest.problems"]
    assert logged.levelno == level
    assert "signe@lindborg.example" not in logged.getMessage()


def test_rows_that_break_a_rule_already_are_named_and_nothing_is_changed(own_database: Database):
    migrate(own_database, TO_THE_FIRST)
    written = {}
    with with_later_columns(own_database), own_database.writing() as session:
        make = Make(session, now=NOON)
        for broken in EVERY:
            if broken.rule in _OLD | _OF_LATER_COLUMNS or broken.table in _LATER:
                continue
            row_id = rows(make, broken)
            write(session, broken, row_id)
            written[broken] = row_id
        gift, unit = make.gift(), make.unit()
        twice = [make.handover(gift=gift, unit=unit, kind=Kind.LEAD).key for _ in range(2)]
        astray = make.handover(edition=9).key
        owned = make.handover(state=State.ACCEPTED)
        session.add(Ownership(handover_id=owned.key, person_id=owned.owner_id, from_at=NOON))
    before = _schema(own_database)

    with pytest.raises(Conflict) as refused:
        migrate(own_database)

    said = str(refused.value.detail.values["reason"])
    for broken, row_id in written.items():
        rule = broken.rule.removeprefix(f"ck_{broken.table}_")
        (told,) = re.findall(rf"{broken.table} ([\d, ]+) \({rule}\)", said)
        assert str(row_id) in told.split(", ")
    both = ", ".join(map(str, twice))
    for rule in ("uq_handover_open", "uq_handover_lead"):
        assert f"handover {both} ({rule})" in said
    assert f"handover {astray} (fk_handover_gift_id_edition)" in said
    assert "(uq_ownership_present)" in said
    assert _schema(own_database) == before


_OLD = {
    "ck_handover_pauses_are_counted",
    "ck_member_ends_after_it_begins",
    "ck_network_ends_after_it_starts",
    "ck_post_ends_after_it_begins",
    "ck_unit_not_its_own_parent",
}
"""The first tables refused these already."""
_OF_LATER_COLUMNS = {"ck_handover_requested_by_somebody", "ck_handover_request_is_written"}
"""The first tables had nothing that could break these."""
_LATER = {"import_run", "web_session", "scim_account", "scim_group", "work_item"} | {
    "mail_choice",
    "reminder",
    "notification",
    "event_set_aside",
    "webhook",
    "webhook_delivery",
    "webhook_attempt",
    "answer_link",
}
"""The first tables are without these."""


def test_a_few_rows_are_named_and_the_rest_are_counted(own_database: Database):
    migrate(own_database, TO_THE_FIRST)
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        for _ in range(25):
            make.unit()
        session.execute(text("UPDATE unit SET name = ''"))
    with pytest.raises(Conflict) as refused:
        migrate(own_database)
    said = str(refused.value.detail.values["reason"])
    assert re.search(r"unit (\d+, ){19}\d+ and 5 more \(has_a_name\)", said)


def test_nobody_begins_to_migrate_to_tables_that_are_not_known(own_database: Database):
    with pytest.raises(Conflict, match="9999"):
        migrate(own_database, "9999")


def _to(make: Make, gift: Gift, unit_id: int, *, state: State) -> Handover:
    return make.handover(gift=gift, unit=make.unit(), state=state, unit_id=unit_id)


def _ownership(make: Make) -> Ownership:
    handover = make.handover(state=State.ACCEPTED)
    owned = select(Ownership).where(Ownership.handover_id == handover.key)
    return make.session.exec(owned).one()


def _file(make: Make) -> Material:
    row = Material(
        gift_id=make.gift().key,
        kind=MaterialKind.FILE,
        title="Dagsorden",
        filename="dagsorden.txt",
        media_type="text/plain",
        size=3,
        digest="0" * 64,
        added_at=NOON,
    )
    return _added(make.session, row)


def _follow_up(make: Make) -> FollowUp:
    handover = make.handover(state=State.ACCEPTED)
    row = FollowUp(
        handover_id=handover.key,
        author_id=handover.owner_id,
        due_on=NOON.date(),
        done_at=NOON,
        health=Health.GOING_WELL,
        note="Det går.",
        better=Better.YES,
        created_at=NOON,
    )
    return _added(make.session, row)


def _note(make: Make) -> Note:
    handover, author = make.handover(), make.person()
    row = Note(
        handover_id=handover.key, author_id=author.key, side=Side.OTHER, text="Hej.", at=NOON
    )
    return _added(make.session, row)


def _added(session: Session, row):
    session.add(row)
    session.flush()
    return row


def _words(rule: object) -> str:
    return " ".join(str(rule).split())


def _schema(database: Database) -> list[tuple]:
    query = (
        "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        if database.is_sqlite
        else "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint ORDER BY 1, 2"
    )
    with database.reader.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]
