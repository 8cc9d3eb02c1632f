"""The verbs with which the directory keeps groups. None commits."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from app.db import locked
from app.errors import Message
from app.eventlog import log
from app.eventlog.log import By
from app.scim import queries, roles
from app.scim.events import GroupChanged, GroupMade, GroupRemoved
from app.scim.forms import KeptGroup
from app.scim.models import ScimGroup, ScimMember
from app.scim.refusals import Refused
from app.scim.resources import etag_of
from app.scim.service import lock_administrators, must_match, taken
from app.text import folded


@dataclass(frozen=True)
class MemberChange:
    """Ids, as the directory knows people by. Whoever is in the group and is not `added` goes too
    where this `is_everyone`."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    is_everyone: bool = False


@dataclass(frozen=True)
class Wanted:
    """What a group shall be."""

    kept: KeptGroup
    members: MemberChange = field(default_factory=MemberChange)


def make(session: Session, wanted: Wanted, *, by: By, now: datetime) -> ScimGroup:
    lock_administrators(session)
    _must_be_free(session, wanted.kept, but_id=None)
    kept = wanted.kept
    group = ScimGroup(
        name=kept.name, name_key=folded(kept.name), external_id=kept.external_id, created_at=now
    )
    session.add(group)
    session.flush()
    log.record(session, GroupMade(subject_id=group.key, name=group.name), by, at=now)
    added, _ = _change_members(session, group, wanted.members)
    if added:
        _note(session, group, [], added, set(), by, now)
        roles.settle(session, added, by=by, now=now)
    session.flush()
    return group


def change(
    session: Session,
    group_id: str,
    wanted: Callable[[ScimGroup], Wanted],
    *,
    if_match: str | None,
    by: By,
    now: datetime,
) -> ScimGroup:
    """Makes the group what is wanted of what it is, and its members what their groups make them."""
    group = _locked(session, group_id, if_match)
    plan = wanted(group)
    _must_be_free(session, plan.kept, but_id=group.key)
    role = roles.role_of(session, group)
    changed = sorted(
        name for name, value in plan.kept.model_dump().items() if getattr(group, name) != value
    )
    group.name, group.name_key = plan.kept.name, folded(plan.kept.name)
    group.external_id = plan.kept.external_id
    added, removed = _change_members(session, group, plan.members)
    if changed or added or removed:
        _note(session, group, changed, added, removed, by, now)
    concerned = added | removed
    if roles.role_of(session, group) != role:
        concerned |= queries.member_ids(session, group.key)
    roles.settle(session, concerned, by=by, now=now)
    session.flush()
    return group


def remove(session: Session, group_id: str, *, if_match: str | None, by: By, now: datetime) -> None:
    """The group is gone, and with it the roles that it gave."""
    group = _locked(session, group_id, if_match)
    people = queries.member_ids(session, group.key)
    session.execute(delete(ScimMember).where(col(ScimMember.group_id) == group.key))
    group.removed_at = now
    group.name_key = group.external_id = None
    log.record(session, GroupRemoved(subject_id=group.key, name=group.name), by, at=now)
    roles.settle(session, people, by=by, now=now)


def _locked(session: Session, group_id: str, if_match: str | None) -> ScimGroup:
    lock_administrators(session)
    group = locked(session, ScimGroup, queries.group(session, group_id).key)
    must_match(if_match, etag_of(group))
    return group


def _must_be_free(session: Session, kept: KeptGroup, *, but_id: int | None) -> None:
    other = queries.another_group(
        session, name=kept.name, external_id=kept.external_id, but_id=but_id
    )
    if other is not None:
        raise taken("displayName" if other.name_key == folded(kept.name) else "externalId")


def _change_members(
    session: Session, group: ScimGroup, change: MemberChange
) -> tuple[set[int], set[int]]:
    """Who came and who went. Refused where somebody is to come whom the directory has not made."""
    people = queries.people(session, change.added | change.removed)
    missing = sorted(change.added - people.keys())
    if missing:
        detail = Message("Ingen person har id %(id)s.", id=missing[0][:40])
        raise Refused(400, "invalidValue", detail)
    named = None if change.is_everyone else people.values()
    there = queries.member_ids(session, group.key, named)
    wanted = {people[name] for name in change.added}
    going = there - wanted if change.is_everyone else there & _of(people, change.removed)
    coming = wanted - there
    if coming:
        rows = [{"group_id": group.key, "person_id": person} for person in sorted(coming)]
        session.execute(insert(ScimMember), rows)
    for some in queries.batches(going):
        session.execute(
            delete(ScimMember).where(
                col(ScimMember.group_id) == group.key, col(ScimMember.person_id).in_(some)
            )
        )
    if coming or going:
        group.member_changes += 1
    return coming, going


def _of(people: dict[str, int], names: Collection[str]) -> set[int]:
    return {people[name] for name in names if name in people}


def _note(
    session: Session,
    group: ScimGroup,
    changed: list[str],
    added: set[int],
    removed: set[int],
    by: By,
    now: datetime,
) -> None:
    event = GroupChanged(
        subject_id=group.key,
        name=group.name,
        fields=changed,
        added=sorted(added),
        removed=sorted(removed),
    )
    log.record(session, event, by, at=now)
