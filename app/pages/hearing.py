"""Disse får besked, on the pages of what is no single handover."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.errors import Message
from app.gifts.events import EditionMade
from app.gifts.models import Gift
from app.handovers import rehoming
from app.handovers.events import HandoverAcknowledged, HandoverRequested
from app.handovers.models import Handover
from app.handovers.service.moving import news_of_edition
from app.notifications import recipients as rules
from app.notifications.facts import (
    facts_about,
    facts_in,
    facts_of_vacancy,
    given_of,
    has_open_through,
    people_here,
)
from app.notifications.recipients import Facts, Told, Who
from app.notifications.several import told_of_each
from app.pages.drawn import today_of
from app.pages.will_hear import WillHear
from app.people.visit import Visit
from app.units.events import PostEnded, PostFilled
from app.units.line import line_in
from app.units.lines import lines_of
from app.units.models import Post

CHOSEN = Message("den, du vælger")
_SOMEBODY = Who(0)
"""Whoever is chosen in a form, before it is known who."""

Hears = Mapping[str, WillHear]


def hear_if_chosen(*event_types: str, who: Message = CHOSEN, has_open: bool = False) -> Hears:
    """For what is about a person who is chosen in the form, where the rule tells them."""
    facts = Facts(named=_SOMEBODY, has_open=has_open)
    return {
        event_type: WillHear([], [who] if _are_told(event_type, facts) else [])
        for event_type in event_types
    }


def hear_if_named(visit: Visit, event_type: str, person_id: int) -> Hears:
    """For what is about a person who is known, unless they have left."""
    named = people_here(visit.rows, [person_id]).get(person_id)
    return _told(visit, event_type, Facts(named=named))


def hear_of_edition(visit: Visit, gift: Gift) -> Hears:
    """For a new edition of the gift."""
    states = select(col(Handover.id), col(Handover.state)).where(col(Handover.gift_id) == gift.key)
    happens = {
        handover_id: met.type
        for handover_id, state in visit.session.execute(states.order_by(col(Handover.id)))
        if (met := news_of_edition(state)) is not None
    }
    return {EditionMade.type: WillHear(_of_each(visit, happens), [])}


def hear_of_request(visit: Visit, gift: Gift) -> Hears:
    """For a unit's asking for the gift."""
    facts = facts_in(visit.rows, gift.network_id, today=today_of(visit))
    return _told(visit, HandoverRequested.type, facts)


def hear_of_receipt(visit: Visit, handover_id: int, person_id: int) -> Hears:
    """For a receipt by somebody who need not be signed in."""
    given = given_of(visit.rows, handover_id)
    assert given is not None
    facts = facts_about(visit.rows, handover_id, given, today=today_of(visit))
    told = rules.recipients(HandoverAcknowledged.type, facts, actor_id=person_id)
    return {HandoverAcknowledged.type: WillHear(told, [])}


def hear_of_closing(visit: Visit, unit_ids: Collection[int], successor_id: int | None) -> WillHear:
    """For what is open in units that close."""
    today = today_of(visit)
    line = None if successor_id is None else line_in(visit.rows, successor_id, today=today)
    happens: dict[int, str] = {}
    for unit_id in unit_ids:
        happens |= rehoming.happens(visit.session, unit_id, successor_id)
    me = visit.must_be_signed_in()
    told = told_of_each(visit.rows, happens, today=today, actor_id=me.id, line=line)
    return WillHear(told, [])


def hear_of_posts(visit: Visit, unit_id: int, held: Sequence[Post]) -> Hears:
    """For somebody's coming to a post of the unit, and for the end of each that is held, as if it
    were today."""
    today, me = today_of(visit), visit.must_be_signed_in()
    has_open = has_open_through(visit.rows, unit_id, today=today)
    line = line_in(visit.rows, unit_id, today=today)
    hears = dict(hear_if_chosen(PostFilled.type, has_open=has_open))
    for post in held:
        facts = facts_of_vacancy(line.without(post.person_id, [unit_id]), has_open=has_open)
        told = rules.recipients(PostEnded.type, facts, actor_id=me.id)
        hears[f"{PostEnded.type}.{post.id}"] = WillHear(told, [])
    return hears


def hear_of_departure(visit: Visit, person_id: int, unit_ids: Collection[int]) -> Hears:
    """For the end of the person's posts in the units."""
    today, me = today_of(visit), visit.must_be_signed_in()
    found: list[Told] = []
    for unit_id, line in lines_of(visit.rows, set(unit_ids), today=today).items():
        has_open = has_open_through(visit.rows, unit_id, today=today)
        facts = facts_of_vacancy(line.without(person_id, unit_ids), has_open=has_open)
        found += rules.recipients(PostEnded.type, facts, actor_id=me.id)
    return {PostEnded.type: WillHear(rules.once_each(found), [])}


def _of_each(visit: Visit, happens: Mapping[int, str]) -> Sequence[Told]:
    me = visit.must_be_signed_in()
    return told_of_each(visit.rows, happens, today=today_of(visit), actor_id=me.id)


def _told(visit: Visit, event_type: str, facts: Facts) -> Hears:
    me = visit.must_be_signed_in()
    return {event_type: WillHear(rules.recipients(event_type, facts, actor_id=me.id), [])}


def _are_told(event_type: str, facts: Facts) -> bool:
    told = rules.recipients(event_type, facts, actor_id=None)
    return any(one.who is _SOMEBODY for one in told)
