"""Whom the provider's word lets in, as whom, and with which roles."""

import pytest
from sqlmodel import Session, select

from app.eventlog.log import By
from app.eventlog.models import Event
from app.people import service
from app.people.models import Identity, Person
from app.people.signed_in import Role
from app.signing_in import who
from app.signing_in.carried import Claims
from app.signing_in.refusals import PersonRefused, Refusal
from tests.conftest import NOON
from tests.make import Make
from tests.signing_in.saying import ISSUER, MAIL, Set, claims, verified


def recognised(session: Session, said: Claims) -> Person:
    return who.recognised(session, said, now=NOON)


def refused(session: Session, said: Claims) -> PersonRefused:
    """What was said, and that nothing is changed by it."""
    with pytest.raises(PersonRefused) as refusal, session.begin_nested():
        recognised(session, said)
    assert session.exec(select(Identity).where(Identity.subject == said.subject)).first() is None
    return refusal.value


def told(session: Session) -> list[str]:
    return list(session.exec(select(Event.type).order_by(Event.id)).all())


def test_a_verified_work_mail_tells_who_it_is_the_first_time(session: Session, make: Make) -> None:
    signe = make.person(mail=MAIL)
    assert recognised(session, verified(mail="Signe@Lindborg.example")).key == signe.key
    assert told(session) == ["identity.bound"]
    assert session.get(Identity, (ISSUER, "s-7")).person_id == signe.key


def test_from_then_on_the_subject_does_whatever_the_mail(session: Session, make: Make) -> None:
    signe, mads = make.person(mail=MAIL), make.person(mail="mads@lindborg.example")
    recognised(session, verified())
    assert recognised(session, claims()).key == signe.key
    assert recognised(session, verified(mail=mads.mail)).key == signe.key
    assert told(session) == ["identity.bound"]


def test_the_same_subject_at_another_provider_is_somebody_else(
    session: Session, make: Make
) -> None:
    make.person(mail=MAIL)
    recognised(session, verified())
    elsewhere = Claims("https://other.example", "s-7", None, "token", {})
    with pytest.raises(PersonRefused):
        recognised(session, elsewhere)


@pytest.mark.parametrize("verdict", [False, None, "no", 0, [], "false"])
def test_a_mail_that_is_not_verified_tells_nothing(
    session: Session, make: Make, verdict: object
) -> None:
    make.person(mail=MAIL)
    refusal = refused(session, claims(email=MAIL, email_verified=verdict))
    assert refusal.reason == Refusal.MAIL_NOT_VERIFIED
    assert refused(session, claims(email=MAIL)).reason == Refusal.MAIL_NOT_VERIFIED


def test_entra_says_in_its_own_way_that_a_mail_is_verified(session: Session, make: Make) -> None:
    signe = make.person(mail=MAIL)
    assert recognised(session, claims(email=MAIL, xms_edov=True)).key == signe.key


def test_where_mails_are_trusted_nobody_needs_to_verify_them(
    session: Session, make: Make, settings: Set
) -> None:
    settings(oidc_trust_mail=True)
    signe = make.person(mail=MAIL)
    assert refused(session, claims(email=MAIL, email_verified=False)).person_id is None
    assert recognised(session, claims(preferred_username=MAIL.upper())).key == signe.key


def test_who_is_not_known_is_told_whom_to_ask(session: Session, make: Make) -> None:
    refusal = refused(session, verified())
    assert refusal.reason == Refusal.PERSON_UNKNOWN
    assert "jeres it-afdeling" in str(refusal.detail)
    make.person(name="Lone Kjær", role=Role.ADMINISTRATOR)
    make.person(name="Ole Juul", role=Role.SECRETARIAT)
    assert "Spørg Lone Kjær, så" in str(refused(session, verified()).detail)


def test_who_has_left_is_refused_by_mail_and_by_subject(session: Session, make: Make) -> None:
    signe = make.person(mail=MAIL)
    recognised(session, verified())
    service.leave(session, signe.key, version=None, by=By(), now=NOON)
    with pytest.raises(PersonRefused) as refusal:
        recognised(session, verified())
    assert (refusal.value.reason, refusal.value.person_id) == (Refusal.PERSON_LEFT, signe.key)
    assert refused(session, verified("s-8")).reason == Refusal.PERSON_LEFT


def test_a_mail_address_that_a_new_colleague_got_does_not_lead_to_the_old_one(
    session: Session, make: Make
) -> None:
    signe = make.person(mail=MAIL)
    recognised(session, verified())
    refusal = refused(session, verified("s-8"))
    assert (refusal.reason, refusal.person_id) == (Refusal.BOUND_ELSEWHERE, signe.key)
    theirs = make.web_session(signe)
    who.release(session, signe.key, by=By(), now=NOON)
    assert theirs.ended_by == "administrator"
    who.release(session, signe.key, by=By(), now=NOON)
    assert recognised(session, verified("s-8")).key == signe.key
    assert told(session) == [
        "identity.bound",
        "identity.released",
        "session.ended",
        "identity.bound",
    ]


def test_who_is_not_known_is_registered_where_that_is_wanted(
    session: Session, settings: Set
) -> None:
    settings(oidc_register_unknown=True)
    person = recognised(session, verified(name="Signe Aaskov", locale="en-GB"))
    assert (person.name, person.mail, person.locale) == ("Signe Aaskov", MAIL, "en")
    assert (person.roles, person.unit_id) == ("", None)
    assert told(session) == ["person.registered", "identity.bound"]
    assert recognised(session, verified()).key == person.key


def test_a_mail_that_is_not_verified_is_not_registered_with_anybody(
    session: Session, make: Make, settings: Set
) -> None:
    settings(oidc_register_unknown=True)
    signe = make.person(mail=MAIL)
    person = recognised(session, claims(name="En anden", email=MAIL))
    assert person.key != signe.key
    assert person.mail is None


def test_who_has_no_name_that_can_be_written_is_not_registered(
    session: Session, settings: Set
) -> None:
    settings(oidc_register_unknown=True)
    for name in ("", " ", "x" * 201, "a\nb", "010190-1234", 7, None):
        assert refused(session, claims(name=name)).reason == Refusal.PERSON_UNKNOWN
