"""Work that was given up: how much there is, and brought to life or taken away by somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func
from sqlmodel import Session, col, select

from app.rows import Prepared, Rows
from app.work.bell import ring_when_kept
from app.work.items import time_of
from app.work.models import WorkItem, WorkTick


def how_many(session: Session) -> int:
    statement = select(func.count()).select_from(WorkItem).where(col(WorkItem.dead_at).is_not(None))
    return session.exec(statement).one()


def page(session: Session, *, before_id: int | None, limit: int) -> Sequence[WorkItem]:
    """The newest first."""
    statement = select(WorkItem).where(col(WorkItem.dead_at).is_not(None))
    if before_id is not None:
        statement = statement.where(col(WorkItem.id) < before_id)
    return session.exec(statement.order_by(col(WorkItem.id).desc()).limit(limit)).all()


def locked(session: Session, item_id: int) -> WorkItem | None:
    """None where it has been done, or taken away. Also one that is not dead: somebody may have been
    faster."""
    return session.get(
        WorkItem, item_id, with_for_update={"key_share": True}, populate_existing=True
    )


def revive(session: Session, item: WorkItem) -> None:
    """As if it had never been tried. Its fence stays, for whoever may still hold it to be told."""
    item.dead_at, item.attempts = None, 0
    item.due_at = time_of(Rows(session.connection()))
    session.flush()
    ring_when_kept(session)


@dataclass(frozen=True)
class Standing:
    """How many are dead, and how long the one that is due the longest has been waiting; or a tick,
    where the workers have not heard one for so long that it has come."""

    dead: int
    late: timedelta


def standing_of(connection: Connection) -> Standing:
    rows = Rows(connection)
    now = time_of(rows)
    found = rows.first(_STANDING, {})
    assert found is not None
    oldest = found["oldest"] or now
    heard = found["heard"]
    # Something is to be heard each hour. Before the first time nobody has ever worked here.
    silent = now - heard - EVERY_HOUR if heard else timedelta()
    return Standing(found["dead"], max(now - oldest, silent, timedelta()))


EVERY_HOUR = timedelta(hours=1)
_is_dead = col(WorkItem.dead_at).is_not(None)
_STANDING = Prepared(
    select(
        select(func.count()).select_from(WorkItem).where(_is_dead).scalar_subquery().label("dead"),
        select(func.min(col(WorkItem.due_at))).where(~_is_dead).scalar_subquery().label("oldest"),
        select(func.max(col(WorkTick.tick_at))).scalar_subquery().label("heard"),
    )
)
