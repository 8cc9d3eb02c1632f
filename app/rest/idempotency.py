"""Idempotency-Key: the answer is stored in the transaction of the effect, and given again."""

from datetime import datetime, timedelta

from fastapi import Response
from sqlalchemy import JSON, Column, LargeBinary
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, delete, select, tuple_, update

from app.db import BigId, UTCDateTime
from app.errors import Conflict, Fault, Invalid, Message

_KEPT_HEADERS = ("ETag", "Location", "Content-Type", "Cache-Control")


class StoredAnswer(SQLModel, table=True):
    """The first answer to a key, per person. `status` is 0 while the answer is being made."""

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
    request: str,
    digest: str,
    now: datetime,
    keep_days: int,
) -> Response | None:
    """The stored answer, or None when this is the first time and the key is now ours.

    A second request with the same key waits here until the first has ended. Each call also
    forgets a few answers that are older than `keep_days`, so that no job has to.
    """
    _forget_some(session, before=now - timedelta(days=keep_days))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    claim = insert(StoredAnswer).values(
        person_id=person_id,
        key=key,
        request=request,
        digest=digest,
        status=0,
        headers={},
        body=b"",
        at=now,
    )
    claimed = session.execute(claim.on_conflict_do_nothing().returning(col(StoredAnswer.key)))
    if claimed.first():
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
    if stored.status == 0:
        raise Conflict(Message("Den samme forespørgsel er i gang. Prøv igen om lidt."))
    headers = {**stored.headers, "Idempotency-Replayed": "true"}
    return Response(stored.body, stored.status, headers)


def keep(session: Session, person_id: int, key: str, response: Response) -> None:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    session.flush()
    session.execute(
        update(StoredAnswer)
        .where(col(StoredAnswer.person_id) == person_id, col(StoredAnswer.key) == key)
        .values(status=response.status_code, headers=headers, body=bytes(response.body))
    )


def _forget_some(session: Session, *, before: datetime) -> None:
    """Passes over those that another request is forgetting: nobody waits for that."""
    old = select(StoredAnswer.person_id, StoredAnswer.key).where(col(StoredAnswer.at) < before)
    oldest = old.order_by(col(StoredAnswer.at)).limit(_FORGOTTEN_AT_A_TIME)
    rows = session.exec(oldest.with_for_update(skip_locked=True)).all()
    if rows:
        same = tuple_(col(StoredAnswer.person_id), col(StoredAnswer.key))
        session.execute(delete(StoredAnswer).where(same.in_(rows)))


_FORGOTTEN_AT_A_TIME = 10
