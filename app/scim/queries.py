"""Every SELECT of SCIM: who the directory knows, by what, and which groups they are in.

It knows everybody who works here by a name that it gave them, or else by their mail, until it has
removed them or their name has been taken away.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from app.errors import NotFound
from app.people.models import Person
from app.scim.models import ScimAccount, ScimGroup, ScimMember
from app.text import folded

_RESOURCE_ID = re.compile(r"([1-9][0-9]{0,15})(?:-([1-9][0-9]{0,4}))?", re.ASCII)
_AT_A_TIME = 500

Known = Select[Person, ScimAccount]


@dataclass(frozen=True)
class Found:
    """A person whom the directory knows, and what it knows them by."""

    person: Person
    account: ScimAccount | None

    @property
    def resource_id(self) -> str:
        return resource_id(self.person.key, self.account.removals if self.account else 0)

    @property
    def user_name(self) -> str:
        return (self.account and self.account.user_name) or self.person.mail or ""

    @property
    def etag(self) -> str:
        return f'W/"{self.person.version}.{self.account.version if self.account else 0}"'


def resource_id(person_id: int, removals: int) -> str:
    """A new one for each time that the directory makes a person anew: the former stay unknown."""
    return f"{person_id}-{removals}" if removals else f"{person_id}"


def known() -> Known:
    """Everybody whom the directory knows."""
    statement = select(Person, ScimAccount).join(
        ScimAccount, col(ScimAccount.person_id) == Person.id, isouter=True
    )
    by_mail = and_(col(Person.mail).is_not(None), removals == 0)
    return statement.where(
        col(Person.pseudonymised_at).is_(None),
        or_(col(ScimAccount.user_name).is_not(None), by_mail),
    )


def person(session: Session, wanted_id: str) -> Found:
    """NotFound, also where the directory has removed them since."""
    match = is_called(wanted_id)
    row = None if match is None else session.exec(known().where(match)).one_or_none()
    if row is None:
        raise NotFound
    return Found(*row)


def is_called(wanted_id: object) -> ColumnElement[bool] | None:
    """The condition that a person has this id here; None where nobody can have it."""
    match = _RESOURCE_ID.fullmatch(wanted_id) if isinstance(wanted_id, str) else None
    if match is None:
        return None
    return and_(col(Person.id) == int(match[1]), removals == int(match[2] or 0))


def people(session: Session, wanted_ids: Collection[str]) -> dict[str, int]:
    """Person by resource id, of those that are known."""
    by_person: dict[int, str] = {}
    for wanted in wanted_ids:
        if match := _RESOURCE_ID.fullmatch(wanted):
            by_person.setdefault(int(match[1]), wanted)
    found: dict[str, int] = {}
    for some in batches(by_person):
        for row in session.exec(known().where(col(Person.id).in_(some))):
            there = Found(*row)
            if there.resource_id in wanted_ids:
                found[there.resource_id] = there.person.key
    return found


def others_called(
    session: Session,
    *,
    user_name: str,
    mail: str | None,
    external_id: str | None,
    but_id: int | None,
) -> Sequence[Found]:
    """Those that it would be mistaken for."""
    alike: list[ColumnElement[bool]] = [user_name_key == folded(user_name)]
    if mail is not None:
        alike.append(col(Person.mail) == mail)
    if external_id is not None:
        alike.append(col(ScimAccount.external_id) == external_id)
    statement = known().where(or_(*alike))
    if but_id is not None:
        statement = statement.where(col(Person.id) != but_id)
    return [Found(*row) for row in session.exec(statement)]


def removed_with_mail(session: Session, mail: str) -> Person | None:
    """Whom the directory has removed, and now perhaps makes anew."""
    statement = (
        select(Person)
        .join(ScimAccount, col(ScimAccount.person_id) == Person.id)
        .where(Person.mail == mail.lower(), col(ScimAccount.user_name).is_(None), removals > 0)
    )
    return session.exec(statement).one_or_none()


def account_of(session: Session, person_id: int) -> ScimAccount | None:
    statement = select(ScimAccount).where(ScimAccount.person_id == person_id)
    return session.exec(statement).one_or_none()


def groups() -> SelectOfScalar[ScimGroup]:
    return select(ScimGroup).where(col(ScimGroup.removed_at).is_(None))


def group(session: Session, wanted_id: str) -> ScimGroup:
    match = _RESOURCE_ID.fullmatch(wanted_id)
    if match is None or match[2]:
        raise NotFound
    found = session.exec(groups().where(ScimGroup.id == int(match[1]))).one_or_none()
    if found is None:
        raise NotFound
    return found


def another_group(
    session: Session, *, name: str, external_id: str | None, but_id: int | None
) -> ScimGroup | None:
    alike = [col(ScimGroup.name_key) == folded(name)]
    if external_id is not None:
        alike.append(col(ScimGroup.external_id) == external_id)
    statement = groups().where(or_(*alike))
    if but_id is not None:
        statement = statement.where(col(ScimGroup.id) != but_id)
    return session.exec(statement).first()


def groups_of(session: Session, person_ids: Collection[int]) -> Iterator[tuple[int, ScimGroup]]:
    """Each person with each group that they are in."""
    for some in batches(person_ids):
        statement = (
            select(ScimMember.person_id, ScimGroup)
            .join(ScimGroup, col(ScimGroup.id) == ScimMember.group_id)
            .where(col(ScimMember.person_id).in_(some))
        )
        yield from session.exec(statement)


def members(session: Session, group_ids: Collection[int]) -> dict[int, list[str]]:
    """Resource ids of the members by group, in the order of their ids."""
    found: dict[int, list[str]] = {group_id: [] for group_id in group_ids}
    for some in batches(group_ids):
        statement = (
            select(ScimMember.group_id, ScimMember.person_id, removals)
            .join(ScimAccount, col(ScimAccount.person_id) == ScimMember.person_id, isouter=True)
            .where(col(ScimMember.group_id).in_(some))
            .order_by(col(ScimMember.person_id))
        )
        for group_id, person_id, times in session.exec(statement):
            found[group_id].append(resource_id(person_id, times))
    return found


def member_ids(session: Session, group_id: int, among: Collection[int] | None = None) -> set[int]:
    """Persons in the group; all of them, or those among a few."""
    statement = select(ScimMember.person_id).where(ScimMember.group_id == group_id)
    if among is None:
        return set(session.exec(statement))
    found: set[int] = set()
    for some in batches(among):
        found.update(session.exec(statement.where(col(ScimMember.person_id).in_(some))))
    return found


def accounts_with_roles(session: Session, person_ids: Collection[int]) -> Iterator[ScimAccount]:
    for some in batches(person_ids):
        statement = select(ScimAccount).where(
            col(ScimAccount.person_id).in_(some), ScimAccount.group_roles != ""
        )
        yield from session.exec(statement)


def counted(session: Session, statement: Any) -> int:
    """How many rows the statement gives."""
    return int(session.execute(select(func.count()).select_from(statement.subquery())).scalar_one())


def batches(ids: Collection[int]) -> Iterator[list[int]]:
    """A statement has a limit to what can be listed in it."""
    rest = iter(sorted(ids))
    while some := list(islice(rest, _AT_A_TIME)):
        yield some


removals: ColumnElement[int] = func.coalesce(col(ScimAccount.removals), 0)
user_name_key: ColumnElement[str] = cast(
    func.coalesce(col(ScimAccount.user_name_key), col(Person.mail)), String
)
