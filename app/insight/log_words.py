"""The words of the log for all that is not a handover: fields, roles, posts, settings, reasons. The
pages, the mails and what other systems are told say the same."""

from collections.abc import Mapping
from typing import Any

from app.errors import Message
from app.eventlog.log import thing_of
from app.insight.setting_words import CHOICES, SETTINGS
from app.insight.work_words import KINDS
from app.people.signed_in import Role
from app.rows import Shown
from app.signing_in.refusals import Refusal

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
ROLES: Mapping[Role, Message] = {
    Role.SECRETARIAT: Message("Sekretariatet"),
    Role.ADMINISTRATOR: Message("Administrator"),
    Role.AUDITOR: Message("Revisor"),
}
REASONS: Mapping[str, Message] = {
    Refusal.PROVIDER_DOWN: Message("kommunens login svarede ikke"),
    Refusal.PROVIDER_UNUSABLE: Message("kommunens login er sat forkert op"),
    Refusal.PROVIDER_REFUSED: Message("kommunens login sagde nej"),
    Refusal.CANCELLED: Message("det blev afbrudt"),
    Refusal.NOT_VALID: Message("svaret fra kommunens login kunne ikke bruges"),
    Refusal.CLOCKS_DISAGREE: Message("urene går ikke ens"),
    Refusal.TRIP_UNKNOWN: Message("det begyndte ikke her"),
    Refusal.TRIP_EXPIRED: Message("det varede for længe"),
    Refusal.OTHER_BROWSER: Message("det begyndte i en anden browser"),
    Refusal.PERSON_UNKNOWN: Message("personen er ikke oprettet"),
    Refusal.PERSON_LEFT: Message("personen er stoppet"),
    Refusal.MAIL_NOT_VERIFIED: Message("mailadressen er ikke bekræftet"),
    Refusal.BOUND_ELSEWHERE: Message("kontoen hører til en anden"),
    Refusal.LINK_NOT_GOOD: Message("linket gælder ikke mere"),
}
_CHOSEN: Words = {value: word for words in CHOICES.values() for value, word in words.items()}


def _by_code(words: Mapping[Any, Message]) -> Words:
    return {str(code): word for code, word in words.items()}


WORDS: Mapping[tuple[str, str], Words] = {
    ("person", "fields"): PERSON_FIELDS,
    ("person", "roles"): _by_code(ROLES),
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


def worded(event: Shown) -> Shown:
    """With the product's own words in place of its codes, as the story of it is told."""
    thing = thing_of(event["type"])
    data = {name: _word(thing, name, value) for name, value in event["data"].items()}
    return {**event, "data": data}


def _word(thing: str, name: str, value: Any) -> Any:
    known = WORDS.get((thing, name))
    if known is None:
        return value
    if isinstance(value, list):
        return [known.get(part, part) for part in value]
    return known.get(value, value)
