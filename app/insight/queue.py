"""What waits for one person, most urgent first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, text
from sqlmodel import col

from app.clock import local_day
from app.follow_ups.models import FollowUp
from app.handovers.columns import SUMMARY, Owner, joined
from app.handovers.lifecycle import ENDED, TAKEN, State
from app.handovers.models import AWAITS_CONFIRMATION, MAY_ASK_GIVER, Handover, Ripple
from app.insight import tasks
from app.insight.tasks import READ_WITHIN, SOON, Facts, Verb
from app.networks import queries as networks
from app.networks.models import GIVING_ROLES
from app.people.signed_in import SignedIn
from app.rows import Parameters, Prepared, Rows, Shown, among, listed
from app.units.reach import reach_of

MOST = 500
"""More than this of one kind is not shown: nobody's queue is that long."""


@dataclass(frozen=True)
class Task:
    verb: Verb
    due_on: date
    row: Shown
    follow_up_id: int | None = None

    @property
    def key(self) -> tuple[date, int, int]:
        return self.due_on, self.row["id"], self.follow_up_id or 0


def waiting_for(rows: Rows, person: SignedIn, *, today: date) -> Sequence[Task]:
    """One task a handover at most, the earliest due day first, and follow-ups to be read."""
    parameters = {"me": person.id, "today": today, "soon": today + SOON}
    found: dict[int, Task] = {}
    gives = rows.first(_gives(), parameters) is not None
    for statement, values, ask in _sources(rows, person, today, gives=gives):
        for row in rows.all(statement, {**parameters, **values}):
            if asked := ask(_facts(row, today)):
                _keep(found, Task(*asked, row))
    if person.is_secretariat:
        for row in rows.all(_homeless(), parameters):
            _keep(found, Task(Verb.FIND_UNIT, local_day(row["last_life_at"]), row))
    unread = (
        Task(Verb.MARK_SEEN, local_day(row["done_at"]) + READ_WITHIN, row, row["follow_up_id"])
        for row in (rows.all(_unread(), parameters) if gives else ())
    )
    return _in_order([*found.values(), *unread])


Ask = Callable[[Facts], tuple[Verb, date] | None]


Source = tuple[Prepared, Parameters, Ask]


def _sources(rows: Rows, person: SignedIn, today: date, *, gives: bool) -> Iterator[Source]:
    """Where there can be something to do, and what each handover found there asks."""
    yield _owned(), {}, lambda facts: tasks.for_owner(facts, today)
    reach = reach_of(rows, person.id, today=today)
    if reach.led:
        led = listed(reach.led)
        yield _led(len(led)), led, tasks.for_leader
    if reach.below:
        below = listed(reach.below)
        yield _above(len(below)), below, tasks.for_confirmer
    if gives:
        yield _given(), {}, tasks.for_giver
    if person.is_secretariat:
        yield _given_by_nobody(), {}, tasks.for_giver


def _in_order(waiting: Iterable[Task]) -> Sequence[Task]:
    return sorted(waiting, key=lambda task: task.key)


def _keep(found: dict[int, Task], task: Task) -> None:
    there = found.get(task.row["id"])
    if there is None or task.due_on < there.due_on:
        found[task.row["id"]] = task


def _facts(row: Shown, today: date) -> Facts:
    return Facts(
        state=State(row["state"]),
        last_life_on=local_day(row["last_life_at"]),
        life_due_on=row["life_due_on"],
        is_paused=row["paused_until"] is not None and row["paused_until"] > today,
        has_owner=row["owner_id"] is not None and row["owner_left_at"] is None,
        has_read_back=bool(row["read_back"] and row["first_step"]),
        knows_ripple=row["ripple"] != Ripple.UNKNOWN,
        is_new_edition=row["is_new_edition"],
        is_requested=row["requested_at"] is not None,
        is_passed_on_to=row["origin_id"] is not None,
        awaits_confirmation=row["anchoring_proposed_at"] is not None,
    )


_ME: ColumnElement[int] = bindparam("me")
_TODAY: ColumnElement[date] = bindparam("today")


