"""Every SELECT on networks and members."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import NotFound
from app.networks.models import GIVING_ROLES, Member, Network, NetworkKind, NetworkRole
from app.people.models import Person
from app.rows import Prepared, rows_of
from app.spans import is_current
from app.text import folded


def get(session: Session, network_id: int) -> Network:
    network = session.get(Network, network_id)
    if network is None:
        raise NotFound
    return network


def page(
    session: Session,
    *,
    after_id: int,
    limit: int,
    kind: NetworkKind | None = None,
    person_id: int | None = None,
    running_on: date | None = None,
    q: str | None = None,
) -> Sequence[Network]:
    statement = select(Network).where(col(Network.id) > after_id)
    if kind is not None:
        statement = statement.where(Network.kind == kind)
    if person_id is not None:
        of_person = select(Member.network_id).where(Member.person_id == person_id)
        statement = statement.where(col(Network.id).in_(of_person))
    if running_on is not None:
        ends = col(Network.ends_on)
        statement = statement.where(
            col(Network.starts_on) <= running_on, or_(ends.is_(None), ends >= running_on)
        )
    for word in folded(q or "").split():
        statement = statement.where(col(Network.search_text).contains(word, autoescape=True))
    return session.exec(statement.order_by(col(Network.id)).limit(limit)).all()


def members(session: Session, network_id: int) -> Sequence[tuple[Member, str]]:
    """Members with their names, also past ones, in the order they came."""
    statement = (
        select(Member, Person.name)
        .join(Person, col(Person.id) == Member.person_id)
        .where(Member.network_id == network_id)
        .order_by(col(Member.from_on), col(Member.id))
    )
    return [(member, name) for member, name in session.execute(statement)]


def memberships(
    session: Session, person_id: int, *, today: date, most: int
) -> Sequence[tuple[Member, Network]]:
    """What the person is in which networks today, the newest first."""
    statement = (
        select(Member, Network)
        .join(Network, col(Network.id) == Member.network_id)
        .where(Member.person_id == person_id, _is_current(today))
    )
    found = session.exec(statement.order_by(col(Network.id).desc(), col(Member.id)).limit(most))
    return [(member, network) for member, network in found]


def gives(session: Session, person_id: int, network_id: int, *, today: date) -> bool:
    """Whether the person gives on the network's behalf today."""
    parameters = {"person_id": person_id, "network_id": network_id, "today": today}
    return rows_of(session).first(_gives(), parameters) is not None


@cache
def _gives() -> Prepared:
    statement = select(Member.id).where(
        col(Member.person_id) == bindparam("person_id"),
        col(Member.network_id) == bindparam("network_id"),
        col(Member.role).in_(GIVING_ROLES),
        _is_current(bindparam("today")),
    )
    return Prepared(statement.limit(1))


def joined_by(
    person_id: int | ColumnElement[int],
    today: date | ColumnElement[date],
    roles: Collection[NetworkRole] = tuple(NetworkRole),
) -> SelectOfScalar[int]:
    """Ids of the networks where the person has one of the roles today."""
    return select(Member.network_id).where(
        col(Member.person_id) == person_id, col(Member.role).in_(roles), _is_current(today)
    )


def with_givers(today: date | ColumnElement[date]) -> SelectOfScalar[int]:
    """Ids of the networks that somebody gives for today."""
    return (
        select(Member.network_id)
        .join(Person, col(Person.id) == Member.person_id)
        .where(
            col(Member.role).in_(GIVING_ROLES), _is_current(today), col(Person.left_at).is_(None)
        )
    )


def _is_current(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    return is_current(col(Member.from_on), col(Member.to_on), today)
