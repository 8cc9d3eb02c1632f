"""What a message says of an event: ids, names, and where to read more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from app.errors import Message
from app.eventlog.log import CATALOG, thing_of
from app.eventlog.models import Event
from app.eventlog.queries import SHOWN
from app.gifts.models import Gift
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.handovers.story import told
from app.handovers.words import WORDED
from app.insight.log_words import worded
from app.insight.task_words import verbs
from app.insight.tasks import Verb
from app.networks.models import Network
from app.people.queries import names
from app.rows import Prepared, Rows, Shown
from app.units.models import Unit
from app.webhooks.written import without_what_was_written

_PAGES = {"gift": "gifts", "network": "networks", "unit": "units"}
_BUTTONS: Mapping[State, Message] = {
    State.DELIVERED: Message("Kvittér"),
    State.ACKNOWLEDGED: verbs[Verb.ACCEPT],
    State.RETURNED: verbs[Verb.ANSWER_QUESTION],
}
_SEE_GIFT, _SEE = Message("Se gaven"), Message("Se det i Gavebordet")


@dataclass(frozen=True)
class Said:
    """`title` is what it is about, `text` what happened, in Danish; `button` the verb."""

    type: str
    at: datetime
    title: str
    text: str
    button: Message
    path: str
    data: Mapping[str, Any] = field(default_factory=dict)


class OfAnotherVersion(Exception):
    """Only another version of the program, which runs beside this one, knows this kind of event."""


def said_of(rows: Rows, event_id: int) -> Said | None:
    """None where there is no such event. OfAnotherVersion."""
    event = rows.first(_event(), {"event_id": event_id})
    if event is None:
        return None
    if event["type"] not in CATALOG:
        raise OfAnotherVersion
    thing = thing_of(event["type"])
    about = _about(rows, event, thing)
    (entry,) = told(rows, [worded(without_what_was_written(event))], "da")
    return Said(
        type=event["type"],
        at=event["at"],
        title=_title(about, event["type"]),
        text=entry["text"],
        button=_button(about),
        path=_path(event, thing),
        data={**_ids(event), **_details(event), **_named(rows, event, about)},
    )


def said_by_a_test(name: str, at: datetime) -> Said:
    return Said(
        type="webhook.test",
        at=at,
        title=name,
        text="Dette er en prøve fra Gavebordet. Den kom frem.",
        button=_SEE,
        path="/",
    )


def _about(rows: Rows, event: Shown, thing: str) -> Shown:
    if event["handover_id"] is not None:
        return rows.first(_handover(), {"this": event["handover_id"]}) or {}
    found = {"gift": _gift, "unit": _unit, "network": _network}.get(thing)
    return (rows.first(found(), {"this": event["subject_id"]}) if found else None) or {}


def _title(about: Shown, event_type: str) -> str:
    parts = [
        about.get("gift"),
        about.get("unit") or (not about.get("gift") and about.get("network")),
    ]
    return " · ".join(str(part) for part in parts if part) or event_type


def _button(about: Shown) -> Message:
    if about.get("state") is None:
        return _SEE
    return _BUTTONS.get(State(about["state"]), _SEE_GIFT)


def _path(event: Shown, thing: str) -> str:
    if event["handover_id"] is not None:
        return f"/handovers/{event['handover_id']}"
    page = _PAGES.get(thing)
    return f"/{page}/{event['subject_id']}" if page else "/"


def _ids(event: Shown) -> dict[str, Any]:
    return {
        "event_id": event["id"],
        "subject_id": event["subject_id"],
        "handover_id": event["handover_id"],
    }


def _details(event: Shown) -> dict[str, Any]:
    """Of the event's own data, what is a number, a day, or a word of the product's own."""
    return {name: value for name, value in event["data"].items() if _is_plain(name, value)}


def _is_plain(name: str, value: object) -> bool:
    if isinstance(value, list):
        return name in WORDED or all(isinstance(one, int) for one in value)
    is_word = isinstance(value, str) and (name in WORDED or name.endswith("_on"))
    return value is None or isinstance(value, int) or is_word


def _named(rows: Rows, event: Shown, about: Shown) -> dict[str, Any]:
    """Who and what, with their names as they are now."""
    who = names(rows, {one for one in (event["actor_id"], event["on_behalf_of_id"]) if one})
    found: dict[str, Any] = {
        part: {"id": event[column], "name": who.get(event[column], "")} if event[column] else None
        for part, column in (("actor", "actor_id"), ("on_behalf_of", "on_behalf_of_id"))
    }
    for part in ("gift", "unit", "network"):
        if about.get(part):
            found[part] = {"id": about[f"{part}_id"], "name": about[part]}
    if about.get("state") is not None:
        found["state"] = str(State(about["state"]).value)
    return found


@cache
def _event() -> Prepared:
    return Prepared(select(*SHOWN).where(col(Event.id) == bindparam("event_id")))


_GIFT: tuple[Any, ...] = (col(Gift.id).label("gift_id"), col(Gift.title).label("gift"))
_UNIT: tuple[Any, ...] = (col(Unit.id).label("unit_id"), col(Unit.name).label("unit"))
_NETWORK: tuple[Any, ...] = (
    col(Network.id).label("network_id"),
    col(Network.name).label("network"),
)


@cache
def _handover() -> Prepared:
    return Prepared(
        select(*_GIFT, *_UNIT, *_NETWORK, col(Handover.state))
        .join(Gift, col(Gift.id) == Handover.gift_id)
        .join(Unit, col(Unit.id) == Handover.unit_id)
        .join(Network, col(Network.id) == Handover.network_id)
        .where(col(Handover.id) == bindparam("this"))
    )


@cache
def _gift() -> Prepared:
    return Prepared(
        select(*_GIFT, *_NETWORK)
        .join(Network, col(Network.id) == Gift.network_id)
        .where(col(Gift.id) == bindparam("this"))
    )


@cache
def _unit() -> Prepared:
    return Prepared(select(*_UNIT).where(col(Unit.id) == bindparam("this")))


@cache
def _network() -> Prepared:
    return Prepared(select(*_NETWORK).where(col(Network.id) == bindparam("this")))
