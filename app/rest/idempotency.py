"""Idempotency-Key: the answer is stored in the transaction of the effect, and given again."""

from collections.abc import Set
from datetime import datetime, timedelta

from fastapi import Response
from sqlalchemy import JSON, Column, LargeBinary, and_, bindparam, literal_column
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
    only the transaction that makes it can see."""

    __tablename__ = "stored_answer"

    person_id: int = Field(primary_key=True, sa_type=BigId)
    key: str = Field(primary_key=True, max_length=200)
    request: str
    digest: str
    status: int = 0
    headers: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class KeyUsedForAnother(Invalid):
    """The Idempotency-Key has been used for another request."""


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
    Each call also forgets a few answers that are older than `keep_days`, so that no job has to.
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
        raise KeyUsedForAnother(
            Fault(
                "idempotency_key_used",
                Message("Nøglen er brugt til en anden forespørgsel. Brug en ny til denne."),
                parameter="Idempotency-Key",
            )
        )
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


def _forget_some(rows: Rows, *, before: datetime) -> None:
    """Passes over those that another request is forgetting: nobody waits for that."""
    for old in rows.all(_OLDEST, {"before": before}):
        rows.change(_FORGET, {"of_person": old["person_id"], "of_key": old["key"]})


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
