"""What the database and the disk say, whatever the server has said."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import TextClause, text
from sqlmodel import Session, SQLModel, select

from app.db import Database
from app.eventlog.models import Event
from app.follow_ups.models import FollowUp
from app.gifts.files import path_of
from app.gifts.models import Material
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.rest.idempotency import StoredAnswer
from app.settings import Settings
from tests.faults.stream import Sent

CHECKED = {
    "receipt": "handover.acknowledged",
    "follow-up": "follow_up.recorded",
    "upload": "gift.material_added",
}


def must_hold(settings: Settings, sent: list[Sent]) -> None:
    """Each request has had exactly one effect and one event, and there are no others."""
    database = Database(settings)
    try:
        with database.reading() as session:
            _must_be_whole(session, is_sqlite=database.is_sqlite)
            _must_be_done_once(session, sent)
        if not database.is_sqlite:
            indexes_must_know_their_rows(database)
    finally:
        database.close()


def files_must_match(settings: Settings, sent: Iterable[Sent]) -> None:
    """The content of each upload lies on the disk, under its own digest."""
    for request in sent:
        content = path_of(settings.files_dir, request.digest).read_bytes()
        assert hashlib.sha256(content).hexdigest() == request.digest


def _must_be_done_once(session: Session, sent: list[Sent]) -> None:
    effects = {
        "receipt": _receipts(session),
        "follow-up": _rows(session, select(FollowUp.note, FollowUp.id), "follow-up"),
        "upload": _uploads(session),
    }
    wanted: dict[str, Counter[object]] = {kind: Counter() for kind in effects}
    for request in sent:
        effect = {
            "receipt": request.subject,
            "follow-up": request.mark,
            "upload": (request.mark, request.digest),
        }[request.kind]
        wanted[request.kind][effect] += 1
    for kind, effect in effects.items():
        lost, doubled = wanted[kind] - effect, effect - wanted[kind]
        assert not lost, f"{kind} lost: {lost}"
        assert not doubled, f"{kind} doubled: {doubled}"
    answers = session.exec(select(StoredAnswer.key, StoredAnswer.status)).all()
    assert sorted(key for key, _ in answers) == sorted(request.mark for request in sent)
    assert {status for _, status in answers} <= {200, 201}


def _receipts(session: Session) -> Counter[object]:
    """The handovers, by how many times the log says that they were acknowledged."""
    acknowledged = select(Handover.id).where(Handover.state == State.ACKNOWLEDGED)
    told = Counter[object](_told(session, "receipt"))
    assert set(session.exec(acknowledged).all()) == set(told)
    return told


def _uploads(session: Session) -> Counter[object]:
    statement = select(Material.title, Material.digest, Material.id)
    told = Counter(
        event.data["material_id"]
        for event in session.exec(select(Event).where(Event.type == CHECKED["upload"]))
    )
    rows = session.exec(statement).all()
    assert told == Counter(row[2] for row in rows)
    return Counter((title, digest) for title, digest, _ in rows)


def _rows(session: Session, statement: object, kind: str) -> Counter[object]:
    rows = session.execute(statement).all()
    assert Counter(_told(session, kind)) == Counter(row[1] for row in rows)
    return Counter(row[0] for row in rows)


def _told(session: Session, kind: str) -> list[int]:
    return list(session.exec(select(Event.subject_id).where(Event.type == CHECKED[kind])).all())


def _must_be_whole(session: Session, *, is_sqlite: bool) -> None:
    if is_sqlite:
        assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        return
    for table in SQLModel.metadata.sorted_tables:
        _every_page_is_read(session, table.name)
        for key in table.foreign_keys:
            there, here = key.column, key.parent
            astray = (
                f"SELECT count(*) FROM {table.name} WHERE {here.name} IS NOT NULL AND NOT EXISTS"  # noqa: S608
                f" (SELECT 1 FROM {there.table.name} AS there"
                f" WHERE there.{there.name} = {table.name}.{here.name})"
            )
            assert session.execute(text(astray)).scalar_one() == 0, (table.name, here.name)


def _every_page_is_read(session: Session, table: str) -> None:
    """PostgreSQL checks the sum of each page that it reads."""
    session.execute(text(f"SELECT md5({table}::text) FROM {table}")).all()  # noqa: S608


def indexes_must_know_their_rows(database: Database) -> None:
    """PostgreSQL counts the rows themselves, and then by each index as the only one that it may
    use. What is changed for that, is never committed."""
    with database.writer.connect() as connection:
        indexes = connection.execute(_INDEXES).all()
        connection.execute(_WITHOUT_INDEXES)
        rows = [connection.execute(_count(*index)).scalar_one() for index in indexes]
        connection.execute(_BY_INDEX)
        for index, there in zip(indexes, rows, strict=True):
            connection.execute(_THE_ONLY_ONE, {"name": index.name})
            plan = connection.execute(_count(*index, "EXPLAIN ")).scalars().all()
            assert index.name in " ".join(plan), plan
            assert connection.execute(_count(*index)).scalar_one() == there, index.name


def _count(name: str, table: str, predicate: str, before: str = "") -> TextClause:
    return text(f'{before}SELECT count(*) AS "{name}" FROM {table} WHERE {predicate}')  # noqa: S608


_INDEXES = text(
    "SELECT CAST(indexrelid::regclass AS text) AS name, CAST(indrelid::regclass AS text),"
    " coalesce(pg_get_expr(indpred, indrelid), 'true') FROM pg_index"
    " JOIN pg_class ON pg_class.oid = indrelid"
    " WHERE relnamespace = CAST('public' AS regnamespace) ORDER BY name"
)
_WITHOUT_INDEXES = text(
    "SELECT set_config(way, 'off', true) FROM unnest(ARRAY['enable_indexscan',"
    " 'enable_indexonlyscan', 'enable_bitmapscan']) AS way"
)
_BY_INDEX = text(
    "SELECT set_config(way, chosen, true) FROM (VALUES ('enable_indexscan', 'on'),"
    " ('enable_indexonlyscan', 'on'), ('enable_seqscan', 'off')) AS ways (way, chosen)"
)
_THE_ONLY_ONE = text(
    "UPDATE pg_index SET indisvalid = (indexrelid = CAST(:name AS regclass)) WHERE indrelid ="
    " (SELECT indrelid FROM pg_index WHERE indexrelid = CAST(:name AS regclass))"
)