def _open_handovers() -> Select[Any]:
    columns = (
        *SUMMARY,
        col(Handover.read_back),
        col(Handover.first_step),
        col(Handover.requested_at),
        col(Handover.origin_id),
        col(Handover.anchoring_proposed_at),
        col(Owner.left_at).label("owner_left_at"),
    )
    return (
        joined(columns)
        .where(col(Handover.state).not_in(ENDED))
        .order_by(col(Handover.life_due_on), col(Handover.id))
        .limit(MOST)
    )


@cache
def _gives() -> Prepared:
    """Whether there can be anything to do as a giver: most people are none."""
    return Prepared(networks.joined_by(_ME, _TODAY, GIVING_ROLES).limit(1))


@lru_cache(maxsize=16)
def _led(places: int) -> Prepared:
    has_no_owner = or_(col(Handover.owner_id).is_(None), col(Owner.left_at).is_not(None))
    asks_leader = or_(
        col(Handover.state).in_([State.DELIVERED, State.ACKNOWLEDGED]),
        and_(col(Handover.state).in_(TAKEN), has_no_owner),
    )
    mine = among(col(Handover.unit_id), places)
    return Prepared(_open_handovers().where(mine, asks_leader))


@cache
def _owned() -> Prepared:
    """Those that can ask anything: most of what somebody owns asks nothing today."""
    soon: ColumnElement[date] = bindparam("soon")
    can_ask = or_(
        col(Handover.life_due_on) <= soon,
        col(Handover.read_back) == "",
        col(Handover.first_step) == "",
        col(Handover.is_new_edition),
        col(Handover.ripple) == Ripple.UNKNOWN,
    )
    is_mine = and_(col(Handover.owner_id) == _ME, col(Handover.state).in_(TAKEN))
    return Prepared(_open_handovers().where(is_mine, can_ask))


@cache
def _given() -> Prepared:
    mine = networks.joined_by(_ME, _TODAY, GIVING_ROLES)
    return Prepared(_open_handovers().where(col(Handover.network_id).in_(mine), _asks_giver()))


@cache
def _given_by_nobody() -> Prepared:
    """When a network's givers have all gone, the secretariat answers for it."""
    theirs = networks.with_givers(_TODAY)
    return Prepared(_open_handovers().where(col(Handover.network_id).not_in(theirs), _asks_giver()))


def _asks_giver() -> ColumnElement[bool]:
    is_wanted = or_(col(Handover.origin_id).is_not(None), col(Handover.requested_at).is_not(None))
    is_wanted_draft = and_(col(Handover.state) == State.DRAFT, is_wanted)
    return and_(
        text(MAY_ASK_GIVER),
        or_(col(Handover.state) == State.RETURNED, is_wanted_draft, _awaits_me()),
    )


@lru_cache(maxsize=16)
def _above(places: int) -> Prepared:
    return Prepared(_open_handovers().where(among(col(Handover.unit_id), places), _awaits_me()))


def _awaits_me() -> ColumnElement[bool]:
    """Called part of the day, and neither proposed nor owned by the one who should confirm."""
    return and_(
        text(AWAITS_CONFIRMATION),
        col(Handover.anchoring_proposed_by_id) != _ME,
        or_(
            col(Handover.anchoring_entered_by_id).is_(None),
            col(Handover.anchoring_entered_by_id) != _ME,
        ),
        or_(col(Handover.owner_id).is_(None), col(Handover.owner_id) != _ME),
    )


@cache
def _homeless() -> Prepared:
    return Prepared(_open_handovers().where(text("handover.needs_unit")))


@cache
def _unread() -> Prepared:
    columns = (*SUMMARY, col(FollowUp.id).label("follow_up_id"), col(FollowUp.done_at))
    mine = networks.joined_by(_ME, _TODAY, GIVING_ROLES)
    unseen = (
        joined(columns)
        .join(FollowUp, col(FollowUp.handover_id) == Handover.id)
        .where(col(Handover.network_id).in_(mine), col(FollowUp.seen_at).is_(None))
        .order_by(col(FollowUp.id))
        .limit(MOST)
    )
    return Prepared(unseen)
