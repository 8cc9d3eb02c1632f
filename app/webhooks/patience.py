"""How long to wait until a message is tried again, and for how long at all. Pure."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first attempt, the second, and so on: all in all a good three days."""
MOST_ATTEMPTS = len(PAUSES) + 1
LONGEST_WISH = timedelta(hours=24)
"""However long the receiver asks for."""
FAILING_FOR = timedelta(days=5)
"""Of nothing but failure, until a webhook is switched off."""
HELD_FOR = timedelta(minutes=1)
"""A receiver that cannot be reached is left in peace by what else there is for it."""
LEFT_FOR = timedelta(seconds=20)
"""What only another version of the program knows is left to its workers for a while."""
_HELD_AT_MOST = timedelta(hours=1)


def pause_after(attempt: int, wish: timedelta | None, chance: random.Random) -> timedelta:
    """Never the same for all who failed together, and never shorter than was asked for."""
    own = PAUSES[min(attempt, len(PAUSES)) - 1] * chance.uniform(0.9, 1.1)
    return own if wish is None else max(own, wish * chance.uniform(1.0, 1.1))


def hold_for(wish: timedelta | None, *, is_reached: bool) -> timedelta | None:
    """How long nothing is sent there at all; None where only this message failed."""
    if wish is not None:
        return min(wish, _HELD_AT_MOST)
    return None if is_reached else HELD_FOR


def wish_in(retry_after: str, *, now: datetime) -> timedelta | None:
    """What a `Retry-After` asks for: seconds or an instant, bounded. None where it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WISH)
    try:
        when = parsedate_to_datetime(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        wish = when - now
    except (ValueError, TypeError, OverflowError):
        return None
    return max(timedelta(), min(wish, LONGEST_WISH))
