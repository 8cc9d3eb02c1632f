"""What can happen to the settings."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SettingChanged(DomainEvent):
    """The values are those that counted before and count now, as text. `is_default` says that the
    value is the default again. A setting has a name and no id, so the subject is 0."""

    type: ClassVar[str] = "setting.changed"
    sentence: ClassVar[Message] = Message(
        "%(actor)s ændrede indstillingen %(name)s fra »%(former)s« til »%(value)s«."
    )
    subject_id: int = 0
    name: str
    former: str
    value: str
    is_default: bool
