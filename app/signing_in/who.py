"""Who it is that the identity provider speaks of, among the people here."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from app.db import locked
from app.errors import Conflict, Message
from app.eventlog import log
from app.eventlog.log import By
from app.people import queries, service, sessions
from app.people.models import Identity, Person
from app.people.signed_in import Role, one_kind
from app.settings import Settings
from app.signing_in.carried import Claims
from app.signing_in.events import IdentityBound, IdentityReleased
from app.signing_in.refusals import PersonRefused, Refusal
from app.signing_in.said import Said, said


def recognised(session: Session, claims: Claims, *, now: datetime) -> Person:
    """The person, locked, with the roles that the provider gives. PersonRefused with whom to ask:
    then the transaction must be rolled back."""
    settings: Settings = session.info["settings"]
    theirs = said(
        claims.all, roles_claim=settings.oidc_roles_claim, trusts_mail=settings.oidc_trust_mail
    )
    person = _bound_to(session, claims)
    if person is None:
        # The first time is one at a time, also for somebody with two windows: and those who change
        # roles lock the same rows before the person's.
        queries.holding(session, Role.ADMINISTRATOR)
        person = _bound_to(session, claims) or _bound_now(session, claims, theirs, now=now)
    _must_be_here(person)
    if theirs.roles is not None:
        _give_roles(session, person, theirs.roles, settings.role_names, now=now)
    person = locked(session, Person, person.key)
    _must_be_here(person)
    return person


def by_subject(session: Session, issuer: str, subject: str) -> Identity | None:
    return session.get(Identity, (issuer, subject))


def release(session: Session, person_id: int, *, by: By, now: datetime) -> None:
    """Forgets which accounts are the person's, and signs out whoever came in by them: the next
    sign-in goes by their mail again."""
    queries.get(session, person_id)
    statement = select(Identity).where(Identity.person_id == person_id).with_for_update()
    identities = session.exec(statement.order_by(Identity.issuer, Identity.subject)).all()
    for identity in identities:
        session.delete(identity)
    session.flush()
    if identities:
        log.record(session, IdentityReleased(subject_id=person_id), by, at=now)
        ending = sessions.Ending.ADMINISTRATOR
        sessions.end_all(session, person_id, ending=ending, by=by, now=now)


def _bound_to(session: Session, claims: Claims) -> Person | None:
    identity = by_subject(session, claims.issuer, claims.subject)
    if identity is None:
        return None
    return session.get(Person, identity.person_id, populate_existing=True)


def _bound_now(session: Session, claims: Claims, theirs: Said, *, now: datetime) -> Person:
    person = queries.by_mail(session, theirs.mail) if theirs.mail else None
    if person is None:
        person = _registered(session, theirs, now=now)
    _must_be_here(person)
    _must_be_free(session, person, claims.issuer)
    session.add(
        Identity(
            issuer=claims.issuer,
            subject=claims.subject,
            person_id=person.key,
            created_at=now,
        )
    )
    session.flush()
    log.record(session, IdentityBound(subject_id=person.key), By(), at=now)
    return person


def _registered(session: Session, theirs: Said, *, now: datetime) -> Person:
    settings: Settings = session.info["settings"]
    if not settings.oidc_register_unknown or theirs.name is None:
        raise _unknown(session, theirs)
    fields = {"name": theirs.name, "mail": theirs.mail, "locale": theirs.locale}
    return service.register(session, fields, by=By(), now=now)


def _must_be_here(person: Person) -> None:
    if person.has_left:
        raise PersonRefused(
            Refusal.PERSON_LEFT,
            Message(
                "Det er noteret, at du er stoppet i kommunen. Er det ikke rigtigt, så spørg din "
                "leder."
            ),
            person_id=person.key,
        )


def _must_be_free(session: Session, person: Person, issuer: str) -> None:
    """A mail address that goes to a new colleague does not bring the old one's doings along."""
    statement = select(Identity).where(Identity.person_id == person.key, Identity.issuer == issuer)
    if session.exec(statement.limit(1)).first() is not None:
        raise PersonRefused(
            Refusal.BOUND_ELSEWHERE,
            Message(
                "Din mailadresse hører til en person, der logger ind med en anden konto. Spørg "
                "%(whom)s, om den kan løsnes.",
                whom=_whom_to_ask(session),
            ),
            person_id=person.key,
        )


def _unknown(session: Session, theirs: Said) -> PersonRefused:
    whom = _whom_to_ask(session)
    if theirs.has_unproven_mail:
        return PersonRefused(
            Refusal.MAIL_NOT_VERIFIED,
            Message(
                "Kommunens login siger ikke, at din mailadresse er bekræftet, og derfor kan vi "
                "ikke se, hvem du er. Spørg %(whom)s.",
                whom=whom,
            ),
        )
    return PersonRefused(
        Refusal.PERSON_UNKNOWN,
        Message(
            "Du er logget ind i kommunen, men er ikke oprettet i Gavebordet endnu. Spørg "
            "%(whom)s, så bliver du det.",
            whom=whom,
        ),
    )


def _whom_to_ask(session: Session) -> str | Message:
    names = queries.names_holding(session, Role.ADMINISTRATOR, most=3)
    return ", ".join(names) if names else Message("jeres it-afdeling")


def _give_roles(
    session: Session,
    person: Person,
    values: frozenset[str],
    role_names: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    """The provider decides the roles that the settings name, and no others."""
    theirs = {Role(role) for role in role_names.values()}
    given = {Role(role) for value, role in role_names.items() if value in values}
    wanted = one_kind({Role(role) for role in person.roles.split()} - theirs | given)
    try:
        service.give_roles(session, person.key, wanted, version=None, by=By(), now=now)
    except Conflict:
        if Role.ADMINISTRATOR not in person.roles.split() or person.has_left:
            raise
        # The last administrator stays one, whatever the provider says: else nobody could let
        # another in.
        wanted = one_kind(wanted | {Role.ADMINISTRATOR})
        service.give_roles(session, person.key, wanted, version=None, by=By(), now=now)
