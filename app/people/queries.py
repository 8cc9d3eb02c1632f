"""Every SELECT on people."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from app.errors import Invalid, Message, NotFound
from app.people.models import ApiKey, Person, PersonLook
from app.rows import Prepared, Rows, among, listed
from app.text import folded, in_danish_order, unreadable_position


def get(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def by_mail(session: Session, mail: str) -> Person | None:
    if unreadable_position(mail):
        return None  # Nobody can have it, and no database can be asked for it.
    return session.exec(select(Person).where(col(Person.mail) == mail.lower())).one_or_none()


def named(session: Session, mail: str) -> Person:
    """Whom a command names. Invalid where nobody has the address."""
    person = by_mail(session, mail)
    if person is None:
        raise Invalid.at(
            "/mail", Message("Ingen har mailadressen %(mail)s.", mail=mail), code="unknown"
        )
    return person


def holds(role: str) -> ColumnElement[bool]:
    """The condition that a person holds the role and has not left."""
    is_among = (" " + col(Person.roles) + " ").like(f"% {role} %")
    return and_(is_among, col(Person.left_at).is_(None))


def holding(session: Session, role: str) -> Sequence[Person]:
    """Those who hold the role and have not left, locked: the last of them cannot slip away while
    another does."""
    statement = select(Person).where(holds(role))
    return session.exec(statement.order_by(col(Person.id)).with_for_update(key_share=True)).all()


def with_roles(session: Session) -> Sequence[Person]:
    """Everybody who has a role across the municipality, by id."""
    return session.exec(select(Person).where(Person.roles != "").order_by(col(Person.id))).all()


def names_holding(session: Session, role: str, *, most: int) -> Sequence[str]:
    """Of so many who hold the role and have not left, those who were registered first."""
    statement = select(Person.name).where(holds(role))
    return session.exec(statement.order_by(col(Person.id)).limit(most)).all()


def how_many(session: Session, *, has_left: bool) -> int:
    left = col(Person.left_at)
    statement = select(func.count()).select_from(Person)
    statement = statement.where(left.is_not(None) if has_left else left.is_(None))
    return session.exec(statement).one()


def how_many_in(session: Session, unit_id: int) -> int:
    """People of the unit itself, also those who have left."""
    statement = select(func.count()).select_from(Person).where(Person.unit_id == unit_id)
    return session.exec(statement).one()


def page(
    session: Session,
    *,
    after_id: int,
    limit: int,
    unit_ids: Collection[int] | None = None,
    has_left: bool | None = None,
    q: str | None = None,
) -> Sequence[Person]:
    statement = select(Person).where(col(Person.id) > after_id, *_narrowed(has_left, q))
    if unit_ids is not None:
        statement = statement.where(col(Person.unit_id).in_(unit_ids))
    return session.exec(statement.order_by(col(Person.id)).limit(limit)).all()


def page_by_name(
    session: Session, *, after_id: int | None, limit: int, has_left: bool, q: str
) -> Sequence[Person]:
    """In the order of the Danish alphabet, which neither database knows: the names of all who match
    are read and sorted here. `after_id` is the last one on the page before; where that one is not
    among them any more, it begins again."""
    statement = select(Person.id, Person.name).where(*_narrowed(has_left, q))
    ids = [
        person_id
        for person_id, _ in sorted(
            session.exec(statement).all(), key=lambda one: (in_danish_order(one[1]), one[0])
        )
    ]
    first = ids.index(after_id) + 1 if after_id in ids else 0
    shown = ids[first : first + limit]
    found = session.exec(select(Person).where(col(Person.id).in_(shown))).all()
    return sorted(found, key=lambda person: shown.index(person.key))


def _narrowed(has_left: bool | None, q: str | None) -> Iterator[ColumnElement[bool]]:
    if has_left is not None:
        left = col(Person.left_at)
        yield left.is_not(None) if has_left else left.is_(None)
    for word in folded(q or "").split():
        yield col(Person.search_text).contains(word, autoescape=True)


def looks(
    session: Session, person_id: int, *, before_on: date | None, limit: int
) -> list[dict[str, Any]]:
    """A day at a time, newest first: the day, and how often by each kind of looker."""
    whose = col(PersonLook.person_id) == person_id
    days = select(col(PersonLook.seen_on)).where(whose).distinct()
    if before_on is not None:
        days = days.where(col(PersonLook.seen_on) < before_on)
    newest = days.order_by(col(PersonLook.seen_on).desc()).limit(limit)
    statement = select(PersonLook).where(whose, col(PersonLook.seen_on).in_(newest))
    by_day: dict[date, dict[str, int]] = {}
    for look in session.exec(statement.order_by(col(PersonLook.seen_on).desc())):
        by_day.setdefault(look.seen_on, {})[look.kind] = look.count
    return [{"seen_on": seen_on, "lookers": lookers} for seen_on, lookers in by_day.items()]


def names(rows: Rows, ids: Collection[int]) -> dict[int, str]:
    """Name by id, one query."""
    if not ids:
        return {}
    parameters = listed(ids)
    return {row["id"]: row["name"] for row in rows.all(_names(len(parameters)), parameters)}


def keys_with_names(session: Session) -> Sequence[tuple[ApiKey, str]]:
    """Every key there is or was, with the name of its person."""
    statement = select(ApiKey, Person.name).join(Person, col(Person.id) == ApiKey.person_id)
    return [(key, name) for key, name in session.execute(statement.order_by(col(ApiKey.id)))]


@lru_cache(maxsize=16)
def _names(places: int) -> Prepared:
    return Prepared(select(Person.id, Person.name).where(among(col(Person.id), places)))
