"""Every SELECT on follow-ups. Who sees the handover, sees its follow-ups."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.follow_ups.models import FollowUp, Health
from app.handovers.models import Handover
from app.handovers.queries import is_visible, seeing
from app.people.signed_in import SignedIn


def get(session: Session, person: SignedIn, follow_up_id: int, *, today: date) -> FollowUp:
    statement = (
        select(FollowUp)
        .join(Handover, col(Handover.id) == FollowUp.handover_id)
        .where(col(FollowUp.id) == follow_up_id, is_visible(person.roles))
    )
    found = session.exec(statement, params=seeing(person, today)).first()
    if found is None:
        raise NotFound
    return found


def page(
    session: Session,
    person: SignedIn,
    *,
    today: date,
    before_id: int | None,
    limit: int,
    handover_id: int | None = None,
    author_id: int | None = None,
    health: Health | None = None,
    is_seen: bool | None = None,
) -> Sequence[FollowUp]:
    """Newest first."""
    statement = select(FollowUp).join(Handover, col(Handover.id) == FollowUp.handover_id)
    statement = statement.where(is_visible(person.roles))
    if before_id is not None:
        statement = statement.where(col(FollowUp.id) < before_id)
    if handover_id is not None:
        statement = statement.where(col(FollowUp.handover_id) == handover_id)
    if author_id is not None:
        statement = statement.where(col(FollowUp.author_id) == author_id)
    if health is not None:
        statement = statement.where(col(FollowUp.health) == health)
    if is_seen is not None:
        seen = col(FollowUp.seen_at)
        statement = statement.where(seen.is_not(None) if is_seen else seen.is_(None))
    statement = statement.order_by(col(FollowUp.id).desc()).limit(limit)
    return session.exec(statement, params=seeing(person, today)).all()
