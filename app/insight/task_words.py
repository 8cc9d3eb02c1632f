"""The words for what a handover asks of somebody, and where on its page it is done. Pure."""

from collections.abc import Mapping

from app.errors import Message
from app.insight.tasks import Verb

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
