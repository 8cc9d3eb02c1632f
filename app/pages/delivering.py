"""Overræk: the same gift to several units. First they are chosen, then all is looked through, with
who will be told; nothing is sent before that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from app.errors import Invalid, Message
from app.gifts import queries as gifts
from app.gifts.completeness import missing_for_announcing
from app.gifts.models import Gift
from app.gifts.schemas import CONTENT, gift_json
from app.handovers import forms, reading
from app.handovers.events import HandoverDelivered
from app.handovers.lifecycle import ENDED, State, Step
from app.handovers.models import Kind, Ripple
from app.handovers.service import together
from app.handovers.service.deed import RippleAnswer
from app.handovers.words import WORDS
from app.networks import queries as networks
from app.notifications import recipients
from app.notifications.facts import facts_in, to_unit
from app.pages.drawn import as_cards, drawn, today_of
from app.pages.finding import words_in
from app.pages.gift_editing import HERE, gift_to_change
from app.pages.meanwhile import done_since
from app.pages.tree import Leaf, as_found, as_tree
from app.pages.units_by_name import MOST_UNITS, unit_names, with_units
from app.pages.verbs import CHOOSE_UNITS, SAY_RIPPLE
from app.people.page_route import pages, stands_on
from app.people.typed import Typed
from app.people.visit import Visit, see_other
from app.text import digits
from app.units import queries as units
from app.units.line import Answering
from app.units.lines import lines_of
from app.units.models import Unit

delivering = pages()
MOST_HANDOVERS = 500
_UNDER_WAY = (State.DRAFT, State.ANNOUNCED)
_STEPS: Mapping[str, Step | None] = {
    "deliver": Step.DELIVER,
    "announce": Step.ANNOUNCE,
    "draft": None,
}
_CHOOSE = Message("Sæt kryds ved mindst én enhed.")
_TOO_MANY = Message("Vælg højst %(most)s enheder ad gangen.", most=forms.MOST_UNITS)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One unit that was chosen: who answers for it, who is told when it is handed the gift, and the
    handover that it has already."""

    unit_id: int
    name: str
    answering: Answering
    hears: Sequence[recipients.Told]
    above: str
    there: Row | None

    @property
    def is_reached(self) -> bool:
        return any(seat.mail or seat.phone for seat in self.answering.seats)

    @property
    def out_of_reach(self) -> Collection[int]:
        return [seat.person_id for seat in self.answering.seats if not (seat.mail or seat.phone)]

    @property
    def has_it(self) -> bool:
        return self.there is not None and self.there["state"] not in _UNDER_WAY


@delivering.get(f"{HERE}/deliver")
def show_delivering(visit: Visit) -> Response:
    """The units to choose among; or, once some are chosen, what will happen to each."""
    gift = gift_to_change(visit)
    asked = visit.typed if visit.acted else Typed(tuple(visit.request.query_params.multi_items()))
    there = {row["unit_id"]: row for row in _handovers(visit, gift) if row["state"] not in ENDED}
    wanted = _ids(asked.all("unit_ids"))[: forms.MOST_UNITS + 1]
    names = {unit.key: unit.name for unit in units.open_among(visit.session, wanted)}
    chosen = [unit_id for unit_id in wanted if unit_id in names]
    if asked.get("step") and not visit.acted and not 0 < len(chosen) <= forms.MOST_UNITS:
        visit.acted = visit.path
        visit.typed = asked
        visit.refusal = Invalid.at("/unit_ids", _TOO_MANY if chosen else _CHOOSE)
    elif asked.get("step") and chosen:
        return _looked_through(visit, gift, chosen, names, there)
    return _choosing(visit, gift, chosen, asked, there)


