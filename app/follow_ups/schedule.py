"""When a follow-up is due, and which one an early one counts as. Pure."""

from datetime import date, timedelta


def counts_as_due(next_on: date, done_on: date, *, early_days: int) -> bool:
    """Whether a follow-up done on that day is the one that was agreed; at most `early_days`
    before its day."""
    return done_on >= next_on - timedelta(days=early_days)


def next_after(
    next_on: date | None, done_on: date, asked: date | None, *, early_days: int
) -> date | None:
    """The next agreed date. What was asked for wins; a follow-up long before the agreed date
    leaves that standing; else none is agreed, and the patience of the state counts."""
    if asked is not None:
        return asked
    if next_on is not None and not counts_as_due(next_on, done_on, early_days=early_days):
        return next_on
    return None
