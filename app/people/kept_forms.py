"""What somebody had typed when their session had ended: kept for a day, for nobody but them."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import JSON, Column, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, delete, select

from app.db import BigId, UTCDateTime
from app.people.models import Person, WebSession
from app.rows import Prepared, Rows, rows_of
from app.text import cpr_position

KEPT_FOR = timedelta(days=1)
_ADDRESS = re.compile(r"[a-z0-9/-]{1,200}")
"""Of a page of ours: nothing else is looked for or kept, which no database could hold."""

_TOKENS = frozenset({"csrf", "once", "press"})
"""Fields of letters and digits that mean nothing."""


class KeptForm(SQLModel, table=True):
    """`page` is where the form stands, and `action` where it is sent to."""

    __tablename__ = "kept_form"

    person_id: int = Field(foreign_key="person.id", primary_key=True, sa_type=BigId)
    page: str = Field(primary_key=True)
    action: str
    fields: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    kept_at: datetime = Field(sa_type=UTCDateTime, index=True)


@dataclass(frozen=True)
class Kept:
    action: str
    fields: Sequence[tuple[str, str]]


def keep(
    rows: Rows,
    secret: str,
    *,
    page: str,
    action: str,
    fields: Sequence[tuple[str, str]],
    drawn_for: str = "",
    now: datetime,
) -> bool:
    """Whether it was kept: only for the person whose session the cookie once was, so that nobody
    else fills the database, and not where it was `drawn_for` another, whom that person would read.
    What looks like a CPR number is kept nowhere. One form of each page; the last one counts."""
    if not (_ADDRESS.fullmatch(page) and _ADDRESS.fullmatch(action)):
        return False
    if any(cpr_position(value) for name, value in fields if name not in _TOKENS):
        return False
    digest = hashlib.sha256(secret.encode()).hexdigest()
    whose = rows.first(_WHOSE, {"hash": digest})
    if whose is None or drawn_for not in ("", str(whose["person_id"])):
        return False
    text = orjson.dumps([list(pair) for pair in fields]).decode()
    of_this = {"person_id": whose["person_id"], "page": page}
    rows.change(_KEEP, {**of_this, "action": action, "fields": text, "kept_at": now})
    return True


def find(rows: Rows, person_id: int, page: str, *, now: datetime) -> Kept | None:
    if not _ADDRESS.fullmatch(page):
        return None
    row = rows.first(_FIND, {"whose": person_id, "of_page": page, "since": now - KEPT_FOR})
    if row is None:
        return None
    return Kept(row["action"], [(name, value) for name, value in row["fields"]])


def forget_old(session: Session, *, now: datetime) -> None:
    """Those that nobody came back to."""
    rows_of(session).change(_FORGET_OLD, {"before": now - KEPT_FOR})


def forget(rows: Rows, person_id: int, action: str) -> None:
    """It has been sent."""
    rows.change(_FORGET, {"whose": person_id, "sent_to": action})


_WHOSE = Prepared(
    select(WebSession.person_id)
    .join(Person, col(Person.id) == WebSession.person_id)
    .where(col(WebSession.hash) == bindparam("hash"), col(Person.left_at).is_(None))
)
_FIND = Prepared(
    select(KeptForm.action, KeptForm.fields).where(
        col(KeptForm.person_id) == bindparam("whose"),
        col(KeptForm.page) == bindparam("of_page"),
        col(KeptForm.kept_at) > bindparam("since"),
    )
)
_added = insert(KeptForm).values(
    {name: bindparam(name) for name in ("person_id", "page", "action", "fields", "kept_at")}
)
_KEEP = Prepared(
    _added.on_conflict_do_update(
        index_elements=["person_id", "page"],
        set_={name: _added.excluded[name] for name in ("action", "fields", "kept_at")},
    )
)
_FORGET = Prepared(
    delete(KeptForm).where(
        col(KeptForm.person_id) == bindparam("whose"), col(KeptForm.action) == bindparam("sent_to")
    )
)
_FORGET_OLD = Prepared(delete(KeptForm).where(col(KeptForm.kept_at) < bindparam("before")))
