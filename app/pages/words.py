"""The words of the pages for what the code calls by its own names."""

from collections.abc import Mapping

from app.errors import Message
from app.follow_ups.models import Better, Health
from app.gifts.completeness import CONTACTS, NEEDED
from app.handovers.lifecycle import STATE_WORDS, State
from app.handovers.models import Kind, ReasonKind
from app.insight.tasks import Verb
from app.networks.models import NetworkKind, NetworkRole
from app.pages.glossary import GLOSSARY, Word
from app.people.signed_in import Role
from app.units.models import PostKind

states: Mapping[State, Message] = STATE_WORDS
glossary: Mapping[str, Word] = GLOSSARY
wrapped = frozenset(
    {State.DRAFT, State.ANNOUNCED, State.DELIVERED, State.ACKNOWLEDGED, State.RETURNED}
)
"""Before it is accepted, a gift still has its plastic on."""

verbs: Mapping[Verb, Message] = {
    Verb.ACKNOWLEDGE: Message("Svar"),
    Verb.ACCEPT: Message("Svar"),
    Verb.FOLLOW_UP: Message("Følg op"),
    Verb.NAME_OWNER: Message("Vælg tovholder"),
    Verb.WRITE_READ_BACK: Message("Skriv »forstået sådan«"),
    Verb.ANSWER_RIPPLE: Message("Sig, hvem det berører"),
    Verb.TAKE_EDITION: Message("Se den nye udgave"),
    Verb.ANSWER_QUESTION: Message("Svar på spørgsmålet"),
    Verb.ANSWER_REQUEST: Message("Svar"),
    Verb.CONFIRM_PASSING_ON: Message("Bekræft"),
    Verb.CONFIRM_ANCHORING: Message("Bekræft"),
    Verb.MARK_SEEN: Message("Læs opfølgningen"),
    Verb.FIND_UNIT: Message("Find en modtager"),
}
"""What the button of a task says."""

asks: Mapping[Verb, Message] = {
    Verb.ACKNOWLEDGE: Message("En gave venter på jeres svar."),
    Verb.ACCEPT: Message("Set og modtaget. Nu mangler jeres svar."),
    Verb.FOLLOW_UP: Message("Hvordan går det med den?"),
    Verb.NAME_OWNER: Message("Gaven har ingen tovholder."),
    Verb.WRITE_READ_BACK: Message("Med egne ord: hvad har I fået, og hvad er første skridt?"),
    Verb.ANSWER_RIPPLE: Message("Hvad betyder den for andre?"),
    Verb.TAKE_EDITION: Message("Gaven er kommet i en ny udgave."),
    Verb.ANSWER_QUESTION: Message("Enheden har spurgt om noget."),
    Verb.ANSWER_REQUEST: Message("En enhed har bedt om gaven."),
    Verb.CONFIRM_PASSING_ON: Message("Gaven er givet videre. Skal den overrækkes?"),
    Verb.CONFIRM_ANCHORING: Message("Enheden kalder den en del af hverdagen. Er den det?"),
    Verb.MARK_SEEN: Message("Enheden har fulgt op."),
    Verb.FIND_UNIT: Message("Enheden er lukket. Hvem skal have gaven?"),
}
"""What a task is about."""

places: Mapping[Verb, str] = {
    Verb.ACKNOWLEDGE: "",
    Verb.ACCEPT: "",
    Verb.FOLLOW_UP: "#follow-up",
    Verb.NAME_OWNER: "#owner",
    Verb.WRITE_READ_BACK: "#plan",
    Verb.ANSWER_RIPPLE: "#ripple",
    Verb.TAKE_EDITION: "#edition",
    Verb.ANSWER_QUESTION: "#deliver",
    Verb.ANSWER_REQUEST: "#deliver",
    Verb.CONFIRM_PASSING_ON: "#deliver",
    Verb.CONFIRM_ANCHORING: "#confirm",
    Verb.MARK_SEEN: "#follow-ups",
    Verb.FIND_UNIT: "#unit",
}
"""Where on the handover's page it is done."""

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
network_roles: Mapping[NetworkRole, Message] = {
    NetworkRole.LEADER: Message("Netværksleder"),
    NetworkRole.CO_DRIVER: Message("Co-driver"),
    NetworkRole.REFERENCE_LEADER: Message("Referenceleder"),
    NetworkRole.CONSULTANT: Message("Netværkskonsulent"),
    NetworkRole.PARTICIPANT: Message("Deltager"),
}
posts: Mapping[PostKind, Message] = {
    PostKind.LEADER: Message("Leder"),
    PostKind.SUBSTITUTE: Message("Stedfortræder"),
}
roles: Mapping[Role, Message] = {
    Role.SECRETARIAT: Message("Sekretariatet"),
    Role.ADMINISTRATOR: Message("Administrator"),
    Role.AUDITOR: Message("Revisor"),
}
missing: Mapping[str, Message] = {**NEEDED, CONTACTS: Message("en kontaktperson")}
"""What a gift still needs before it can be handed over."""
