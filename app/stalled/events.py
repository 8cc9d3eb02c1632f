"""What can happen to work that came to a standstill. The subject is the item of work."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent


@dataclass(frozen=True, kw_only=True)
class WorkRetried(DomainEvent):
    """`key` says which step of its kind it is, by numbers."""

    type: ClassVar[str] = "work.retried"
    sentence: ClassVar[Message] = Message(
        "%(actor)s satte noget, der var gået i stå, i gang igen: %(kind)s (%(key)s)."
    )
    kind: str
    key: str


@dataclass(frozen=True, kw_only=True)
class WorkDropped(DomainEvent):
    type: ClassVar[str] = "work.dropped"
    sentence: ClassVar[Message] = Message(
        "%(actor)s fjernede noget, der var gået i stå: %(kind)s (%(key)s)."
    )
    kind: str
    key: str
