"""Every SELECT on gifts. A gift that was never announced or delivered is seen only by the members
of its network, the secretariat, the administrators and the auditors."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import func, or_, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import NotFound
from app.gifts.models import Contact, Edition, Gift, Material
from app.networks import queries as networks
from app.people.models import Person
from app.people.signed_in import READ_ALL, SignedIn
from app.rows import Prepared, Rows, among, listed
from app.text import folded


def visible_to(person: SignedIn, today: date) -> SelectOfScalar[Gift]:
    return select(Gift).where(is_visible(person, today))


def is_visible(person: SignedIn, today: date) -> Any:
    """The condition under which the person sees a gift."""
    if person.roles.intersection(READ_ALL):
        return true()
    mine = networks.joined_by(person.id, today)
    return or_(col(Gift.given_at).is_not(None), col(Gift.network_id).in_(mine))


def get(session: Session, person: SignedIn, gift_id: int, *, today: date) -> Gift:
    gift = session.exec(visible_to(person, today).where(col(Gift.id) == gift_id)).first()
    if gift is None:
        raise NotFound
    return gift


def page(
    session: Session,
    person: SignedIn,
    *,
    today: date,
    after_id: int,
    limit: int,
    network_id: int | None = None,
    is_given: bool | None = None,
    q: str | None = None,
) -> Sequence[Gift]:
    statement = visible_to(person, today).where(col(Gift.id) > after_id)
    if network_id is not None:
        statement = statement.where(col(Gift.network_id) == network_id)
    if is_given is not None:
        given = col(Gift.given_at)
        statement = statement.where(given.is_not(None) if is_given else given.is_(None))
    for word in folded(q or "").split():
        statement = statement.where(col(Gift.search_text).contains(word, autoescape=True))
    return session.exec(statement.order_by(col(Gift.id)).limit(limit)).all()


def counts(
    session: Session, person: SignedIn, network_ids: Collection[int], *, today: date
) -> Mapping[int, int]:
    """How many gifts of each network the person sees; networks without any are left out."""
    statement = (
        select(col(Gift.network_id), func.count())
        .where(col(Gift.network_id).in_(network_ids), is_visible(person, today))
        .group_by(col(Gift.network_id))
    )
    return {network_id: count for network_id, count in session.execute(statement)}


def contacts(session: Session, gift_id: int) -> Sequence[Person]:
    """The contact persons who have not left, in the order of their names."""
    statement = (
        select(Person)
        .join(Contact, col(Contact.person_id) == Person.id)
        .where(Contact.gift_id == gift_id, col(Person.left_at).is_(None))
        .order_by(col(Person.name), col(Person.id))
    )
    return session.exec(statement).all()


def materials(session: Session, gift_id: int) -> Sequence[Material]:
    statement = select(Material).where(
        Material.gift_id == gift_id, col(Material.removed_at).is_(None)
    )
    return session.exec(statement.order_by(col(Material.id))).all()


def material(session: Session, gift_id: int, material_id: int) -> Material:
    found = session.get(Material, material_id)
    if found is None or found.gift_id != gift_id or found.removed_at is not None:
        raise NotFound
    return found


def editions(session: Session, gift_id: int) -> Sequence[Edition]:
    """All editions, newest first."""
    statement = select(Edition).where(Edition.gift_id == gift_id)
    return session.exec(statement.order_by(col(Edition.number).desc())).all()


def titles(rows: Rows, ids: Collection[int]) -> dict[int, str]:
    """Title by id, one query; whoever asks may see them all."""
    if not ids:
        return {}
    parameters = listed(ids)
    return {row["id"]: row["title"] for row in rows.all(_titles(len(parameters)), parameters)}


@lru_cache(maxsize=16)
def _titles(places: int) -> Prepared:
    return Prepared(select(Gift.id, Gift.title).where(among(col(Gift.id), places)))
