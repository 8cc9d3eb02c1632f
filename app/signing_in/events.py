"""What can happen on the way in."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent
from app.people.noted import AN_HOUR, Note, limit_of, note_of
from app.rest.throttle import Limit
from app.signing_in.refusals import SignInFailed


@dataclass(frozen=True, kw_only=True)
class SignInRefused(DomainEvent):
    """`subject_id` is the person, or 0 where it is not known who it was."""

    type: ClassVar[str] = "sign_in.refused"
    sentence: ClassVar[Message] = Message("Et login blev afvist: %(reason)s.")
    reason: str


OF_ONE = Limit("refused-sign-ins-of-one", 20, AN_HOUR)


@note_of.register
def _(failed: SignInFailed) -> Note:
    """Somebody who is known is not hidden behind strangers, nor one reason behind another."""
    person_id = failed.person_id
    unknown = limit_of(f"refused-sign-ins-{failed.reason}")
    counted = (unknown, "") if person_id is None else (OF_ONE, str(person_id))
    return Note(SignInRefused(subject_id=person_id or 0, reason=failed.reason), [counted])


@dataclass(frozen=True, kw_only=True)
class IdentityBound(DomainEvent):
    type: ClassVar[str] = "identity.bound"
    sentence: ClassVar[Message] = Message("En person blev knyttet til sin konto i kommunens login.")


@dataclass(frozen=True, kw_only=True)
class IdentityReleased(DomainEvent):
    type: ClassVar[str] = "identity.released"
    sentence: ClassVar[Message] = Message(
        "%(actor)s løste en person fra sin konto i kommunens login."
    )
