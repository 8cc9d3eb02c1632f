"""Why somebody is told, in plain words: the headings of Beskeder, and what stands at a name where
it is shown who will be told."""

from collections.abc import Mapping

from app.errors import Message
from app.notifications.models import ReminderKind
from app.notifications.recipients import Reason

GROUPS: Mapping[str, Message] = {
    ReminderKind.LIFT: Message("Løftet til dig som næste leder"),
    ReminderKind.UNANSWERED: Message("Venter på svar"),
    ReminderKind.UNANSWERED_AGAIN: Message("Venter på svar"),
    ReminderKind.QUIET_OWNER: Message("Der har været stille længe"),
    ReminderKind.QUIET_LEADER: Message("Der har været stille længe"),
    ReminderKind.QUIET_SECRETARIAT: Message("Der har været stille længe"),
    Reason.LEADER: Message("Fordi du svarer for enheden"),
    Reason.SUBSTITUTE: Message("Fordi du er stedfortræder"),
    Reason.OWNER: Message("Fordi du er tovholder"),
    Reason.NEXT_LEADER: Message("Fordi du er næste leder over enheden"),
    Reason.GIVER: Message("Fordi du giver gaven på netværkets vegne"),
    Reason.SECRETARIAT: Message("Fordi du er i sekretariatet"),
    Reason.AFFECTED: Message("Fordi det berører din enhed"),
    Reason.NAMED: Message("Fordi det handler om dig"),
    Reason.PARTICIPANT: Message("Fordi du er med i netværket"),
    Reason.FORMER_OWNER: Message("Fordi du var tovholder"),
}
"""What asks for something first."""

REMINDERS: Mapping[str, Message] = {
    ReminderKind.UNANSWERED: Message("Gaven venter på jeres svar."),
    ReminderKind.UNANSWERED_AGAIN: Message("Gaven venter stadig på jeres svar."),
    ReminderKind.LIFT: Message("Ingen har svaret på gaven. Nu er den løftet til dig."),
    ReminderKind.QUIET_OWNER: Message("Hvordan går det med gaven? Fortæl det på én linje."),
    ReminderKind.QUIET_LEADER: Message("Tovholderen er blevet spurgt, og der er stadig stille."),
    ReminderKind.QUIET_SECRETARIAT: Message("Der er stille om gaven, også hos lederen."),
}

WHY: Mapping[Reason, Message] = {
    Reason.OWNER: Message("tovholder"),
    Reason.FORMER_OWNER: Message("tovholder indtil nu"),
    Reason.LEADER: Message("svarer for enheden"),
    Reason.SUBSTITUTE: Message("stedfortræder"),
    Reason.NEXT_LEADER: Message("næste leder over enheden"),
    Reason.GIVER: Message("giver gaven"),
    Reason.PARTICIPANT: Message("med i netværket"),
    Reason.AFFECTED: Message("svarer for en berørt enhed"),
    Reason.SECRETARIAT: Message("sekretariatet"),
    Reason.NAMED: Message("det handler om"),
}
