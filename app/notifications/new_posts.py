"""What awaits whoever has come to a post: the open gifts of the unit, by what they need."""

from collections.abc import Collection
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import bindparam, or_
from sqlalchemy import select as columns
from sqlmodel import col

from app.handovers.columns import Owner
from app.handovers.lifecycle import RECEIVED, UNANSWERED, State
from app.handovers.models import Handover
from app.notifications.content import Waiting
from app.rows import Prepared, Rows, Shown, among, listed
from app.units.models import Post
from app.units.reach import answered_through

POST_FILLED = "unit.post_filled"


def waiting_for_new(rows: Rows, unit_id: int, person_id: int, *, today: date) -> Waiting | None:
    """In the unit, and in vacant ones below it. None for whoever has left the post by then, and
    where nothing is open."""
    asked = {"unit_id": unit_id, "person_id": person_id, "today": today}
    if rows.first(_post(), asked) is None:
        return None
    return waiting_in(rows, answered_through(rows, unit_id, today=today), today=today)


def waiting_in(rows: Rows, unit_ids: Collection[int], *, today: date) -> Waiting | None:
    """None where nothing is open."""
    asked = listed(unit_ids)
    found = [_need(row, today) for row in rows.all(_open(len(asked)), asked)]
    if not found:
        return None
    return Waiting(
        len(found),
        unanswered=found.count("unanswered"),
        ownerless=found.count("ownerless"),
        quiet=found.count("quiet"),
    )


def _need(row: Shown, today: date) -> str:
    """The one thing that it needs first; nothing where it is going well, or is paused."""
    if row["paused_until"] is not None and row["paused_until"] > today:
        return ""
    if State(row["state"]) in UNANSWERED:
        return "unanswered"
    if row["owner_id"] is None or row["owner_left_at"] is not None:
        return "ownerless"
    return "quiet" if row["life_due_on"] is not None and row["life_due_on"] < today else ""


@cache
def _post() -> Prepared:
    """Also one that begins later."""
    lasts = or_(col(Post.to_on).is_(None), col(Post.to_on) >= bindparam("today"))
    of_person = col(Post.person_id) == bindparam("person_id")
    its = columns(col(Post.id)).where(col(Post.unit_id) == bindparam("unit_id"), of_person, lasts)
    return Prepared(its.limit(1))


@lru_cache(maxsize=16)
def _open(places: int) -> Prepared:
    return Prepared(
        columns(
            col(Handover.state),
            col(Handover.owner_id),
            col(Owner.left_at).label("owner_left_at"),
            col(Handover.paused_until),
            col(Handover.life_due_on),
        )
        .outerjoin(Owner, col(Owner.id) == Handover.owner_id)
        .where(among(col(Handover.unit_id), places), col(Handover.state).in_(RECEIVED))
    )
