"""Every SELECT on networks and members."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import NotFound
from app.networks.models import GIVING_ROLES, Member, Network, NetworkKind, NetworkRole
from app.people.models import Person
from app.rows import Prepared, Rows, among, listed, rows_of
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
    statement = _matching(kind, q).where(col(Network.id) > after_id)
    if person_id is not None:
        of_person = select(Member.network_id).where(Member.person_id == person_id)
        statement = statement.where(col(Network.id).in_(of_person))
    if running_on is not None:
        statement = statement.where(_runs(running_on))
    return session.exec(statement.order_by(col(Network.id)).limit(limit)).all()


def newest(
    session: Session,
    *,
    today: date,
    before_id: int | None,
    limit: int,
    kind: NetworkKind | None = None,
    is_running: bool | None = None,
    q: str | None = None,
) -> Sequence[Network]:
    """Networks, the newest first; those that run today, or those that have ended."""
    statement = _matching(kind, q)
    if before_id is not None:
        statement = statement.where(col(Network.id) < before_id)
    if is_running is not None:
        statement = statement.where(_runs(today) if is_running else col(Network.ends_on) < today)
    return session.exec(statement.order_by(col(Network.id).desc()).limit(limit)).all()


def _matching(kind: NetworkKind | None, q: str | None) -> SelectOfScalar[Network]:
    statement = select(Network)
    if kind is not None:
        statement = statement.where(Network.kind == kind)
    for word in folded(q or "").split():
        statement = statement.where(col(Network.search_text).contains(word, autoescape=True))
    return statement


def _runs(today: date) -> ColumnElement[bool]:
    return is_current(col(Network.starts_on), col(Network.ends_on), today)


def leaders(
    session: Session, network_ids: Collection[int], *, today: date
) -> Mapping[int, Sequence[str]]:
    """The names of those who lead each network today; networks that nobody leads are left out."""
    statement = (
        select(Member.network_id, Person.name)
        .join(Person, col(Person.id) == Member.person_id)
        .where(
            col(Member.network_id).in_(network_ids),
            Member.role == NetworkRole.LEADER,
            _is_current(today),
            col(Person.left_at).is_(None),
        )
        .order_by(col(Member.from_on), col(Member.id))
    )
    named: dict[int, list[str]] = {}
    for network_id, name in session.execute(statement):
        named.setdefault(network_id, []).append(name)
    return named


def givers(session: Session, network_id: int, *, today: date) -> Sequence[Person]:
    """Those who give on the network's behalf today, its leader first."""
    statement = (
        select(Person, Member.role)
        .join(Member, col(Member.person_id) == Person.id)
        .where(
            Member.network_id == network_id,
            col(Member.role).in_(GIVING_ROLES),
            _is_current(today),
            col(Person.left_at).is_(None),
        )
        .order_by(col(Member.from_on), col(Member.id))
    )
    found = sorted(session.execute(statement), key=lambda row: GIVING_ROLES.index(row[1]))
    return list({person.key: person for person, _ in found}.values())


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


def held_after(session: Session, person_id: int, day: date) -> Sequence[Member]:
    """The person's roles in networks that last longer than the day, locked."""
    is_longer = or_(col(Member.to_on).is_(None), col(Member.to_on) > day)
    statement = select(Member).where(Member.person_id == person_id, is_longer)
    return session.exec(statement.order_by(col(Member.id)).with_for_update(key_share=True)).all()


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


def names(rows: Rows, ids: Collection[int]) -> dict[int, str]:
    """Name by id, one query; whoever asks may see them all."""
    if not ids:
        return {}
    parameters = listed(ids)
    return {row["id"]: row["name"] for row in rows.all(_names(len(parameters)), parameters)}


@lru_cache(maxsize=16)
def _names(places: int) -> Prepared:
    return Prepared(select(Network.id, Network.name).where(among(col(Network.id), places)))
