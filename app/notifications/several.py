"""Who is told where one deed reaches several handovers at once."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.notifications.facts import facts_of_each
from app.notifications.recipients import Told, once_each, recipients
from app.rows import Rows
from app.units.line import Line


def told_of_each(
    rows: Rows,
    happens: Mapping[int, str],
    *,
    today: date,
    actor_id: int,
    line: Line | None = None,
) -> Sequence[Told]:
    """Everybody who is told, once each, when each handover meets the event of the type. `line` is
    that of the unit they come to, where they move to one."""
    each = facts_of_each(rows, list(happens), today=today, line=line)
    return once_each(
        told
        for handover_id, facts in each.items()
        for told in recipients(happens[handover_id], facts, actor_id=actor_id)
    )
