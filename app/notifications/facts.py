"""Who is what to a handover today, read for the rules of who hears what."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from app.eventlog.models import Event
from app.follow_ups.models import Health
from app.handovers.lifecycle import RECEIVED
from app.handovers.models import AffectedUnit, Handover, Ownership
from app.networks.models import GIVING_ROLES, Member
from app.notifications.recipients import (
    RULES,
    Facts,
    Seat,
    Who,
    affected,
    looks_at_units,
    secretariat,
    tells,
)
from app.people.models import Person
from app.people.queries import holds
from app.people.signed_in import Role
from app.rows import Prepared, Rows, Shown, among, listed
from app.spans import is_current
from app.units.line import Answering, Line, line_in
from app.units.lines import lines_of
from app.units.models import PostKind
from app.units.reach import answered_through

MOST_AFFECTED = 200
Members = tuple[Sequence[Who], Sequence[Who]]


@dataclass(frozen=True)
class Given:
    """Of a handover, what says who has to do with it."""

    network_id: int
    unit_id: int
    owner: Who | None
    is_announced: bool
    is_requested: bool


def facts_of(rows: Rows, event: Shown, *, today: date) -> Facts | None:
    """For the event; None where what it is about is there no more."""
    data: Mapping[str, Any] = event["data"]
    former_id = data.get("former_owner_id") or _released(rows, event)
    who = people_here(rows, [data.get("owner_id"), data.get("person_id"), former_id])
    named = who.get(data.get("owner_id") or data.get("person_id") or 0)
    if event["handover_id"] is None:
        return replace(_facts_of_post(rows, event, today), named=named)
    given = given_of(rows, event["handover_id"])
    if given is None:
        return None
    if looks_at_units(event["type"]):
        facts = facts_about(rows, event["handover_id"], given, today=today)
    else:
        facts = _facts_given(rows, given, today=today)
    return replace(
        facts,
        named=named,
        former=who.get(former_id or 0),
        side=data.get("side", "other"),
        is_stuck=data.get("health") == Health.STUCK,
        is_answered_on_the_way=event["type"] == "handover.ripple_answered"
        and rows.first(_at_once(), {"about": event["handover_id"], "at": event["at"]}) is not None,
        secretariat=facts.secretariat or _needed(rows, event["type"]),
    )


def given_of(rows: Rows, handover_id: int) -> Given | None:
    return given_of_each(rows, [handover_id]).get(handover_id)


def given_of_each(rows: Rows, handover_ids: Collection[int]) -> Mapping[int, Given]:
    """Of those that are there."""
    if not handover_ids:
        return {}
    parameters = listed(handover_ids)
    found = rows.all(_given(len(parameters)), parameters)
    return {row["id"]: _given_in(row) for row in found}


def facts_about(
    rows: Rows, handover_id: int, given: Given, *, today: date, line: Line | None = None
) -> Facts:
    """For whatever happens to the handover; `line` is its unit's, where it is known already."""
    ids = [row["unit_id"] for row in rows.all(_affected(), {"about": handover_id})]
    facts = _facts_given(rows, given, today=today)
    facts = to_unit(facts, line or line_in(rows, given.unit_id, today=today))
    return replace(facts, affected=felt_by(rows, ids, today=today))


def _facts_given(rows: Rows, given: Given, *, today: date) -> Facts:
    """Without who answers for any unit."""
    return _with_given(facts_in(rows, given.network_id, today=today), given)


def _with_given(facts: Facts, given: Given) -> Facts:
    return replace(
        facts,
        owner=given.owner,
        is_announced=given.is_announced,
        knows=given.is_announced or given.is_requested,
    )


def felt_by(rows: Rows, unit_ids: Collection[int], *, today: date) -> Sequence[Seat]:
    """Who answers for the units that will feel it."""
    lines = lines_of(rows, unit_ids, today=today)
    return [seat for one in lines.values() for seat in seats_of(one.answering())]


