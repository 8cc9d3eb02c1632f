"""Every SELECT on handovers. A draft is seen only by its network and the secretariat, and the one
that a unit asked for by the unit; what has been announced or delivered, by everyone signed in."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, true
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.eventlog.models import Event
from app.gifts.models import Gift
from app.handovers.events import HandoverPassedOn
from app.handovers.lifecycle import ENDED, State
from app.handovers.models import AffectedUnit, Handover, Kind, Note, Ownership
from app.handovers.policy import Standing
from app.networks import queries as networks
from app.people.models import Person
from app.people.signed_in import READ_ALL, SignedIn
from app.rows import Prepared, Rows, Shown, among, listed
from app.units.line import Line, line_in
from app.units.models import Unit


def is_visible(roles: frozenset[str]) -> ColumnElement[bool]:
    """The condition under which someone with the roles sees a handover. Its parameters are
    `seen_by` and `today` (see `seeing`), so that one statement serves everyone."""
    if roles.intersection(READ_ALL):
        return true()
    return or_(
        col(Handover.announced_at).is_not(None),
        col(Handover.network_id).in_(networks.joined_by(bindparam("seen_by"), bindparam("today"))),
    )


def seeing(person: SignedIn, today: date) -> dict[str, object]:
    return {"seen_by": person.id, "today": today}


def must_see(rows: Rows, person: SignedIn, handover_id: int, *, today: date) -> tuple[int, int]:
    """The ids of its gift and of its unit. NotFound where the handover does not exist, or the
    person may not know that it does."""
    row = rows.first(_seen(person.roles), {"id": handover_id, **seeing(person, today)})
    row = row or asked_for_by(rows, person, handover_id, today=today)
    if row is None:
        raise NotFound
    return row["gift_id"], row["unit_id"]


def asked_for_by(rows: Rows, person: SignedIn, handover_id: int, *, today: date) -> Shown | None:
    """The gift and the unit, where the unit asked for it and the person answers for the unit today.
    Looked for only where the person would not see it otherwise, so that lists need not."""
    row = rows.first(_asked_for(), {"id": handover_id})
    if row is None or line_in(rows, row["unit_id"], today=today).kind_of(person.id) is None:
        return None
    return row


def sees(rows: Rows, person: SignedIn, handover_id: int, *, today: date) -> bool:
    try:
        must_see(rows, person, handover_id, today=today)
    except NotFound:
        return False
    return True


def names(rows: Rows, ids: Collection[int]) -> dict[int, str]:
    """The gift and the unit of each, by its id."""
    if not ids:
        return {}
    given = listed(ids)
    found = rows.all(_names(len(given)), given)
    return {row["id"]: f"{row['title']}, {row['name']}" for row in found}


@lru_cache(maxsize=16)
def _names(places: int) -> Prepared:
    statement = (
        select(Handover.id, Gift.title, Unit.name)
        .join(Gift, col(Gift.id) == Handover.gift_id)
        .join(Unit, col(Unit.id) == Handover.unit_id)
    )
    return Prepared(statement.where(among(col(Handover.id), places)))


@cache
def _asked_for() -> Prepared:
    statement = select(Handover.gift_id, Handover.unit_id)
    is_asked_for = col(Handover.requested_at).is_not(None)
    return Prepared(statement.where(col(Handover.id) == bindparam("id"), is_asked_for))


@lru_cache(maxsize=16)
def _seen(roles: frozenset[str]) -> Prepared:
    statement = select(Handover.gift_id, Handover.unit_id)
    return Prepared(statement.where(col(Handover.id) == bindparam("id"), is_visible(roles)))


def standing(
    session: Session,
    person_id: int,
    handover: Handover,
    *,
    line: Line,
    today: date,
    is_secretariat: bool,
) -> Standing:
    """What the person is to the handover today, whose unit's line is given."""
    leads = line.kind_of(person_id) is not None
    return Standing(
        is_secretariat=is_secretariat,
        gives=networks.gives(session, person_id, handover.network_id, today=today),
        leads=leads,
        owns=handover.owner_id == person_id,
        leads_above=line.is_next_up(person_id),
        asks=leads and handover.requested_at is not None and handover.announced_at is None,
    )


def of_gift(session: Session, gift_id: int) -> Sequence[Handover]:
    """All handovers of a gift, locked, in the order of their ids."""
    statement = select(Handover).where(Handover.gift_id == gift_id)
    return session.exec(statement.order_by(col(Handover.id)).with_for_update(key_share=True)).all()


