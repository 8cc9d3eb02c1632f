"""API keys: `gvb_`, 32 random characters, 6 of checksum. Only the hash is stored."""

import hashlib
import secrets
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.errors import Conflict, Message, NotFound, NotSignedIn
from app.eventlog import log
from app.people.events import KeyMade, KeyRevoked
from app.people.models import ApiKey, Person
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows

PREFIX = "gvb_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 32, 6
USE_NOTED_WITHIN = timedelta(minutes=5)
CLOCK_WAS_WRONG = timedelta(days=1)
"""A use that lies so far ahead was noted by a wrong clock; one less far, by a request that was
quicker than ours."""


class Scope(StrEnum):
    """What a key is good for: nothing that its person may not do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True)
class KeyUse:
    """One use of a key: what it is good for, and whether its last use is already kept."""

    key_id: int
    scopes: frozenset[str]
    is_noted: bool


def make(
    session: Session,
    person_id: int,
    *,
    label: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None,
    by: log.By,
    now: datetime,
) -> tuple[ApiKey, str]:
    """The row and the key itself, which is shown this once and never kept."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    if person.has_left:
        raise Conflict(Message("%(name)s er her ikke mere.", name=person.name))
    secret = written("".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM)))
    key = ApiKey(
        person_id=person_id,
        label=label,
        start=secret[:10],
        hash=_hash(secret),
        scopes=" ".join(sorted(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    assert key.id is not None
    log.record(
        session,
        KeyMade(subject_id=key.id, person_id=log.PersonId(person_id), label=label),
        by,
        at=now,
    )
    return key, secret


def revoke(session: Session, key_id: int, *, by: log.By, now: datetime) -> ApiKey:
    """Ends the key at once; revoking twice is the same as once."""
    key = session.get(ApiKey, key_id, with_for_update=True)
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = now
        log.record(
            session,
            KeyRevoked(subject_id=key_id, person_id=log.PersonId(key.person_id), label=key.label),
            by,
            at=now,
        )
    return key


def revoke_all(session: Session, person_id: int, *, by: log.By, now: datetime) -> None:
    """Ends every key of the person at once."""
    statement = select(ApiKey.id).where(
        ApiKey.person_id == person_id, col(ApiKey.revoked_at).is_(None)
    )
    for key_id in session.exec(statement.order_by(col(ApiKey.id))).all():
        assert key_id is not None
        revoke(session, key_id, by=by, now=now)


def signed_in(rows: Rows, secret: str, *, now: datetime) -> tuple[SignedIn, KeyUse]:
    """Who holds the key, and the key's use. NotSignedIn with the reason a holder needs."""
    if not _is_well_formed(secret):
        raise NotSignedIn(Message("Nøglen er ikke skrevet rigtigt. Den begynder med gvb_."))
    row = rows.first(_BY_HASH, {"hash": _hash(secret)})
    if row is None:
        raise NotSignedIn(Message("Nøglen kendes ikke."))
    if row["revoked_at"] or row["left_at"]:
        raise NotSignedIn(Message("Nøglen er trukket tilbage."))
    if row["expires_at"] and row["expires_at"] <= now:
        raise NotSignedIn(Message("Nøglen er udløbet. Bed om en ny."))
    person = SignedIn(row["person_id"], row["name"], frozenset(row["roles"].split()))
    used_at = row["last_used_at"]
    is_noted = used_at is not None and -CLOCK_WAS_WRONG < now - used_at < USE_NOTED_WITHIN
    return person, KeyUse(row["id"], frozenset(row["scopes"].split()), is_noted)


def note_use(rows: Rows, key_id: int, *, now: datetime) -> None:
    """Keeps when the key was last used, to within `USE_NOTED_WITHIN`. A use that comes late sets
    nothing back, unless the clock was wrong."""
    before, after = now - USE_NOTED_WITHIN, now + CLOCK_WAS_WRONG
    rows.change(_NOTE_USE, {"key_id": key_id, "now": now, "before": before, "after": after})


def written(random: str) -> str:
    """The key as its holder reads it: the random part, with what recognises it before and after."""
    return PREFIX + random + _checksum(random)


def _is_well_formed(secret: str) -> bool:
    random, check = secret[len(PREFIX) : -_CHECK], secret[-_CHECK:]
    is_whole = secret.startswith(PREFIX) and len(secret) == len(PREFIX) + _RANDOM + _CHECK
    return is_whole and secret.isascii() and _checksum(random) == check


def _checksum(random: str) -> str:
    """CRC-32 in base 62: tells a mistyped key, and lets scanners recognise a leaked one."""
    number, letters = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        letters = _ALPHABET[digit] + letters
    return letters


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_BY_HASH = Prepared(
    columns(
        col(ApiKey.id),
        col(ApiKey.person_id),
        col(ApiKey.scopes),
        col(ApiKey.expires_at),
        col(ApiKey.revoked_at),
        col(ApiKey.last_used_at),
        col(Person.name),
        col(Person.roles),
        col(Person.left_at),
    )
    .join(Person, col(Person.id) == ApiKey.person_id)
    .where(col(ApiKey.hash) == bindparam("hash"))
)
_last_used_at = col(ApiKey.last_used_at)
_NOTE_USE = Prepared(
    update(ApiKey)
    .where(
        col(ApiKey.id) == bindparam("key_id"),
        or_(
            _last_used_at.is_(None),
            _last_used_at <= bindparam("before"),
            _last_used_at >= bindparam("after"),
        ),
    )
    .values(last_used_at=bindparam("now"))
)
