"""Who may change whom, and see where they are signed in."""

from sqlmodel import Session

from app.people import queries
from app.people.signed_in import Role, SignedIn, may_administer, may_register


def may_touch(session: Session, person: SignedIn, person_id: int) -> None:
    """NotAllowed unless the person keeps the register; an administrator is changed and seen off by
    administrators only."""
    may_register(person)
    if Role.ADMINISTRATOR in queries.get(session, person_id).roles.split():
        may_administer(person)


def may_see_sessions(session: Session, person: SignedIn, person_id: int) -> None:
    """NotAllowed unless they are the person's own, or the person is an administrator. NotFound
    where there is nobody whose they are."""
    if person_id != person.id:
        may_administer(person)
        queries.get(session, person_id)
