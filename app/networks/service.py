"""The verbs of networks: register, change, members join and leave. None commits."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.clock import local_day
from app.db import locked, must_be
from app.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from app.eventlog import log
from app.eventlog.log import By, PersonId
from app.networks import queries
from app.networks.events import MemberJoined, MemberLeft, NetworkChanged, NetworkRegistered
from app.networks.models import Member, Network, NetworkRole
from app.people.events import PersonLeft
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.spans import overlap
from app.text import folded


def register(session: Session, fields: Mapping[str, Any], *, by: By, now: datetime) -> Network:
    network = Network(**fields, created_at=now)
    _store(session, network)
    log.record(session, NetworkRegistered(subject_id=network.key, name=network.name), by, at=now)
    return network


def change(
    session: Session,
    person: SignedIn,
    network_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Network:
    network = locked(session, Network, network_id)
    must_give(session, person, network_id, now=now)
    must_be(network, version)
    changed = sorted(name for name, value in fields.items() if getattr(network, name) != value)
    if changed:
        for name in changed:
            setattr(network, name, fields[name])
        changed_event = NetworkChanged(subject_id=network_id, fields=changed)
        log.record(session, changed_event, By(person.id), at=now)
    _store(session, network)
    return network


def join(
    session: Session,
    person: SignedIn | None,
    network_id: int,
    *,
    member_id: int,
    role: NetworkRole,
    from_on: date,
    to_on: date | None,
    now: datetime,
) -> Member:
    """Gives a person a role in the network; `person`, who does it, is None for whoever sits at the
    machine itself. The same role twice at a time is a Conflict, also for two at once: the network
    is locked first."""
    locked(session, Network, network_id)
    by = _by(session, person, network_id, now=now)
    joining = session.get(
        Person, member_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if joining is None or joining.has_left:
        raise Invalid.at("/person_id", Message("Personen findes ikke eller er stoppet."))
    if to_on is not None and to_on < from_on:
        raise Invalid.at("/to_on", Message("Rollen kan ikke slutte, før den begynder."))
    for row, name in queries.members(session, network_id):
        is_same = (row.person_id, row.role) == (member_id, role)
        if is_same and overlap(row.from_on, row.to_on, from_on, to_on):
            raise Conflict(Message("%(name)s har allerede den rolle i netværket.", name=name))
    member = Member(
        network_id=network_id,
        person_id=member_id,
        role=role,
        from_on=from_on,
        to_on=to_on,
        created_at=now,
    )
    session.add(member)
    session.flush()
    joined = MemberJoined(
        subject_id=network_id, person_id=PersonId(member_id), role=role, from_on=from_on
    )
    log.record(session, joined, by, at=now)
    return member


def end_membership(
    session: Session,
    person: SignedIn | None,
    network_id: int,
    membership_id: int,
    *,
    to_on: date,
    now: datetime,
) -> Member:
    """Sets or moves the last day of a role in the network, as `join` gives one. Conflict past today
    where the person has left: what ended with that does not begin again."""
    queries.get(session, network_id)
    by = _by(session, person, network_id, now=now)
    member = session.get(
        Member, membership_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if member is None or member.network_id != network_id:
        raise NotFound
    if to_on < member.from_on:
        raise Invalid.at("/to_on", Message("Rollen kan ikke slutte, før den begynder."))
    if member.to_on != to_on:
        if to_on > local_day(now):
            _must_be_here(session, member)
        member.to_on = to_on
        log.record(session, _left(member, to_on), by, at=now)
    return member


def end_memberships_of(session: Session, event: PersonLeft, by: By, at: datetime) -> None:
    """Who has left, is in no network: yesterday was the last day there. Where nobody else gives for
    it, the secretariat does. A role that has not begun by then is gone."""
    yesterday = local_day(at) - timedelta(days=1)
    for member in queries.held_after(session, event.subject_id, yesterday):
        if member.from_on > yesterday:
            session.delete(member)
        else:
            member.to_on = yesterday
        log.record(session, _left(member, yesterday), by, at=at)


def must_give(session: Session, person: SignedIn, network_id: int, *, now: datetime) -> None:
    """NotAllowed unless the person gives for the network, or is the secretariat."""
    if person.is_secretariat:
        return
    if not queries.gives(session, person.id, network_id, today=local_day(now)):
        raise NotAllowed(
            Message("Det gør netværkets leder, co-driver eller konsulent, eller sekretariatet.")
        )


def _by(session: Session, person: SignedIn | None, network_id: int, *, now: datetime) -> By:
    """Who does it, once it is sure that they may; None, at the machine itself, always may."""
    if person is None:
        return By()
    must_give(session, person, network_id, now=now)
    return By(person.id)


def _must_be_here(session: Session, member: Member) -> None:
    person = session.get_one(Person, member.person_id)
    if person.has_left:
        raise Conflict(Message("%(name)s er her ikke mere.", name=person.name))


def _left(member: Member, to_on: date) -> MemberLeft:
    person_id = PersonId(member.person_id)
    return MemberLeft(
        subject_id=member.network_id, person_id=person_id, role=member.role, to_on=to_on
    )


def _store(session: Session, network: Network) -> None:
    if network.ends_on is not None and network.ends_on < network.starts_on:
        raise Invalid.at("/ends_on", Message("Netværket kan ikke slutte, før det begynder."))
    network.search_text = folded(f"{network.name} {network.question}")
    session.add(network)
    session.flush()


log.follow(PersonLeft, end_memberships_of)
