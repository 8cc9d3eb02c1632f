"""The verbs of gifts: register, change, name contacts. None commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app.clock import local_day
from app.db import locked, must_be
from app.errors import Conflict, Fault, Invalid, Message, NotFound
from app.eventlog import log
from app.eventlog.log import By, PersonId
from app.gifts import queries
from app.gifts.completeness import NEEDED
from app.gifts.events import (
    ContactAdded,
    ContactRemoved,
    EditionMade,
    GiftChanged,
    GiftGiven,
    GiftRegistered,
)
from app.gifts.models import Contact, Content, Edition, Gift
from app.networks import queries as networks
from app.networks.service import must_give
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.text import folded

CONTENT = tuple(Content.model_fields)
Change = Literal["minor", "material"]


def register(
    session: Session,
    person: SignedIn,
    *,
    network_id: int,
    content: Mapping[str, Any],
    now: datetime,
) -> Gift:
    """A new draft in the network, with its first edition."""
    try:
        networks.get(session, network_id)
    except NotFound:
        raise Invalid.at("/network_id", Message("Netværket findes ikke."), code="unknown") from None
    must_give(session, person, network_id, now=now)
    gift = Gift(**content, network_id=network_id, created_at=now)
    _store(session, gift)
    _keep_edition(session, gift, changes="", person=person, now=now)
    log.record(
        session, GiftRegistered(subject_id=gift.key, title=gift.title), By(person.id), at=now
    )
    return gift


def change(
    session: Session,
    person: SignedIn,
    gift_id: int,
    content: Mapping[str, Any],
    *,
    kind: Change | None,
    changes: str,
    version: int | None,
    now: datetime,
) -> Gift:
    """Changes what the gift says. Once it has been given, `kind` must be said: a material
    change makes a new edition, and `changes` tells receivers what is new."""
    gift = to_change(session, person, gift_id, version=version, now=now)
    fields = sorted(name for name, value in content.items() if getattr(gift, name) != value)
    if not fields:
        return gift
    if gift.given_at is not None:
        _must_say_kind(kind, changes)
        _must_stay_complete(content)
    for name in fields:
        setattr(gift, name, content[name])
    if gift.given_at is not None and kind == "material":
        gift.edition += 1
        _store(session, gift)
        _keep_edition(session, gift, changes=changes, person=person, now=now)
        made = EditionMade(subject_id=gift_id, number=gift.edition, changes=changes)
        log.record(session, made, By(person.id), at=now)
    else:
        _store(session, gift)
        edition = session.get(Edition, (gift_id, gift.edition))
        assert edition is not None
        for name in fields:
            setattr(edition, name, content[name])
        log.record(session, GiftChanged(subject_id=gift_id, fields=fields), By(person.id), at=now)
    return gift


def add_contact(
    session: Session,
    person: SignedIn,
    gift_id: int,
    contact_id: int,
    *,
    version: int | None,
    now: datetime,
) -> Gift:
    """Naming the same person twice is the same as once."""
    gift = to_change(session, person, gift_id, version=version, now=now)
    contact = session.get(Person, contact_id)
    if contact is None or contact.has_left:
        raise Invalid.at("/person_id", Message("Personen findes ikke eller er stoppet."))
    if session.get(Contact, (gift_id, contact_id)) is None:
        session.add(Contact(gift_id=gift_id, person_id=contact_id))
        touch(gift)
        added = ContactAdded(subject_id=gift_id, person_id=PersonId(contact_id))
        log.record(session, added, By(person.id), at=now)
    session.flush()
    return gift


def remove_contact(
    session: Session,
    person: SignedIn,
    gift_id: int,
    contact_id: int,
    *,
    version: int | None,
    now: datetime,
) -> Gift:
    """A gift that has been given keeps at least one contact person."""
    gift = to_change(session, person, gift_id, version=version, now=now)
    contact = session.get(Contact, (gift_id, contact_id))
    if contact is None:
        raise NotFound
    others = [other for other in queries.contacts(session, gift_id) if other.id != contact_id]
    if gift.given_at is not None and not others:
        raise Conflict(
            Message("Gaven er givet, så nogen skal kunne spørges. Vælg først en anden kontakt.")
        )
    session.delete(contact)
    touch(gift)
    removed = ContactRemoved(subject_id=gift_id, person_id=PersonId(contact_id))
    log.record(session, removed, By(person.id), at=now)
    session.flush()
    return gift


def mark_given(session: Session, gift: Gift, *, by: By, now: datetime) -> None:
    """From the first announcement or delivery on, everyone signed in may see the gift."""
    if gift.given_at is None:
        gift.given_at = now
        log.record(session, GiftGiven(subject_id=gift.key), by, at=now)


def to_change(
    session: Session, person: SignedIn, gift_id: int, *, version: int | None, now: datetime
) -> Gift:
    """The gift, locked, for someone who gives on its network's behalf."""
    queries.get(session, person, gift_id, today=local_day(now))
    gift = locked(session, Gift, gift_id)
    must_give(session, person, gift.network_id, now=now)
    must_be(gift, version)
    return gift


def touch(gift: Gift) -> None:
    """Raises the gift's version when something that belongs to it has changed."""
    flag_modified(gift, "search_text")


def _must_say_kind(kind: Change | None, changes: str) -> None:
    faults = []
    if kind is None:
        say_kind = Message(
            "Gaven er givet. Sig, om rettelsen er »minor« (samme gave) eller »material« "
            "(ny udgave, som modtagerne skal se igen)."
        )
        faults.append(Fault("missing", say_kind, pointer="/change"))
    if kind == "material" and not changes:
        say_what = Message("Skriv i én sætning, hvad der er nyt i udgaven.")
        faults.append(Fault("missing", say_what, pointer="/changes"))
    if faults:
        raise Invalid(*faults)


def _must_stay_complete(content: Mapping[str, Any]) -> None:
    emptied = [name for name in NEEDED if name in content and not content[name]]
    if emptied:
        say_it = Message("Gaven er givet, så feltet kan rettes, men ikke tømmes.")
        raise Invalid(*(Fault("emptied", say_it, pointer=f"/{name}") for name in emptied))


def _keep_edition(
    session: Session, gift: Gift, *, changes: str, person: SignedIn, now: datetime
) -> None:
    content = {name: getattr(gift, name) for name in CONTENT}
    session.add(
        Edition(
            **content,
            gift_id=gift.key,
            number=gift.edition,
            changes=changes,
            made_at=now,
            made_by_id=person.id,
        )
    )


def _store(session: Session, gift: Gift) -> None:
    gift.search_text = folded(f"{gift.title} {gift.summary}")
    session.add(gift)
    session.flush()
