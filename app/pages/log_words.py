"""The words of the log for all that is not a handover: fields, roles, posts, settings, reasons; and
what an event is about, with the way there."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Message
from app.eventlog.log import CATALOG, thing_of
from app.gifts import queries as gifts
from app.handovers import queries as handovers
from app.handovers.story import told
from app.networks import queries as networks
from app.pages import words
from app.pages.setting_words import CHOICES, SETTINGS
from app.pages.sign_in_words import REASONS
from app.pages.work_words import KINDS
from app.people import queries as people
from app.people.visit import Visit
from app.rows import Shown
from app.units import queries as units
from app.webhooks import going

Words = Mapping[str, Message]
PERSON_FIELDS: Words = {
    "name": Message("navn"),
    "mail": Message("mail"),
    "phone": Message("telefon"),
    "title": Message("stilling"),
    "unit_id": Message("enhed"),
    "locale": Message("sprog"),
}
UNIT_FIELDS: Words = {
    "name": Message("navn"),
    "short_name": Message("kort navn"),
    "external_id": Message("id i kataloget"),
}
NETWORK_FIELDS: Words = {
    "name": Message("navn"),
    "kind": Message("slags"),
    "question": Message("spørgsmålet"),
    "springboard": Message("springbrættet"),
    "starts_on": Message("første dag"),
    "ends_on": Message("sidste dag"),
}
WEBHOOK_FIELDS: Words = {
    "name": Message("navn"),
    "url": Message("adresse"),
    "format": Message("hvem der skal læse det"),
    "event_types": Message("hvad den hører om"),
    "unit_id": Message("enhed"),
    "secret": Message("hemmeligheden"),
}
_ROLES: Words = {str(role): word for role, word in words.roles.items()}
_CHOSEN: Words = {value: word for words in CHOICES.values() for value, word in words.items()}
_WORDS: Mapping[tuple[str, str], Words] = {
    ("person", "fields"): PERSON_FIELDS,
    ("person", "roles"): _ROLES,
    ("unit", "fields"): UNIT_FIELDS,
    ("network", "fields"): NETWORK_FIELDS,
    ("sign_in", "reason"): REASONS,
    ("setting", "name"): SETTINGS,
    ("setting", "former"): _CHOSEN,
    ("setting", "value"): _CHOSEN,
    ("work", "kind"): KINDS,
    ("webhook", "fields"): WEBHOOK_FIELDS,
}
"""By what the event is about, and its field; posts and roles in a network have theirs already."""


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
    entries = told(visit.rows, [_worded(event) for event in events], visit.locale)
    about = _about(visit, events)
    return [{**entry, "about": about.get(entry["event_id"])} for entry in entries]


def _worded(event: Shown) -> Shown:
    thing = thing_of(event["type"])
    data = {name: _word(thing, name, value) for name, value in event["data"].items()}
    return {**event, "data": data}


def _word(thing: str, name: str, value: Any) -> Any:
    known = _WORDS.get((thing, name))
    if known is None:
        return value
    if isinstance(value, list):
        return [known.get(part, part) for part in value]
    return known.get(value, value)


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
