"""Which roles the provider gives and takes, and which it leaves alone."""

from sqlmodel import Session, select

from app.eventlog.models import Event
from app.people.models import Person, WebSession
from app.signing_in import who
from app.signing_in.carried import Claims
from tests.conftest import NOON
from tests.make import Make
from tests.signing_in.saying import MAIL, Set, verified

ROLES = '{"GB-Sekretariat": "secretariat", "GB-Admin": "administrator"}'


def recognised(session: Session, said: Claims) -> Person:
    return who.recognised(session, said, now=NOON)


def told(session: Session) -> list[str]:
    return list(session.exec(select(Event.type).order_by(Event.id)).all())


def test_the_provider_decides_the_roles_that_the_settings_name(
    session: Session, make: Make, settings: Set
) -> None:
    settings(oidc_role_names='{"GB-Sekretariat": "secretariat"}')
    make.person(mail=MAIL, roles="administrator")
    given = recognised(session, verified(roles=["GB-Sekretariat", "GB-Andet"]))
    assert given.roles == "administrator secretariat"
    taken = recognised(session, verified(roles=[]))
    assert taken.roles == "administrator"
    assert told(session)[1:] == ["person.roles_changed", "person.roles_changed"]
    recognised(session, verified())
    assert len(told(session)) == 3, "nothing was changed, and nothing is told"


def test_without_role_names_the_roles_are_given_here(session: Session, make: Make) -> None:
    make.person(mail=MAIL, roles="secretariat")
    assert recognised(session, verified(roles=["administrator"])).roles == "secretariat"


def test_who_loses_a_role_is_signed_out_elsewhere(
    session: Session, make: Make, settings: Set
) -> None:
    settings(oidc_role_names=ROLES)
    signe = make.person(mail=MAIL, roles="secretariat")
    elsewhere = make.web_session(signe)
    recognised(session, verified())
    assert session.get(WebSession, elsewhere.id).ended_by == "roles"


def test_the_last_administrator_stays_one_whatever_the_provider_says(
    session: Session, make: Make, settings: Set
) -> None:
    settings(oidc_role_names=ROLES)
    signe = make.person(mail=MAIL, roles="administrator secretariat")
    assert recognised(session, verified(roles=[])).roles == "administrator"
    make.person(roles="administrator")
    assert recognised(session, verified(roles=[])).roles == ""
    assert signe.roles == ""


def test_roles_that_the_provider_holds_back_stay_as_they_are(
    session: Session, make: Make, settings: Set
) -> None:
    """Entra ID does not list the groups of somebody who is in more than 200."""
    settings(oidc_role_names=ROLES, oidc_roles_claim="groups")
    make.person(mail=MAIL, roles="secretariat")
    too_many = verified(_claim_names={"groups": "src1"})
    assert recognised(session, too_many).roles == "secretariat"


def test_an_auditor_who_is_something_else_too_is_that(
    session: Session, make: Make, settings: Set
) -> None:
    settings(oidc_role_names='{"GB-Revisor": "auditor"}')
    signe = make.person(mail=MAIL, roles="administrator")
    assert recognised(session, verified(roles=["GB-Revisor"])).roles == "administrator"
    signe.roles = ""
    session.flush()
    assert recognised(session, verified(roles=["GB-Revisor"])).roles == "auditor"
