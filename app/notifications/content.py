"""What one mail says: put together from rows by `digests`, written out by `mails`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import Message
from app.insight.tasks import Verb

MOST_LINES = 40
"""What there is more of stands on the page."""


@dataclass(frozen=True)
class Waiting:
    """The gifts that are open in a unit, and how many of them need what."""

    open: int
    unanswered: int = 0
    ownerless: int = 0
    quiet: int = 0

    @property
    def needy(self) -> int:
        return self.unanswered + self.ownerless + self.quiet


@dataclass(frozen=True)
class Line:
    """One thing. `verb` is what it asks of the reader, and None where it asks nothing. `reason` is
    why this person; `silence` is what a reminder says to them, and None for what happened.
    `days_late` is 0 where nothing is late; `is_agreed` says that people have agreed on the day, and
    that it is no mere patience. A thing that is no handover has its own `path` and `name`; where
    somebody has come to a post, `waiting` is what awaits them. `version` is that of a handover that
    asks something. `sentence` is what happened, in the reader's language, and empty for a reminder.
    """

    notification_id: int
    reason: str
    path: str
    verb: Verb | None = None
    handover_id: int | None = None
    version: int | None = None
    gift: str = ""
    unit: str = ""
    due_on: date | None = None
    is_agreed: bool = False
    days_late: int = 0
    sentence: str = ""
    silence: Message | None = None
    name: str = ""
    waiting: Waiting | None = None

    @property
    def asks(self) -> bool:
        """Also where nothing is the reader's own to do: they are told because it stands still."""
        is_needy = self.waiting is not None and self.waiting.needy > 0
        return self.verb is not None or self.silence is not None or is_needy


@dataclass(frozen=True)
class Content:
    """The lines of one person's mail of one day, what asks something first."""

    digest_id: int
    person_id: int
    name: str
    mail: str
    locale: str
    day: date
    lines: Sequence[Line]
