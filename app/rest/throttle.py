"""How often something may be asked for: counted in our own database, so that it holds however many
servers there are."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address, ip_network

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete

from app.db import UTCDateTime
from app.errors import TooMany
from app.rows import Prepared, Rows


class RateCount(SQLModel, table=True):
    """How many there were of one kind, about one subject, in the window that began then."""

    __tablename__ = "rate_count"

    kind: str = Field(primary_key=True)
    subject_hash: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=UTCDateTime, primary_key=True)
    count: int


@dataclass(frozen=True)
class Limit:
    """So many of a kind in each window; windows follow one another without a gap."""

    kind: str
    most: int
    within: timedelta

    @cached_property
    def policy(self) -> str:
        return f'"{self.kind}";q={self.most};w={round(self.within.total_seconds())}'

    def began(self, now: datetime) -> datetime:
        """When the window of `now` did."""
        seconds = self.within.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)

    def allowance(self, remaining: int, *, now: datetime) -> "Allowance":
        reset_after = (self.began(now) + self.within - now).total_seconds()
        return Allowance(self, remaining, max(1, math.ceil(reset_after)))


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit after this one; `reset_after` is whole seconds until a new window."""

    limit: Limit
    remaining: int
    reset_after: int

    @property
    def is_exceeded(self) -> bool:
        return self.remaining < 0

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit header fields for HTTP (draft-ietf-httpapi-ratelimit-headers)."""
        headers = {"RateLimit-Policy": self.limit.policy, "RateLimit": self._left}
        if self.is_exceeded:
            headers["Retry-After"] = str(self.reset_after)
        return headers

    @property
    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The same as they go over the wire, for what is answered thousands of times a second and
        is never exceeded."""
        policy, left = self.limit.policy.encode(), self._left.encode()
        return [(b"ratelimit-policy", policy), (b"ratelimit", left)]

    @property
    def _left(self) -> str:
        return f'"{self.limit.kind}";r={max(self.remaining, 0)};t={self.reset_after}'


def place_of(host: str) -> str:
    """Where somebody is, as far as limits go: of IPv6, the network that one home is given."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ip_network((address, 64), strict=False).network_address)


Counted = tuple[Limit, str]
"""A limit, and the subject that it is counted for."""


def must_be_few(rows: Rows, counted: Iterable[Counted], *, now: datetime) -> dict[str, str]:
    """Counts one more under each limit, and gives the headers that tell of the tightest. TooMany
    where there were too many."""
    allowances = [count(rows, limit, subject, now=now) for limit, subject in counted]
    if not allowances:
        return {}
    tightest = min(allowances, key=lambda allowance: allowance.remaining)
    if tightest.is_exceeded:
        raise TooMany(tightest.headers)
    return tightest.headers


def count(rows: Rows, limit: Limit, subject: str, *, times: int = 1, now: datetime) -> Allowance:
    """Counts so many more about the subject, exactly: two at once are two. Forgets the windows that
    are over, so that no job has to."""
    began = limit.began(now)
    subject_hash = hashlib.sha256(subject.encode()).hexdigest()
    key = {"kind": limit.kind, "subject_hash": subject_hash, "began_at": began}
    found = rows.first(_COUNT, {**key, "times": times})
    assert found is not None
    if found["count"] == times:
        rows.change(_FORGET, {"of_kind": limit.kind, "before": began - limit.within})
    return limit.allowance(limit.most - found["count"], now=now)


_SO_MANY_MORE = insert(RateCount).values(
    kind=bindparam("kind"),
    subject_hash=bindparam("subject_hash"),
    began_at=bindparam("began_at"),
    count=bindparam("times"),
)
_COUNT = Prepared(
    _SO_MANY_MORE.on_conflict_do_update(
        index_elements=["kind", "subject_hash", "began_at"],
        set_={"count": col(RateCount.count) + _SO_MANY_MORE.excluded.count},
    ).returning(col(RateCount.count))
)
_FORGET = Prepared(
    delete(RateCount).where(
        col(RateCount.kind) == bindparam("of_kind"), col(RateCount.began_at) < bindparam("before")
    )
)
