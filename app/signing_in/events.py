"""What can happen on the way in."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SignInRefused(DomainEvent):
    """`subject_id` is the person, or 0 where it is not known who it was."""

    type: ClassVar[str] = "sign_in.refused"
    sentence: ClassVar[Message] = Message("Et login blev afvist: %(reason)s.")
    reason: str


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
