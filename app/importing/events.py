"""What can happen to files that are brought in by hand. The subject is the import."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent


@dataclass(frozen=True, kw_only=True)
class ImportReceived(DomainEvent):
    type: ClassVar[str] = "import.received"
    sentence: ClassVar[Message] = Message("%(actor)s lagde en fil op til indlæsning.")
    kind: str


@dataclass(frozen=True, kw_only=True)
class ImportApplied(DomainEvent):
    type: ClassVar[str] = "import.applied"
    sentence: ClassVar[Message] = Message(
        "%(actor)s indlæste en fil: %(rows_new)s nye og %(rows_changed)s ændrede."
    )
    kind: str
    rows_new: int
    rows_changed: int
