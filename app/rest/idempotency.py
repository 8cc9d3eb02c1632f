"""Idempotency-Key: the answer is stored in the transaction of the effect, and given again."""

from collections.abc import Collection, Set
from datetime import datetime, timedelta
from html import escape

from fastapi import Response
from sqlalchemy import (
    JSON,
    Column,
    LargeBinary,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from app.db import BigId, UTCDateTime
from app.errors import Fault, Invalid, Message, NotAllowed
from app.rest.bodies import dumped
from app.rows import Prepared, Rows, rows_of

_GIVEN_TO = "Given-To"
"""Kept with the headers, and not sent: the roles of whoever was answered."""
_KEPT_HEADERS = ("ETag", "Location", "Content-Type", "Cache-Control", "X-Content-Type-Options")


class StoredAnswer(SQLModel, table=True):
    """The first answer to a key, per person. `status` is 0 while the answer is being made, which
    only the transaction that makes it can see; and FORGOTTEN where only that it was given is still
    known, so that nothing is done twice."""

    __tablename__ = "stored_answer"

    person_id: int = Field(primary_key=True, sa_type=BigId)
    key: str = Field(primary_key=True, max_length=200)
    request: str
    digest: str
    status: int = 0
    headers: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UTCDateTime, index=True)


FORGOTTEN = 410


class KeyUsedForAnother(Invalid):
    """The Idempotency-Key has been used for another request."""


class AnswerForgotten(Invalid):
    """What was asked for has been done, and the answer is kept no more."""


def replay(
    session: Session,
    person_id: int,
    key: str,
    *,
    roles: Set[str],
    request: str,
    digest: str,
    now: datetime,
    keep_days: int,
) -> Response | None:
    """The stored answer, or None when this is the first time and the key is now ours.

    A second request with the same key waits here until the first has ended. What was answered to
    roles that the person lacks now, or that another key of theirs does not carry, is NotAllowed.
    Each call also forgets a few answers that are older than `keep_days`, before a worker comes.
    """
    rows = rows_of(session)
    _forget_some(rows, before=now - timedelta(days=keep_days))
    claimed = rows.change(
        _CLAIM,
        {"person_id": person_id, "key": key, "request": request, "digest": digest, "at": now},
    )
    if claimed:
        return None
    stored = session.exec(
        select(StoredAnswer).where(StoredAnswer.person_id == person_id, StoredAnswer.key == key)
    ).one()
    if (stored.request, stored.digest) != (request, digest):
        raise KeyUsedForAnother(_fault("idempotency_key_used", _USED))
    if stored.status == FORGOTTEN:
        raise AnswerForgotten(_fault("idempotency_answer_forgotten", _FORGOTTEN))
    headers = dict(stored.headers)
    if not roles >= set(headers.pop(_GIVEN_TO, "").split()):
        raise NotAllowed(_WAS_ALLOWED_MORE)
    return Response(stored.body, stored.status, {**headers, "Idempotency-Replayed": "true"})


def keep(rows: Rows, person_id: int, key: str, response: Response, *, roles: Set[str]) -> None:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    headers[_GIVEN_TO] = " ".join(sorted(roles))
    rows.change(
        _KEEP,
        {
            "of_person": person_id,
            "of_key": key,
            "status": response.status_code,
            "headers": dumped(headers).decode(),
            "body": bytes(response.body),
        },
    )


def forget_person(rows: Rows, person_id: int, texts: Collection[str]) -> None:
    """What they were answered is gone: they ask no more. What others were answered is emptied where
    it names them, or may: where their id, or what has the same one, is in it. Those keys stay used.
    """
    rows.connection.execute(delete(StoredAnswer).where(col(StoredAnswer.person_id) == person_id))
    needles = {f'id":{person_id}{end}'.encode() for end in ",}"}
    for text in texts:
        needles |= {dumped(text)[1:-1], escape(text).encode()}
    # By its own name, PostgreSQL's takes the two as SQLite's does.
    place = func.instr if rows.is_sqlite else func.pg_catalog.position
    body = col(StoredAnswer.body)
    named = or_(*(place(body, literal(needle, LargeBinary)) > 0 for needle in sorted(needles)))
    emptied = {"status": FORGOTTEN, "headers": {}, "body": b""}
    rows.connection.execute(
        update(StoredAnswer).where(col(StoredAnswer.status) != 0, named).values(**emptied)
    )


def forget_old(session: Session, *, now: datetime, keep_days: int) -> bool:
    """So many at a time; whether these were the last."""
    return _forget_some(rows_of(session), before=now - timedelta(days=keep_days)) == 0


def _fault(code: str, detail: Message) -> Fault:
    return Fault(code, detail, parameter="Idempotency-Key")


def _forget_some(rows: Rows, *, before: datetime) -> int:
    """How many. Passes over those that another request is forgetting: nobody waits for that."""
    oldest = rows.all(_OLDEST, {"before": before})
    for old in oldest:
        rows.change(_FORGET, {"of_person": old["person_id"], "of_key": old["key"]})
    return len(oldest)


_USED = Message("Nøglen er brugt til en anden forespørgsel. Brug en ny til denne.")
_FORGOTTEN = Message(
    "Det er gjort, men svaret er glemt, fordi nogen, der kan være nævnt i det, er glemt. Se efter,"
    " hvordan det er nu, før du gør noget igen."
)
_WAS_ALLOWED_MORE = Message(
    "Svaret blev givet, da du måtte mere, end du må her. Det, der blev gjort, står ved magt."
)
_FORGOTTEN_AT_A_TIME = 10
_is_this = and_(
    col(StoredAnswer.person_id) == bindparam("of_person"),
    col(StoredAnswer.key) == bindparam("of_key"),
)
_OLDEST = Prepared(
    select(StoredAnswer.person_id, StoredAnswer.key)
    .where(col(StoredAnswer.at) < bindparam("before"))
    .order_by(col(StoredAnswer.at))
    .limit(_FORGOTTEN_AT_A_TIME)
    .with_for_update(skip_locked=True)
)
_FORGET = Prepared(delete(StoredAnswer).where(_is_this))
_CLAIM = Prepared(
    insert(StoredAnswer)
    .values(
        person_id=bindparam("person_id"),
        key=bindparam("key"),
        request=bindparam("request"),
        digest=bindparam("digest"),
        status=0,
        headers=literal_column("'{}'"),
        body=literal_column("''"),
        at=bindparam("at"),
    )
    .on_conflict_do_nothing()
)
_KEEP = Prepared(
    update(StoredAnswer)
    .where(_is_this)
    .values(status=bindparam("status"), headers=bindparam("headers"), body=bindparam("body"))
)