def facts_of_each(
    rows: Rows, handover_ids: Collection[int], *, today: date, line: Line | None = None
) -> Mapping[int, Facts]:
    """For what happens to each of many handovers, in a few questions; without those that will feel
    it. `line` is that of the unit they come to, where they move to one."""
    each = given_of_each(rows, handover_ids)
    lines = {} if line else lines_of(rows, {one.unit_id for one in each.values()}, today=today)
    members = members_of_each(rows, {one.network_id for one in each.values()}, today=today)
    secretariat = secretaries(rows)
    return {
        handover_id: replace(
            _with_given(to_unit(Facts(), line or lines[one.unit_id]), one),
            givers=members[one.network_id][0],
            others=members[one.network_id][1],
            secretariat=secretariat,
        )
        for handover_id, one in each.items()
    }


def facts_of_vacancy(line: Line, *, has_open: bool) -> Facts:
    """For the end of a post of the unit whose line it is, on the first day without it."""
    answering = line.answering()
    filling_in = seats_of(answering) if answering.is_vacant else ()
    return Facts(filling_in=filling_in, has_open=has_open)


def has_open_through(rows: Rows, unit_id: int, *, today: date) -> bool:
    """Whether something waits in the unit, or in a vacant one below it."""
    there = listed(answered_through(rows, unit_id, today=today))
    return rows.first(_open(len(there)), there) is not None


def facts_in(rows: Rows, network_id: int, *, today: date) -> Facts:
    """For a gift of the network, wherever it goes."""
    givers, others = members_of(rows, network_id, today=today)
    return Facts(givers=givers, others=others, secretariat=() if givers else secretaries(rows))


def to_unit(facts: Facts, line: Line) -> Facts:
    """And goes to the unit whose line it is."""
    return replace(facts, answering=seats_of(line.answering()), next_up=seats_of(line.next_up()))


def members_of(rows: Rows, network_id: int, *, today: date) -> Members:
    return members_of_each(rows, [network_id], today=today)[network_id]


def members_of_each(
    rows: Rows, network_ids: Collection[int], *, today: date
) -> Mapping[int, Members]:
    """Of each network, those who give on its behalf today, and the others in it."""
    if not network_ids:
        return {}
    parameters = listed(network_ids)
    givers: dict[int, dict[int, Who]] = {network_id: {} for network_id in network_ids}
    others: dict[int, dict[int, Who]] = {network_id: {} for network_id in network_ids}
    for row in rows.all(_members(len(parameters)), {**parameters, "today": today}):
        place = givers if row["role"] in GIVING_ROLES else others
        place[row["network_id"]][row["id"]] = Who(row["id"], row["name"])
    return {
        key: (
            list(givers[key].values()),
            [who for who in others[key].values() if who.id not in givers[key]],
        )
        for key in network_ids
    }


def secretaries(rows: Rows) -> Sequence[Who]:
    return [Who(row["id"], row["name"]) for row in rows.all(_secretaries(), {})]


def seats_of(answering: Answering) -> Sequence[Seat]:
    """Leaders first. A substitute stands in for the first of them."""
    leaders = [seat for seat in answering.seats if seat.kind is PostKind.LEADER]
    absent = Who(leaders[0].person_id, leaders[0].name) if leaders else None
    return [
        Seat(
            Who(seat.person_id, seat.name),
            is_substitute=seat.kind is PostKind.SUBSTITUTE,
            stands_in_for=absent if seat.kind is PostKind.SUBSTITUTE else None,
        )
        for seat in answering.seats
    ]


def _facts_of_post(rows: Rows, event: Shown, today: date) -> Facts:
    """For a post that has been filled or has ended: as it will be from the day on which it is."""
    unit_id, data = event["subject_id"], event["data"]
    match event["type"]:
        case "unit.post_filled":
            day = max(today, date.fromisoformat(data["from_on"]))
            return Facts(has_open=has_open_through(rows, unit_id, today=day))
        case "unit.post_ended":
            day = max(today, date.fromisoformat(data["to_on"]) + timedelta(days=1))
            has_open = has_open_through(rows, unit_id, today=day)
            return facts_of_vacancy(line_in(rows, unit_id, today=day), has_open=has_open)
    return Facts()


