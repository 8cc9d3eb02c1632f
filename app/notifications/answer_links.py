"""The link in a mail by which a gift is acknowledged without signing in, where the municipality
allows it: good for one person, one gift as it is then, one answer, once, for so many days."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, delete

from app.changeable import ReceiptBy
from app.clock import local_day
from app.constraints import among
from app.db import BigId, UTCDateTime
from app.errors import Conflict, NotAllowed, NotFound, Stale
from app.eventlog import log
from app.eventlog.log import By
from app.handovers import lifecycle, policy, reading
from app.handovers.lifecycle import State, Step
from app.handovers.policy import Standing
from app.handovers.rules import settings_in
from app.handovers.service import answering
from app.handovers.service.deed import Asked
from app.insight.tasks import Verb
from app.notifications import answer_refusals as refusals
from app.notifications.content import MOST_LINES, Content
from app.people.events import PersonChanged
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows, Shown, rows_of
from app.units.line import line_in

GOOD_FOR = timedelta(days=14)
KNOWN_FOR = timedelta(days=60)
"""So long after that a link is told from one that was made up."""


class AnswerLink(SQLModel, table=True):
    """A link that was mailed to a person: only the hash of what is in it is kept. `version` is that
    of the handover when the mail was written."""

    __tablename__ = "answer_link"
    __table_args__ = (CheckConstraint(among("action", (Step.ACKNOWLEDGE,)), "action_is_known"),)

    hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=BigId)
    handover_id: int = Field(foreign_key="handover.id", sa_type=BigId)
    version: int
    action: str
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


@dataclass(frozen=True)
class Found:
    """A link that we made, whether it can be used or not."""

    link: AnswerLink
    person: Person

    @property
    def page(self) -> str:
        """Where all can be answered, and one is signed in."""
        return f"/handovers/{self.link.handover_id}"

    @property
    def signed(self) -> SignedIn:
        """As if they had shown who they are: for this one answer they have."""
        return SignedIn(self.person.key, self.person.name, frozenset(self.person.roles.split()))


def make(session: Session, *, content: Content, secret: str, now: datetime) -> Mapping[int, str]:
    """What stands in the link of each handover that the mail asks to acknowledge. A mail that is
    sent again, with the same secret, has the same links."""
    rows, tokens = Rows(session.connection()), {}
    for line in content.lines[:MOST_LINES]:
        if line.verb is not Verb.ACKNOWLEDGE or line.handover_id is None or line.version is None:
            continue
        bound = (Step.ACKNOWLEDGE, line.handover_id, line.version, content.person_id)
        token = _token(secret, bound)
        tokens[line.handover_id] = token
        rows.change(
            _ADD,
            {
                "hash": _hash(token),
                "person_id": content.person_id,
                "handover_id": line.handover_id,
                "version": line.version,
                "action": Step.ACKNOWLEDGE,
                "expires_at": now + GOOD_FOR,
            },
        )
    return tokens


def find(session: Session, token: str, *, is_locked: bool = False) -> Found:
    """UnknownLink where there is no such link, any more or ever."""
    link = session.get(
        AnswerLink, _hash(token), with_for_update={"key_share": True} if is_locked else None
    )
    person = None if link is None else session.get(Person, link.person_id)
    if link is None or person is None:
        raise refusals.UnknownLink
    return Found(link, person)


def offered(session: Session, found: Found, *, now: datetime) -> Shown:
    """The handover that the link acknowledges, as it stands. A LinkRefused that says what to do,
    where it cannot be used."""
    link = found.link
    if found.person.has_left:
        raise refusals.HasLeft
    if link.used_at is not None:
        raise refusals.IsAnswered(found.page)
    if settings_in(session).receipt_by is not ReceiptBy.MAIL:
        raise refusals.NotByMail(found.page)
    row = _theirs(rows_of(session), found, local_day(now))
    if row["acknowledged_at"] is not None and row["state"] in lifecycle.RECEIVED:
        raise refusals.IsAnswered(found.page)
    if link.expires_at <= now:
        raise refusals.TooOld(found.page)
    if row["state"] != State.DELIVERED or row["version"] != link.version:
        raise refusals.IsChanged(found.page)
    return row


def acknowledge(session: Session, found: Found, *, now: datetime) -> Shown:
    """Does what the link is for, in the name of whoever it was mailed to, who may do no more and
    no less than when they are signed in. A LinkRefused where it cannot be used, and then nothing
    is kept."""
    link = found.link
    row = offered(session, found, now=now)
    asked = Asked(found.signed, link.version)
    try:
        answering.acknowledge(session, asked, link.handover_id, is_from_mail=True, now=now)
    except (Stale, Conflict):
        raise refusals.IsChanged(found.page) from None
    except (NotFound, NotAllowed):
        raise refusals.NotTheirs from None
    link.used_at = now
    return row


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(AnswerLink).where(col(AnswerLink.expires_at) < now - KNOWN_FOR))


def forget(session: Session, event: PersonChanged, by: By, now: datetime) -> None:
    """What was mailed to an address that is not theirs any more, is good for nothing."""
    if "mail" in event.fields:
        session.execute(delete(AnswerLink).where(col(AnswerLink.person_id) == event.subject_id))


def _theirs(rows: Rows, found: Found, today: date) -> Shown:
    """The handover, where the person still answers for its unit, or owns it."""
    try:
        row = reading.one(rows, found.signed, found.link.handover_id, today=today)
    except NotFound:
        raise refusals.NotTheirs from None
    leads = line_in(rows, row["unit_id"], today=today).kind_of(found.person.key) is not None
    standing = Standing(leads=leads, owns=row["owner_id"] == found.person.key)
    if found.signed.is_auditor or policy.refusal(standing, Step.ACKNOWLEDGE):
        raise refusals.NotTheirs
    return row


def _token(secret: str, bound: tuple[Step, int, int, int]) -> str:
    action, handover_id, version, person_id = bound
    said = f"{action} handover {handover_id} at {version} by {person_id}"
    digest = hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


_FIELDS = ("hash", "person_id", "handover_id", "version", "action", "expires_at")
_ADD = Prepared(
    insert(AnswerLink)
    .values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_nothing(index_elements=["hash"])
)

log.follow(PersonChanged, forget)
