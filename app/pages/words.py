"""The words of the pages for what the code calls by its own names."""

from collections.abc import Mapping

from app.errors import Message
from app.follow_ups.models import Better, Health
from app.gifts.completeness import CONTACTS, NEEDED
from app.handovers.lifecycle import STATE_WORDS, State
from app.handovers.models import Kind, ReasonKind
from app.insight import log_words, task_words
from app.networks.models import NetworkKind, NetworkRole
from app.networks.words import ROLES
from app.pages.glossary import GLOSSARY, Word
from app.people.signed_in import Role
from app.units.models import PostKind
from app.units.words import POSTS

states: Mapping[State, Message] = STATE_WORDS
glossary: Mapping[str, Word] = GLOSSARY
wrapped = frozenset(
    {State.DRAFT, State.ANNOUNCED, State.DELIVERED, State.ACKNOWLEDGED, State.RETURNED}
)
"""Before it is accepted, a gift still has its plastic on."""

verbs, asks, places = task_words.verbs, task_words.asks, task_words.places
"""What the button of a task says, what it is about, and where on the page it is done."""

reasons: Mapping[ReasonKind, Message] = {
    ReasonKind.NOT_RELEVANT: Message("Den passer ikke til vores borgere"),
    ReasonKind.NO_CAPACITY: Message("Vi har ikke kræfterne til den"),
    ReasonKind.ALREADY_HAVE: Message("Vi har allerede noget lignende"),
    ReasonKind.TOO_UNCLEAR: Message("Den er for uklar"),
    ReasonKind.WRONG_TIME: Message("Det er det forkerte tidspunkt"),
    ReasonKind.OTHER: Message("Noget andet"),
}
health: Mapping[Health, Message] = {
    Health.GOING_WELL: Message("Godt på vej"),
    Health.WOBBLING: Message("Slinger"),
    Health.STUCK: Message("Går i stå"),
}
better: Mapping[Better, Message] = {
    Better.YES: Message("Ja"),
    Better.PARTLY: Message("Delvist"),
    Better.NO: Message("Nej"),
    Better.UNKNOWN: Message("Det ved vi ikke endnu"),
}
kinds: Mapping[Kind, Message] = {
    Kind.LEAD: Message("Hovedmodtager"),
    Kind.CO: Message("Medmodtager"),
}
network_kinds: Mapping[NetworkKind, Message] = {
    NetworkKind.WELFARE: Message("Velfærdsnetværk"),
    NetworkKind.LEARNING: Message("Læringsnetværk"),
    NetworkKind.INNOVATION: Message("Innovationsnetværk"),
}
network_roles: Mapping[NetworkRole, Message] = ROLES
posts: Mapping[PostKind, Message] = POSTS
roles: Mapping[Role, Message] = log_words.ROLES
missing: Mapping[str, Message] = {**NEEDED, CONTACTS: Message("en kontaktperson")}
"""What a gift still needs before it can be handed over."""

network_log: Mapping[str, Message] = log_words.NETWORK_FIELDS
"""The words of the log for what can be changed of a network."""
