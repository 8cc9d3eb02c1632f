"""What a silence says to whoever is told of it: the same step tells several, and each reads what is
true for them. Pure."""

from collections.abc import Mapping

from app.errors import Message
from app.notifications.ladder import NOT_ANSWERED, Around, ReminderKind, told_as
from app.notifications.recipients import Reason

_WAITS_STILL = Message("Gaven venter stadig på jeres svar.")
_WORDS: Mapping[tuple[ReminderKind, Reason], Message] = {
    (ReminderKind.UNANSWERED, Reason.LEADER): Message("Gaven venter på jeres svar."),
    (ReminderKind.UNANSWERED_AGAIN, Reason.LEADER): _WAITS_STILL,
    (ReminderKind.LIFT, Reason.LEADER): _WAITS_STILL,
    (ReminderKind.LIFT, Reason.NEXT_LEADER): Message(
        "Ingen har svaret på gaven. Nu er den løftet til dig."
    ),
    (ReminderKind.QUIET_OWNER, Reason.OWNER): Message(
        "Hvordan går det med gaven? Fortæl det på én linje."
    ),
    (ReminderKind.QUIET_LEADER, Reason.OWNER): Message(
        "Der er stadig stille om gaven. Hvordan går det? Fortæl det på én linje."
    ),
}
_OWNER_ASKED = Message("Tovholderen er blevet spurgt, og der er stadig stille.")
_OWNERLESS = Message("Der er stille om gaven, og den har ingen tovholder.")
_QUIET = Message("Der er stille om gaven, også hos lederen.")
_QUIET_UNLED = Message("Der er stille om gaven, og ingen svarer for enheden.")
_WAITS_UNLED = Message("Gaven venter på svar, og ingen svarer for enheden.")
_WAITED = Message("Gaven ventede på svar.")
_WAS_QUIET = Message("Der var stille om gaven.")


def said_to(person_id: int, kind: ReminderKind, around: Around) -> Message:
    """To somebody whom the step concerns."""
    own = _WORDS.get((kind, told_as(kind, person_id, around)))
    if own is not None:
        return own
    if kind in NOT_ANSWERED:
        return _WAITS_UNLED
    if kind is ReminderKind.QUIET_SECRETARIAT:
        return _QUIET if any(around.line) else _QUIET_UNLED
    return _OWNERLESS if around.owner_id is None else _OWNER_ASKED


def said_later(kind: ReminderKind) -> Message:
    """To anybody who was told of it, when it is over, or theirs no more."""
    return _WAITED if kind in NOT_ANSWERED else _WAS_QUIET
