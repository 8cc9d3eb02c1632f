"""Why somebody is told, in plain words: the headings of Beskeder, and what stands at a name where
it is shown who will be told."""

from collections.abc import Mapping

from app.errors import Message
from app.notifications.mail_words import REASONS
from app.notifications.models import ReminderKind
from app.notifications.recipients import Reason

_IN_ORDER = (
    Reason.LEADER,
    Reason.SUBSTITUTE,
    Reason.VACANT,
    Reason.OWNER,
    Reason.NEXT_LEADER,
    Reason.GIVER,
    Reason.SECRETARIAT,
    Reason.AFFECTED,
    Reason.NAMED,
    Reason.PARTICIPANT,
    Reason.FORMER_OWNER,
)
GROUPS: Mapping[str, Message] = {
    ReminderKind.LIFT: Message("Løftet til dig som næste leder"),
    ReminderKind.UNANSWERED: Message("Venter på svar"),
    ReminderKind.UNANSWERED_AGAIN: Message("Venter på svar"),
    ReminderKind.QUIET_OWNER: Message("Der har været stille længe"),
    ReminderKind.QUIET_LEADER: Message("Der har været stille længe"),
    ReminderKind.QUIET_SECRETARIAT: Message("Der har været stille længe"),
    **{reason: REASONS[reason] for reason in _IN_ORDER},
}
"""What asks for something first."""

WHY: Mapping[Reason, Message] = {
    Reason.OWNER: Message("tovholder"),
    Reason.FORMER_OWNER: Message("tovholder indtil nu"),
    Reason.LEADER: Message("svarer for enheden"),
    Reason.SUBSTITUTE: Message("stedfortræder"),
    Reason.VACANT: Message("svarer, mens posten er ledig"),
    Reason.NEXT_LEADER: Message("næste leder over enheden"),
    Reason.GIVER: Message("giver gaven"),
    Reason.PARTICIPANT: Message("med i netværket"),
    Reason.AFFECTED: Message("svarer for en berørt enhed"),
    Reason.SECRETARIAT: Message("sekretariatet"),
    Reason.NAMED: Message("det handler om"),
}