@delivering.post(f"{HERE}/deliver")
@stands_on(show_delivering)
def deliver(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    form = visit.read(
        forms.DeliveryToMany,
        with_units(visit, visit.typed),
        step=Message("Vælg, om gaven skal overrækkes nu."),
        unit_ids=_CHOOSE,
        ripple__answer=SAY_RIPPLE,
        ripple__unit_ids=CHOOSE_UNITS,
    )
    given = together.give(
        visit.session,
        me,
        gift_id,
        together.Round(form.unit_ids, form.lead_unit_id),
        step=_STEPS[form.step],
        ripple=form.ripple.answered() if form.ripple else RippleAnswer(Ripple.UNKNOWN),
        version=visit.version,
        now=visit.now,
    )
    return see_other(
        f"/gifts/{gift_id}/deliver/receipt",
        step=form.step,
        given=" ".join(str(one.key) for one in given.handovers),
        had=" ".join(str(one.key) for one in given.had),
    )


@delivering.get(f"{HERE}/deliver/receipt")
def show_receipt(visit: Visit) -> Response:
    gift = gift_to_change(visit)
    rows = {row["id"]: row for row in _handovers(visit, gift)}
    given, had = (_ids(visit.query.get(name, "").split()) for name in ("given", "had"))
    return drawn(
        visit,
        "gifts/receipt.html",
        gift=gift,
        step=visit.query.get("step", ""),
        given=[rows[one] for one in given if one in rows],
        had=[rows[one] for one in had if one in rows],
    )


def _choosing(
    visit: Visit,
    gift: Gift,
    chosen: Collection[int],
    asked: Typed,
    there: Mapping[int, Row],
) -> Response:
    q = asked.get("q").strip()
    found = _open_units(visit, q)
    shown = found[:MOST_UNITS]
    return drawn(
        visit,
        "gifts/deliver.html",
        gift=gift,
        at=visit.path,
        network=networks.get(visit.session, gift.network_id),
        missing=_missing(visit, gift),
        leaves=_found(visit, shown, chosen) if q else as_tree(shown),
        has_more=len(found) > MOST_UNITS,
        chosen=chosen,
        there=there,
        under_way=_UNDER_WAY,
        q=q,
    )


def _looked_through(
    visit: Visit,
    gift: Gift,
    chosen: Sequence[int],
    names: Mapping[int, str],
    there: Mapping[int, Row],
) -> Response:
    lines = lines_of(visit.rows, chosen, today=today_of(visit))
    answering = {unit_id: line.answering() for unit_id, line in lines.items()}
    above = units.names(visit.rows, {one.unit_id for one in answering.values() if one.is_vacant})
    me, given = (
        visit.must_be_signed_in(),
        facts_in(visit.rows, gift.network_id, today=today_of(visit)),
    )
    told = [
        Told(
            unit_id,
            names[unit_id],
            answering[unit_id],
            recipients.recipients(
                HandoverDelivered.type, to_unit(given, lines[unit_id]), actor_id=me.id
            ),
            above.get(answering[unit_id].unit_id, "") if answering[unit_id].is_vacant else "",
            there.get(unit_id),
        )
        for unit_id in chosen
    ]
    lead = next((row for row in there.values() if row["kind"] == Kind.LEAD), None)
    able = [one for one in told if not one.has_it]
    missing = _missing(visit, gift)
    return drawn(
        visit,
        "gifts/check.html",
        gift=gift,
        at=f"/gifts/{gift.key}/deliver",
        told=told,
        able=able,
        ready=[one.unit_id for one in able if one.is_reached],
        lead=lead,
        leads=[(one.unit_id, one.name) for one in able],
        units=_others(visit, chosen),
        missing=missing,
        can_announce=not missing_for_announcing({name: getattr(gift, name) for name in CONTENT}),
        **done_since(visit, "gift", gift.key, WORDS),
    )


def _missing(visit: Visit, gift: Gift) -> Sequence[str]:
    contacts = gifts.contacts(visit.session, gift.key)
    found: Sequence[str] = gift_json(gift, contacts, [])["missing"]
    return found


def _open_units(visit: Visit, q: str = "") -> Sequence[Unit]:
    """Nothing has a name that cannot be written."""
    words = words_in(q)
    if words is None:
        return []
    return units.page(visit.session, after_id=0, limit=MOST_UNITS + 1, is_closed=False, q=words)


def _found(visit: Visit, found: Sequence[Unit], chosen: Collection[int]) -> Sequence[Leaf]:
    """Those found, and those that have been chosen already."""
    kept = set(chosen) - {unit.key for unit in found}
    shown = [*found, *units.open_among(visit.session, kept)]
    parents = {unit.parent_id for unit in shown if unit.parent_id is not None}
    return as_found(shown, units.names(visit.rows, parents))


def _others(visit: Visit, chosen: Collection[int]) -> Mapping[int, str]:
    """The units that can feel it without having it."""
    return {unit_id: name for unit_id, name in unit_names(visit).items() if unit_id not in chosen}


def _handovers(visit: Visit, gift: Gift) -> Sequence[Row]:
    found = reading.newest(
        visit.rows,
        visit.must_be_signed_in(),
        today=today_of(visit),
        filters={"gift_id": gift.key},
        before_id=None,
        limit=MOST_HANDOVERS,
    )
    return as_cards(visit, found)


def _ids(texts: Collection[str]) -> Sequence[int]:
    """Each once, as they come; what is no number is nothing."""
    numbers = (digits(text) for text in texts)
    return list(dict.fromkeys(number for number in numbers if number is not None))
