"""A unit closes, or others are merged into it: first what will happen, then the button."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import Response

from app.errors import Invalid, Message
from app.eventlog import queries as eventlog
from app.eventlog.log import By
from app.handovers import rehoming
from app.pages.administration.naming import unit_of
from app.pages.administration.person import meanwhile
from app.pages.administration.unit import HERE
from app.pages.drawn import drawn, today_of
from app.pages.hearing import Hears, hear_of_closing
from app.pages.units_by_name import unit_names
from app.people import queries as people
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_register
from app.people.typed import Typed
from app.people.visit import Visit, see_other
from app.text import LARGEST_ID, digits
from app.units import queries, service
from app.units.events import UnitClosed
from app.units.forms import UnitClosing, UnitMerger
from app.units.models import Unit

closing = pages()
MOST_CHILDREN, MOST_MERGED = 50, 5


@closing.get(f"{HERE}/closing")
def show_closing(visit: Visit) -> Response:
    may_register(visit.must_be_signed_in())
    unit = queries.get(visit.session, visit.id("unit_id"))
    chosen = _chosen(visit, "successor_id")
    successor = queries.get(visit.session, chosen[0]) if chosen else None
    return _drawn(
        visit,
        "administration/closing.html",
        unit,
        successor=successor,
        hears=_hears(visit, [unit], successor),
        **_what_moves(visit, unit, successor),
    )


@closing.post(f"{HERE}/closing")
@stands_on(show_closing)
def close_unit(visit: Visit) -> Response:
    me, unit_id = visit.must_be_signed_in(), visit.id("unit_id")
    may_register(me)
    form = visit.read(UnitClosing)
    service.close(
        visit.session,
        unit_id,
        successor_id=form.successor_id,
        version=visit.version,
        by=By(me.id),
        now=visit.now,
    )
    return see_other(f"/administration/units/{unit_id}", done="closed")


@closing.get(f"{HERE}/merger")
def show_merger(visit: Visit) -> Response:
    may_register(visit.must_be_signed_in())
    unit = queries.get(visit.session, visit.id("unit_id"))
    merged = [queries.get(visit.session, unit_id) for unit_id in _chosen(visit, "unit_ids")]
    moving = [{"unit": one, **_what_moves(visit, one, unit)} for one in merged if one is not unit]
    return _drawn(
        visit,
        "administration/merger.html",
        unit,
        moving=moving,
        most=MOST_MERGED,
        hears=_hears(visit, [one["unit"] for one in moving], unit),
    )


@closing.post(f"{HERE}/merger")
@stands_on(show_merger)
def merge_units(visit: Visit) -> Response:
    me, unit_id = visit.must_be_signed_in(), visit.id("unit_id")
    may_register(me)
    form = visit.read(UnitMerger, unit_ids=_WHICH)
    service.merge(
        visit.session, unit_id, form.unit_ids, version=visit.version, by=By(me.id), now=visit.now
    )
    return see_other(f"/administration/units/{unit_id}", done="merged")


def _drawn(visit: Visit, template: str, unit: Unit, **shown: Any) -> Response:
    return drawn(
        visit,
        template,
        unit=unit,
        at=f"/administration/units/{unit.id}",
        names=[name for unit_id, name in unit_names(visit).items() if unit_id != unit.id],
        seen=eventlog.last_about(visit.rows, "unit", unit.key),
        meanwhile=meanwhile(visit, "unit", unit.key),
        **shown,
    )


def _hears(visit: Visit, units: Sequence[Unit], successor: Unit | None) -> Hears:
    ids = [unit.key for unit in units]
    told = hear_of_closing(visit, ids, successor.key if successor else None)
    return {UnitClosed.type: told}


def _what_moves(visit: Visit, unit: Unit, successor: Unit | None) -> Mapping[str, Any]:
    session, successor_id = visit.session, successor.key if successor else None
    return {
        "handovers": rehoming.foreseen(session, unit.key, successor_id),
        "people": people.how_many_in(session, unit.key),
        "children": queries.page(
            session, after_id=0, limit=MOST_CHILDREN, parent_id=unit.key, is_closed=False
        ),
        "seats": queries.seats(session, [unit.key], today=today_of(visit)).get(unit.key, []),
    }


def _chosen(visit: Visit, name: str) -> Sequence[int]:
    """The units that were written in the address; or those of the form that was refused. Where one
    is not there, that is said at the field, and none is chosen."""
    if visit.acted:
        return _kept(visit, name, lambda unit_id: _is_there(visit, unit_id))
    texts = [text.strip() for text in visit.request.query_params.getlist(name) if text.strip()]
    try:
        found = [unit_of(visit, text, f"/{name}") for text in texts[:MOST_MERGED]]
    except Invalid as refusal:
        visit.refusal, visit.acted = refusal, f"{visit.path}/asked"
        visit.typed = Typed(visit.request.query_params.multi_items())
        return []
    return list(dict.fromkeys(found))


def _kept(visit: Visit, name: str, is_there: Callable[[int], bool]) -> Sequence[int]:
    texts = visit.typed.all(name)[:MOST_MERGED]
    numbers = (digits(text) for text in texts)
    return [one for one in numbers if one is not None and one <= LARGEST_ID and is_there(one)]


def _is_there(visit: Visit, unit_id: int) -> bool:
    return unit_id in queries.names(visit.rows, [unit_id])


_WHICH = Message("Skriv, hvilke enheder der skal lægges ind.")
