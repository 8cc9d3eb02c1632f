"""The verbs of people. None commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete

from app.db import locked
from app.errors import Conflict, Invalid, Message
from app.eventlog import log
from app.eventlog.log import By
from app.people import keys, looks, queries, sessions
from app.people.events import (
    PersonChanged,
    PersonLeft,
    PersonPseudonymised,
    PersonRegistered,
    PersonReturned,
    RolesChanged,
)
from app.people.forgetting import Former, forget
from app.people.models import Identity, Person
from app.people.signed_in import Role
from app.text import folded


def register(session: Session, fields: Mapping[str, Any], *, by: By, now: datetime) -> Person:
    """Raises Invalid when the mail is taken or the unit does not exist."""
    person = Person(**fields, created_at=now)
    _store(session, person)
    log.record(session, PersonRegistered(subject_id=person.key), by, at=now)
    return person


def change(
    session: Session,
    person_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    by: By,
    now: datetime,
) -> Person:
    person = locked(session, Person, person_id, version=version)
    _still_a_person(person)
    changed = sorted(name for name, value in fields.items() if getattr(person, name) != value)
    if not changed:
        return person
    for name in changed:
        setattr(person, name, fields[name])
    _store(session, person)
    log.record(session, PersonChanged(subject_id=person_id, fields=changed), by, at=now)
    if "mail" in changed:
        # The address is a way in: who came by the one before, has to come by the new one.
        sessions.end_all(session, person_id, ending=sessions.Ending.MAIL, by=by, now=now)
    return person


def give_roles(
    session: Session,
    person_id: int,
    roles: Collection[Role],
    *,
    version: int | None,
    by: By,
    now: datetime,
) -> Person:
    """Sets all roles at once. The last administrator cannot stop being one. Who loses a role has to
    sign in again. Invalid where somebody would be an auditor and something else."""
    if Role.AUDITOR in roles and len(set(roles)) > 1:
        raise Invalid.at("/roles", _ALONE, code="auditor_alone")
    administrators = [] if Role.ADMINISTRATOR in roles else _administrators(session)
    person = locked(session, Person, person_id, version=version)
    wanted = " ".join(sorted(set(roles)))
    if person.roles == wanted:
        return person
    if person.has_left and wanted:
        raise Conflict(Message("%(name)s er her ikke mere.", name=person.name))
    if Role.ADMINISTRATOR not in roles:
        _leave_an_administrator(person, administrators)
    has_lost_some = not set(person.roles.split()) <= set(wanted.split())
    person.roles = wanted
    if has_lost_some:
        sessions.end_all(session, person_id, ending=sessions.Ending.ROLES, by=by, now=now)
    log.record(session, RolesChanged(subject_id=person_id, roles=sorted(set(roles))), by, at=now)
    return person


def leave(
    session: Session, person_id: int, *, version: int | None, by: By, now: datetime
) -> Person:
    """The person has left: their keys, sessions and roles end at once, their history stays."""
    administrators = _administrators(session)
    person = locked(session, Person, person_id, version=version)
    if person.has_left:
        return person
    _leave_an_administrator(person, administrators)
    person.left_at = now
    person.roles = ""
    keys.revoke_all(session, person_id, by=by, now=now)
    sessions.end_all(session, person_id, ending=sessions.Ending.LEFT, by=by, now=now)
    log.record(session, PersonLeft(subject_id=person_id), by, at=now)
    return person


def come_back(
    session: Session, person_id: int, *, version: int | None, by: By, now: datetime
) -> Person:
    person = locked(session, Person, person_id, version=version)
    if not person.has_left:
        return person
    _still_a_person(person)
    person.left_at = None
    log.record(session, PersonReturned(subject_id=person_id), by, at=now)
    return person


def pseudonymise(
    session: Session, person_id: int, *, version: int | None, by: By, now: datetime
) -> Person:
    """Takes away what tells who a person who has left was. It cannot be undone. Who
    follows the event may say what the person was: history keeps that."""
    person = locked(session, Person, person_id, version=version)
    if person.pseudonymised_at:
        return person
    if not person.has_left:
        raise Conflict(Message("Personen er her endnu. Noter først, at personen er stoppet."))
    former = Former.of(person)
    person.name = "Tidligere medarbejder"
    person.mail = person.phone = None
    person.title = ""
    person.pseudonymised_at = now
    session.execute(delete(Identity).where(col(Identity.person_id) == person_id))
    looks.forget(session, person_id)
    forget(session, former)
    log.record(session, PersonPseudonymised(subject_id=person_id), by, at=now)
    _store(session, person)
    return person


def _store(session: Session, person: Person) -> None:
    if person.mail:
        with session.no_autoflush:
            other = queries.by_mail(session, person.mail)
        if other and other is not person:
            raise Invalid.at("/mail", Message("Mailadressen bruges af en anden."), code="taken")
    person.search_text = folded(f"{person.name} {person.mail or ''}")
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:
        if "foreign key" not in str(error.orig).lower():
            raise
        raise Invalid.at("/unit_id", Message("Enheden findes ikke."), code="unknown") from error


def _still_a_person(person: Person) -> None:
    if person.pseudonymised_at:
        raise Conflict(Message("Navnet er fjernet, og det kan ikke gøres om."))


def _administrators(session: Session) -> Sequence[int]:
    """Ids of the administrators, locked. Everyone locks them before the person whose roles end,
    and in the same order: so two at once never wait for each other, and one comes last."""
    return [person.key for person in queries.holding(session, Role.ADMINISTRATOR)]


def _leave_an_administrator(person: Person, administrators: Sequence[int]) -> None:
    if Role.ADMINISTRATOR not in person.roles.split():
        return
    if not any(other != person.key for other in administrators):
        raise Conflict(Message("Der skal være mindst én administrator. Giv først en anden rollen."))


_ALONE = Message("En revisor ændrer ikke noget og har derfor ingen andre roller.")
