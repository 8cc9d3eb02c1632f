"""What somebody else has done to the same thing since a page was drawn, whose form is refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Message
from app.eventlog import queries as eventlog
from app.handovers.story import told
from app.people.visit import Visit
from app.rows import Shown

MOST = 20


def done_since(
    visit: Visit, thing: str, thing_id: int, words: Mapping[str, Message]
) -> Mapping[str, Any]:
    """For the page: `seen`, which its forms carry, and `meanwhile`, one sentence for each."""
    seen = eventlog.last_about(visit.rows, thing, thing_id)
    return {"seen": seen, "meanwhile": _meanwhile(visit, thing, thing_id, words)}


def _meanwhile(
    visit: Visit, thing: str, thing_id: int, words: Mapping[str, Message]
) -> Sequence[Mapping[str, Any]]:
    return told(visit.rows, events_since(visit, thing, thing_id), visit.locale, words)


def events_since(visit: Visit, thing: str, thing_id: int) -> Sequence[Shown]:
    """What the page had not told of yet; nothing where no form is refused."""
    if visit.seen is None:
        return []
    return eventlog.since(visit.rows, thing, thing_id, after_id=visit.seen, limit=MOST)
