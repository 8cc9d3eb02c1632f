"""Gaven: all that it says of itself, how far it has come, and a unit asks for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Response

from app.errors import Message
from app.gifts import queries as gifts
from app.gifts.models import Gift
from app.handovers import forms, reading
from app.handovers.lifecycle import ENDED, NOT_RECEIVED, State
from app.handovers.progress import progress_of
from app.handovers.requests import unanswered
from app.handovers.service import requesting
from app.handovers.service.deed import Asked
from app.networks import queries as networks
from app.pages.drawn import as_cards, drawn, today_of
from app.pages.hearing import hear_of_request
from app.pages.networks import may_give
from app.pages.units_by_name import unit_names
from app.pages.verbs import CHOOSE_UNIT
from app.people.page_route import pages, stands_on
from app.people.signed_in import SignedIn
from app.people.visit import Visit, see_other
from app.text import digits, in_danish_order
from app.units import queries as units
from app.units.line import line_of
from app.units.reach import reach_of

gift_pages = pages()
MOST_HANDOVERS = 200
SAY_WHAT_FOR = Message("Skriv, hvad I vil bruge gaven til.")
_FURTHEST = (
    State.ANCHORED,
    State.IN_USE,
    State.TRIAL,
    State.ACCEPTED,
    State.ACKNOWLEDGED,
    State.DELIVERED,
)

Row = Mapping[str, Any]
Choice = tuple[int, str]


@dataclass(frozen=True)
class Asking:
    """Who can ask for the gift here: `units` that the one who looks answers for, or any for the
    secretariat, which then names on whose behalf: one of `people`, who answer for `unit_id`. `have`
    are the open handovers to units that the one who looks answers for: there is no more to ask."""

    units: Sequence[Choice] = ()
    unit_id: int | None = None
    is_on_behalf: bool = False
    people: Sequence[Choice] = ()
    have: Sequence[Row] = ()


@gift_pages.get("/gifts/{gift_id}")
def show_gift(visit: Visit) -> Response:
    me, today, gift_id = visit.must_be_signed_in(), today_of(visit), visit.id("gift_id")
    gift = gifts.get(visit.session, me, gift_id, today=today)
    there = _handovers(visit, me, gift_id)
    network = networks.get(visit.session, gift.network_id)
    return drawn(
        visit,
        "gifts/gift.html",
        gift=gift,
        at=f"/gifts/{gift_id}",
        network=network,
        may_give=may_give(visit, me, network),
        editions=gifts.editions(visit.session, gift_id),
        materials=gifts.materials(visit.session, gift_id),
        contacts=gifts.contacts(visit.session, gift_id),
        progress=progress_of(visit.rows, me, [gift_id], today=today)[gift_id],
        received=[row for row in there if row["state"] not in NOT_RECEIVED],
        most=MOST_HANDOVERS,
        asking=_asking(visit, me, gift, there),
        hears=hear_of_request(visit, gift),
    )


@gift_pages.post("/gifts/{gift_id}/requests")
@stands_on(show_gift)
def ask_for_gift(visit: Visit) -> Response:
    me = visit.changer()
    form = visit.read(forms.GiftRequest, unit_id=CHOOSE_UNIT, why=SAY_WHAT_FOR)
    handover = requesting.ask_for(
        visit.session,
        Asked(me, on_behalf_of_id=form.on_behalf_of_id),
        visit.id("gift_id"),
        unit_id=form.unit_id,
        why=form.why,
        now=visit.now,
    )
    return see_other(f"/handovers/{handover.key}", done="request")


def _handovers(visit: Visit, me: SignedIn, gift_id: int) -> Sequence[Row]:
    """The gift's handovers as far as they are seen, those that have come furthest first."""
    found = reading.newest(
        visit.rows,
        me,
        today=today_of(visit),
        filters={"gift_id": gift_id},
        before_id=None,
        limit=MOST_HANDOVERS,
    )
    return sorted(
        as_cards(visit, found), key=lambda row: (_place(row), in_danish_order(row["unit_name"]))
    )


def _place(row: Row) -> int:
    state = State(row["state"])
    return _FURTHEST.index(state) if state in _FURTHEST else len(_FURTHEST)


def _asking(visit: Visit, me: SignedIn, gift: Gift, there: Sequence[Row]) -> Asking:
    if gift.given_at is None or me.is_auditor:
        return Asking()
    have = {row["unit_id"]: row for row in there if row["state"] not in ENDED}
    led = set(reach_of(visit.rows, me.id, today=today_of(visit)).led)
    asked_for = unanswered(visit.rows, gift.key, led)
    have |= {row["unit_id"]: row for row in as_cards(visit, asked_for)}
    mine = [row for unit_id, row in have.items() if unit_id in led]
    if me.is_secretariat:
        return replace(_on_behalf(visit, me, have), have=mine)
    return Asking(_by_name(units.names(visit.rows, led - have.keys())), have=mine)


def _on_behalf(visit: Visit, me: SignedIn, have: Collection[int]) -> Asking:
    """The unit is chosen first: then it is known who can have said it."""
    there = unit_names(visit)
    choices = _by_name({key: name for key, name in there.items() if key not in have})
    unit_id = digits(visit.typed.get("unit_id")) if visit.acted else visit.asked("unit_id")
    if unit_id not in dict(choices):
        return Asking(choices, is_on_behalf=True)
    seats = line_of(visit.session, unit_id, today=today_of(visit)).answering().seats
    people = {seat.person_id: seat.name for seat in seats}
    if me.id in people:
        return Asking([(unit_id, there[unit_id])], unit_id)
    return Asking(choices, unit_id, is_on_behalf=True, people=list(people.items()))


def _by_name(names: Mapping[int, str]) -> Sequence[Choice]:
    return sorted(names.items(), key=lambda choice: in_danish_order(choice[1]))