def open_at(session: Session, unit_id: int, successor_id: int | None) -> Sequence[Handover]:
    """The handovers of a unit that have not ended, with those that its successor has of the same
    gifts: all locked, in the order of their ids."""
    here, is_open = col(Handover.unit_id) == unit_id, col(Handover.state).not_in(ENDED)
    gifts = select(Handover.gift_id).where(here, is_open)
    there = and_(col(Handover.unit_id) == successor_id, col(Handover.gift_id).in_(gifts))
    statement = select(Handover).where(or_(here, there), is_open).order_by(col(Handover.id))
    return session.exec(statement.with_for_update(key_share=True)).all()


def open_between(session: Session, gift_id: int, unit_id: int) -> Handover | None:
    """The gift's open handover to the unit, if it has one."""
    statement = select(Handover).where(
        Handover.gift_id == gift_id,
        Handover.unit_id == unit_id,
        col(Handover.state).not_in(ENDED),
    )
    return session.exec(statement.order_by(col(Handover.id))).first()


def has_others_open(session: Session, handover: Handover) -> bool:
    """Whether the gift has an open handover to another unit too."""
    others = select(Handover.id).where(
        Handover.gift_id == handover.gift_id,
        Handover.id != handover.id,
        col(Handover.state).not_in(ENDED),
    )
    return session.exec(others.limit(1)).first() is not None


def lead_of(session: Session, gift_id: int) -> Handover | None:
    """The open handover to the gift's lead receiver."""
    statement = select(Handover).where(
        Handover.gift_id == gift_id,
        col(Handover.kind) == Kind.LEAD,
        col(Handover.state).not_in(ENDED),
    )
    return session.exec(statement.order_by(col(Handover.id))).first()


def passed_on_as(session: Session, handover_id: int) -> int | None:
    """The id of the handover to the better-placed unit, as the giver was given it when this one
    was last passed on."""
    statement = select(Event).where(
        Event.handover_id == handover_id, Event.type == HandoverPassedOn.type
    )
    passed = session.exec(statement.order_by(col(Event.id).desc()).limit(1)).first()
    return None if passed is None else passed.data["draft_id"]


def affected_units(session: Session, handover_id: int) -> Sequence[int]:
    parameters = {"handover_id": handover_id}
    return session.connection().execute(_AFFECTED, parameters).scalars().all()


def owner_rows(session: Session, handover_id: int) -> Sequence[tuple[Ownership, str]]:
    """Owners with their names, present one last."""
    statement = (
        select(Ownership, Person.name)
        .join(Person, col(Person.id) == Ownership.person_id)
        .where(Ownership.handover_id == handover_id)
        .order_by(col(Ownership.id))
    )
    return [(row, name) for row, name in session.execute(statement)]


def present_ownership(session: Session, handover_id: int) -> Ownership | None:
    statement = select(Ownership).where(
        Ownership.handover_id == handover_id, col(Ownership.to_at).is_(None)
    )
    return session.exec(statement.order_by(col(Ownership.id).desc())).first()


def notes(
    session: Session, handover_id: int, *, after_id: int, limit: int
) -> Sequence[tuple[Note, str]]:
    statement = (
        select(Note, Person.name)
        .join(Person, col(Person.id) == Note.author_id)
        .where(Note.handover_id == handover_id, col(Note.id) > after_id)
        .order_by(col(Note.id))
        .limit(limit)
    )
    return [(row, name) for row, name in session.execute(statement)]


def states_of_gift(
    session: Session, person: SignedIn, gift_id: int, *, today: date
) -> dict[State, int]:
    """How many handovers the gift has in each state: as far as its handovers, never one state."""
    statement = (
        select(col(Handover.state), func.count())
        .where(col(Handover.gift_id) == gift_id, is_visible(person.roles))
        .group_by(col(Handover.state))
    )
    rows = session.execute(statement, seeing(person, today))
    return {State(state): count for state, count in rows}


def states_by_gift(
    session: Session, person: SignedIn, network_id: int, *, today: date
) -> dict[int, dict[State, int]]:
    """The same for each gift of a network that has been on its way to anybody."""
    statement = (
        select(col(Handover.gift_id), col(Handover.state), func.count())
        .where(col(Handover.network_id) == network_id, is_visible(person.roles))
        .group_by(col(Handover.gift_id), col(Handover.state))
    )
    found: dict[int, dict[State, int]] = {}
    for gift_id, state, count in session.execute(statement, seeing(person, today)):
        found.setdefault(gift_id, {})[State(state)] = count
    return found


_AFFECTED = (
    select(AffectedUnit.unit_id)
    .where(col(AffectedUnit.handover_id) == bindparam("handover_id"))
    .order_by(col(AffectedUnit.unit_id))
)