def _given_in(row: Shown) -> Given:
    owner = None if row["owner_id"] is None else Who(row["owner_id"], row["owner_name"])
    return Given(
        row["network_id"],
        row["unit_id"],
        owner if row["owner_left_at"] is None else None,
        is_announced=row["announced_at"] is not None,
        is_requested=row["requested_at"] is not None,
    )


def _released(rows: Rows, event: Shown) -> int | None:
    """Whoever stopped being the owner when an answer was taken back."""
    if event["type"] != "handover.reconsidered":
        return None
    found = rows.first(_ended(), {"about": event["handover_id"], "at": event["at"]})
    return found["person_id"] if found else None


def _needed(rows: Rows, event_type: str) -> Sequence[Who]:
    return secretaries(rows) if tells(event_type, secretariat) else ()


def people_here(rows: Rows, ids: Iterable[int | None]) -> Mapping[int, Who]:
    """Those of them who have not left."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    given = listed(wanted)
    found = rows.all(_people(len(given)), given)
    return {row["id"]: Who(row["id"], row["name"]) for row in found}


@lru_cache(maxsize=16)
def _given(places: int) -> Prepared:
    return Prepared(
        select(
            col(Handover.id),
            col(Handover.network_id),
            col(Handover.unit_id),
            col(Handover.owner_id),
            col(Handover.announced_at),
            col(Handover.requested_at),
            col(Person.name).label("owner_name"),
            col(Person.left_at).label("owner_left_at"),
        )
        .outerjoin(Person, col(Person.id) == Handover.owner_id)
        .where(among(col(Handover.id), places))
    )


@cache
def _affected() -> Prepared:
    its = select(col(AffectedUnit.unit_id)).where(
        col(AffectedUnit.handover_id) == bindparam("about")
    )
    return Prepared(its.order_by(col(AffectedUnit.unit_id)).limit(MOST_AFFECTED))


@cache
def _ended() -> Prepared:
    its = select(col(Ownership.person_id)).where(
        col(Ownership.handover_id) == bindparam("about"), col(Ownership.to_at) == bindparam("at")
    )
    return Prepared(its.limit(1))


@lru_cache(maxsize=16)
def _members(places: int) -> Prepared:
    is_member = is_current(col(Member.from_on), col(Member.to_on), bindparam("today"))
    return Prepared(
        select(col(Person.id), col(Person.name), col(Member.network_id), col(Member.role))
        .join(Member, col(Member.person_id) == Person.id)
        .where(
            among(col(Member.network_id), places),
            is_member,
            col(Person.left_at).is_(None),
        )
        .order_by(col(Member.from_on), col(Member.id))
    )


@cache
def _secretaries() -> Prepared:
    here = select(col(Person.id), col(Person.name)).where(holds(Role.SECRETARIAT))
    return Prepared(here.order_by(col(Person.id)))


@cache
def _people(places: int) -> Prepared:
    here = select(col(Person.id), col(Person.name)).where(col(Person.left_at).is_(None))
    return Prepared(here.where(among(col(Person.id), places)))


@lru_cache(maxsize=16)
def _open(places: int) -> Prepared:
    waits = col(Handover.state).in_(RECEIVED)
    there = select(col(Handover.id)).where(among(col(Handover.unit_id), places), waits)
    return Prepared(there.limit(1))


@cache
def _at_once() -> Prepared:
    """What tells the affected units, done in the same moment."""
    telling = sorted(event_type for event_type, rule in RULES.items() if affected in rule)
    return Prepared(
        select(col(Event.id))
        .where(
            col(Event.handover_id) == bindparam("about"),
            col(Event.at) == bindparam("at"),
            col(Event.type).in_(telling),
        )
        .limit(1)
    )
