"""The log as it is read: each event as a sentence, with what it is about and the way there."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Message
from app.eventlog.log import CATALOG, thing_of
from app.gifts import queries as gifts
from app.handovers import queries as handovers
from app.handovers.story import told
from app.insight.log_words import worded
from app.networks import queries as networks
from app.people import queries as people
from app.people.visit import Visit
from app.rows import Shown
from app.units import queries as units
from app.webhooks import going


@dataclass(frozen=True)
class Group:
    """Kinds of events that people look for together."""

    name: Message
    things: Collection[str]

    @property
    def types(self) -> frozenset[str]:
        return frozenset(one for one in CATALOG if thing_of(one) in self.things)


GROUPS: Mapping[str, Group] = {
    "people": Group(Message("Personer og roller"), {"person", "identity", "group"}),
    "sign-ins": Group(Message("Logins"), {"session", "sign_in"}),
    "keys": Group(Message("API-nøgler"), {"api_key"}),
    "refusals": Group(Message("Afviste ændringer"), {"request"}),
    "units": Group(Message("Enheder og poster"), {"unit"}),
    "networks": Group(Message("Netværk"), {"network"}),
    "gifts": Group(Message("Gaver"), {"gift"}),
    "handovers": Group(Message("Overrækkelser og opfølgninger"), {"handover", "follow_up"}),
    "imports": Group(Message("Indlæste filer"), {"import"}),
    "settings": Group(Message("Indstillinger"), {"setting"}),
    "webhooks": Group(Message("Webhooks"), {"webhook"}),
    "work": Group(Message("Det, der gik i stå"), {"work"}),
}


@dataclass(frozen=True)
class About:
    """What an event is about; `name` is as people wrote it, where there is one."""

    name: str | None
    number: int
    thing: str
    href: str | None


def told_in_words(visit: Visit, events: Sequence[Shown]) -> Sequence[Mapping[str, Any]]:
    """Each event as a sentence, with what it is about."""
    entries = told(visit.rows, [worded(event) for event in events], visit.locale)
    about = _about(visit, events)
    return [{**entry, "about": about.get(entry["event_id"])} for entry in entries]


def _about(visit: Visit, events: Sequence[Shown]) -> Mapping[int, About]:
    """By the id of the event; one query for each kind of thing."""
    me = visit.must_be_signed_in()
    wanted: dict[str, set[int]] = defaultdict(set)
    subjects = {event["id"]: _subject(event) for event in events}
    for thing, number in filter(None, subjects.values()):
        wanted[thing].add(number)
    named: Mapping[str, Mapping[int, str]] = {
        "person": people.names(visit.rows, wanted["person"]),
        "unit": units.names(visit.rows, wanted["unit"]),
        "network": networks.names(visit.rows, wanted["network"]),
        "gift": gifts.titles(visit.rows, wanted["gift"]),
        "handover": handovers.names(visit.rows, wanted["handover"]),
        "webhook": going.names(visit.rows, wanted["webhook"]) if me.is_administrator else {},
    }
    return {
        event_id: About(
            named.get(subject[0], {}).get(subject[1]),
            subject[1],
            subject[0],
            _way_to(*subject, is_keeper=me.keeps_registers),
        )
        for event_id, subject in subjects.items()
        if subject is not None and _leads_on(*subject, named)
    }


def _subject(event: Shown) -> tuple[str, int] | None:
    """A session and a key are about the person whose they are."""
    thing, number = thing_of(event["type"]), event["subject_id"]
    if event["handover_id"]:
        return "handover", event["handover_id"]
    match thing:
        case "session" | "api_key":
            person_id = event["data"].get("person_id")
            return ("person", person_id) if person_id else None
        case "identity" | "sign_in" | "person":
            return ("person", number) if number else None
        case "unit" | "network" | "gift" | "webhook":
            return thing, number
        case _:
            return None


def _leads_on(thing: str, number: int, named: Mapping[str, Mapping[int, str]]) -> bool:
    """A webhook that is deleted is nowhere, and only administrators see one."""
    return thing != "webhook" or number in named[thing]


def _way_to(thing: str, number: int, *, is_keeper: bool) -> str:
    """Those who keep the registers are led to where they are kept."""
    place = {"person": "people", "unit": "units", "webhook": "webhooks"}.get(thing)
    if place and is_keeper:
        return f"/administration/{place}/{number}"
    return f"/{place or thing + 's'}/{number}"
