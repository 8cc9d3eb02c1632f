"""What a gift must say before it can be handed over. Pure."""

from collections.abc import Mapping

from app.errors import Message

NEEDED: Mapping[str, Message] = {
    "title": Message("titel"),
    "summary": Message("gaven i én sætning"),
    "citizen_value": Message("hvad der bliver bedre for borgeren"),
    "ask": Message("hvad vi beder modtageren om"),
    "target_group": Message("målgruppe"),
    "success_criterion": Message("succeskriterium"),
    "baseline": Message("udgangspunktet, som succeskriteriet måles fra"),
    "how_to_continue": Message("hvordan man går videre"),
}
FOR_ANNOUNCING = ("title", "summary", "citizen_value")
CONTACTS = "contacts"


def missing(content: Mapping[str, str], *, contacts: int) -> list[str]:
    """The fields still to be filled in, in the order a person would; empty when complete."""
    fields = [name for name in NEEDED if not content[name].strip()]
    return fields if contacts else [*fields, CONTACTS]


def missing_for_announcing(content: Mapping[str, str]) -> list[str]:
    return [name for name in FOR_ANNOUNCING if not content[name].strip()]


def in_words(names: list[str]) -> list[Message]:
    return [NEEDED.get(name, Message("en kontaktperson")) for name in names]
