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

from app.clock import local_day
from app.errors import Conflict, Message, NotFound, NotSignedIn
from app.eventlog import log
from app.people.events import KeyMade, KeyRefusal, KeyRevoked, KeyUsed
from app.people.models import ApiKey, Person
from app.people.noted import AN_HOUR, Note, limit_of, note_of
from app.people.signed_in import SignedIn
from app.rest.throttle import Limit
from app.rows import Prepared, Rows, rows_of

PREFIX = "gvb_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK, _START = 32, 6, 10
USE_NOTED_WITHIN = timedelta(minutes=5)
CLOCK_WAS_WRONG = timedelta(days=1)
"""A use that lies so far ahead was noted by a wrong clock; one less far, by a request that was
quicker than ours."""


class Scope(StrEnum):
    """What a key is good for: nothing that its person may not do. But `scim` is the directory's,
    whoever it works as."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    SCIM = "scim"


@dataclass(frozen=True)
class KeyUse:
    """One use of a key: what it is good for, and whether its last use is already kept."""

    key_id: int
    scopes: frozenset[str]
    is_noted: bool


@dataclass(frozen=True)
class RefusedKey:
    """A key that opened nothing: `start` is what it is known by, and never the key itself."""

    start: str
    reason: str
    key_id: int | None = None
    person_id: int | None = None


ONE_KEY = Limit("refused-key", 1, AN_HOUR)
UNKNOWN_KEYS = limit_of("unknown-keys")


class KeyRefused(NotSignedIn):
    """A key that opened nothing."""

    def __init__(self, detail: Message, key: RefusedKey) -> None:
        super().__init__(detail)
        self.key = key


@note_of.register
def _(refused: KeyRefused) -> Note:
    """A key that is known is one of few."""
    key, each = refused.key, (ONE_KEY, refused.key.start)
    event = KeyRefusal(
        subject_id=key.key_id or 0,
        start=key.start,
        reason=key.reason,
        person_id=None if key.person_id is None else log.PersonId(key.person_id),
    )
    return Note(event, [each] if key.key_id else [each, (UNKNOWN_KEYS, "")])


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
    person = session.get(
        Person, person_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if person is None:
        raise NotFound
    if person.has_left:
        raise Conflict(Message("%(name)s er her ikke mere.", name=person.name))
    secret = written("".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM)))
    key = ApiKey(
        person_id=person_id,
        label=label,
        start=secret[:_START],
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
    key = session.get(ApiKey, key_id, with_for_update={"key_share": True})
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
    start = secret[:_START]
    if row is None:
        raise KeyRefused(Message("Nøglen kendes ikke."), RefusedKey(start, "unknown"))
    if row["revoked_at"] or row["left_at"]:
        refused = RefusedKey(start, "revoked", row["id"], row["person_id"])
        raise KeyRefused(Message("Nøglen er trukket tilbage."), refused)
    if row["expires_at"] and row["expires_at"] <= now:
        refused = RefusedKey(start, "expired", row["id"], row["person_id"])
        raise KeyRefused(Message("Nøglen er udløbet. Bed om en ny."), refused)
    person = SignedIn(row["person_id"], row["name"], frozenset(row["roles"].split()))
    used_at = row["last_used_at"]
    is_noted = used_at is not None and -CLOCK_WAS_WRONG < now - used_at < USE_NOTED_WITHIN
    return person, KeyUse(row["id"], frozenset(row["scopes"].split()), is_noted)


def note_use(session: Session, key_id: int, *, now: datetime) -> None:
    """Keeps when the key was last used, to within `USE_NOTED_WITHIN`, and tells of the first use on
    a day. A use that comes late sets nothing back, unless the clock was wrong."""
    rows = rows_of(session)
    key = rows.first(_USED, {"key_id": key_id})
    before, after = now - USE_NOTED_WITHIN, now + CLOCK_WAS_WRONG
    times = {"now": now, "before": before, "after": after}
    is_ours = rows.change(_NOTE_USE, {"key_id": key_id, **times}) == 1
    if key is None or not is_ours:
        return
    if key["last_used_at"] is None or local_day(key["last_used_at"]) != local_day(now):
        person_id = log.PersonId(key["person_id"])
        used = KeyUsed(subject_id=key_id, person_id=person_id, label=key["label"])
        log.record(session, used, log.By(person_id), at=now)


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
_USED = Prepared(
    columns(_last_used_at, col(ApiKey.person_id), col(ApiKey.label)).where(
        col(ApiKey.id) == bindparam("key_id")
    )
)
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
