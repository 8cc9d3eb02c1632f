"""The verbs with which the directory keeps people. None commits.

Each first locks the administrators, as everything does by which one of them may stop being it; so
that two changes from the directory never wait for each other's people and groups.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from app.db import locked
from app.errors import Message, Stale
from app.eventlog import log
from app.eventlog.log import By
from app.people import queries as people_queries
from app.people import service as people
from app.people.models import Person
from app.people.signed_in import Role
from app.scim import queries, roles
from app.scim.events import PersonProvisioned, PersonUnprovisioned
from app.scim.forms import KeptUser
from app.scim.models import ScimAccount, ScimMember
from app.scim.queries import Found
from app.scim.refusals import Refused
from app.text import folded


def provision(session: Session, kept: KeptUser, *, by: By, now: datetime) -> Found:
    """Registers a person, or takes up again one whom the directory had removed. Refused where it
    would be mistaken for somebody whom the directory knows already, and can find by user name."""
    lock_administrators(session)
    _must_be_free(session, kept, but_id=None)
    former = queries.removed_with_mail(session, kept.mail or kept.user_name)
    if former is None:
        person = people.register(session, kept.of_the_person, by=by, now=now)
    else:
        person = people.change(
            session, former.key, kept.of_the_person, version=None, by=by, now=now
        )
    account = roles.account_for(session, person.key, now=now)
    _keep(session, account, kept, by, now)
    _come_or_go(session, person, kept, by, now)
    session.flush()
    return Found(person, account)


def change(
    session: Session,
    resource_id: str,
    wanted: Callable[[Found], KeptUser],
    *,
    if_match: str | None,
    by: By,
    now: datetime,
) -> Found:
    """Makes the person what is wanted of what they are. Stale where they are not as the directory
    has seen them."""
    found = _locked(session, resource_id, if_match)
    kept = wanted(found)
    person_id = found.person.key
    _must_be_free(session, kept, but_id=person_id)
    person = people.change(session, person_id, kept.of_the_person, version=None, by=by, now=now)
    if found.account or kept.user_name != found.user_name or kept.external_id:
        account = roles.account_for(session, person_id, now=now)
        _keep(session, account, kept, by, now)
    if _come_or_go(session, person, kept, by, now):
        roles.settle(session, [person_id], by=by, now=now)
    session.flush()
    return queries.person(session, resource_id)


def remove(
    session: Session, resource_id: str, *, if_match: str | None, by: By, now: datetime
) -> None:
    """The person leaves, and the directory does not know them any more. Their history stays, and so
    does their mail: by it they are taken up again."""
    person = _locked(session, resource_id, if_match).person
    people.leave(session, person.key, version=None, by=by, now=now)
    account = roles.account_for(session, person.key, now=now)
    account.user_name = account.user_name_key = account.external_id = None
    account.group_roles = ""
    account.removals += 1
    for _, group in list(queries.groups_of(session, [person.key])):
        group.member_changes += 1
    session.execute(delete(ScimMember).where(col(ScimMember.person_id) == person.key))
    log.record(session, PersonUnprovisioned(subject_id=person.key), by, at=now)


def lock_administrators(session: Session) -> None:
    people_queries.holding(session, Role.ADMINISTRATOR)


def must_match(if_match: str | None, etag: str) -> None:
    """Stale unless it is the version that was seen, if one was named. Of weak ETags, which these
    are, the mark does not count."""
    if if_match is None or if_match.strip() == "*":
        return
    seen = {tag.strip().removeprefix("W/") for tag in if_match.split(",")}
    if etag.removeprefix("W/") not in seen:
        raise Stale(Message("Den er ændret, siden du hentede den. Hent den igen."))


def taken(attribute: str) -> Refused:
    detail = Message("%(attribute)s bruges af en anden.", attribute=attribute)
    return Refused(409, "uniqueness", detail)


def _locked(session: Session, resource_id: str, if_match: str | None) -> Found:
    lock_administrators(session)
    found = queries.person(session, resource_id)
    locked(session, Person, found.person.key)
    if found.account:
        locked(session, ScimAccount, found.account.key)
    must_match(if_match, found.etag)
    return found


def _must_be_free(session: Session, kept: KeptUser, *, but_id: int | None) -> None:
    others = queries.others_called(
        session,
        user_name=kept.user_name,
        mail=kept.mail,
        external_id=kept.external_id,
        but_id=but_id,
    )
    for other in others:
        if folded(other.user_name) == folded(kept.user_name):
            raise taken("userName")
        raise taken("emails" if kept.mail and other.person.mail == kept.mail else "externalId")


def _keep(session: Session, account: ScimAccount, kept: KeptUser, by: By, now: datetime) -> None:
    wanted = {"user_name": kept.user_name, "external_id": kept.external_id}
    changed = sorted(name for name, value in wanted.items() if getattr(account, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(account, name, wanted[name])
    account.user_name_key = folded(kept.user_name)
    session.add(account)
    event = PersonProvisioned(subject_id=account.person_id, fields=changed)
    log.record(session, event, by, at=now)


def _come_or_go(session: Session, person: Person, kept: KeptUser, by: By, now: datetime) -> bool:
    """Whether they did either. Who goes, loses keys, sessions and roles at once."""
    if kept.is_active is not person.has_left:
        return False
    verb = people.come_back if kept.is_active else people.leave
    verb(session, person.key, version=None, by=by, now=now)
    session.flush()
    return True
