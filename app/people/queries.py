"""Every SELECT on people."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.people.models import ApiKey, Person
from app.rows import Prepared, Rows, among, listed
from app.text import folded


def get(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def by_mail(session: Session, mail: str) -> Person | None:
    return session.exec(select(Person).where(col(Person.mail) == mail.lower())).one_or_none()


def holding(session: Session, role: str) -> Sequence[Person]:
    """Those who hold the role and have not left, locked: the last of them cannot slip away while
    another does."""
    statement = select(Person).where(
        (" " + col(Person.roles) + " ").like(f"% {role} %"), col(Person.left_at).is_(None)
    )
    return session.exec(statement.order_by(col(Person.id)).with_for_update()).all()


def with_roles(session: Session) -> Sequence[Person]:
    """Everybody who has a role across the municipality, by id."""
    return session.exec(select(Person).where(Person.roles != "").order_by(col(Person.id))).all()


def page(
    session: Session,
    *,
    after_id: int,
    limit: int,
    unit_ids: Collection[int] | None = None,
    has_left: bool | None = None,
    q: str | None = None,
) -> Sequence[Person]:
    statement = select(Person).where(col(Person.id) > after_id)
    if unit_ids is not None:
        statement = statement.where(col(Person.unit_id).in_(unit_ids))
    if has_left is not None:
        left = col(Person.left_at)
        statement = statement.where(left.is_not(None) if has_left else left.is_(None))
    for word in folded(q or "").split():
        statement = statement.where(col(Person.search_text).contains(word, autoescape=True))
    return session.exec(statement.order_by(col(Person.id)).limit(limit)).all()


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
