"""The catalogue: the gifts that have been given, which everybody sees."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.gifts.models import Gift
from app.networks.models import Network, NetworkKind
from app.text import folded


def catalogue(
    session: Session,
    *,
    before_id: int | None,
    limit: int,
    kind: NetworkKind | None = None,
    network_id: int | None = None,
    q: str = "",
) -> Sequence[tuple[Gift, Network]]:
    """With the networks that gave them, newest first."""
    statement = (
        select(Gift, Network)
        .join(Network, col(Network.id) == Gift.network_id)
        .where(col(Gift.given_at).is_not(None))
    )
    if before_id is not None:
        statement = statement.where(col(Gift.id) < before_id)
    if kind is not None:
        statement = statement.where(col(Network.kind) == kind)
    if network_id is not None:
        statement = statement.where(col(Gift.network_id) == network_id)
    for word in folded(q).split():
        statement = statement.where(col(Gift.search_text).contains(word, autoescape=True))
    found = session.exec(statement.order_by(col(Gift.id).desc()).limit(limit))
    return [(gift, network) for gift, network in found]
