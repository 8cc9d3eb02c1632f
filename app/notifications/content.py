"""What one mail says: put together from rows by `digests`, written out by `mails`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import Message
from app.insight.tasks import Verb

MOST_LINES = 40
"""What there is more of stands on the page."""


@dataclass(frozen=True)
class Line:
    """One thing. `verb` is what it asks of the reader, and None where it asks nothing. `reason` is
    why this person; `silence` is what a reminder says to them, and None for what happened.
    `days_late` is 0 where nothing is late; `is_agreed` says that people have agreed on the day, and
    that it is no mere patience. A thing that is no handover has its
    own `path`. `version` is that of a handover that asks something. `sentence` is what happened, in
    the reader's language, and empty for a reminder."""

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
