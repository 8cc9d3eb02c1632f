"""What the directory called somebody is forgotten with their name: from the start of the service,
also where the directory has not asked for anything yet."""

from datetime import datetime

from sqlmodel import Session

from app.eventlog import log
from app.eventlog.log import By
from app.people.events import PersonPseudonymised
from app.scim import queries


def forget(session: Session, event: PersonPseudonymised, by: By, now: datetime) -> None:
    """Whose name is taken away, is not to be found by what the directory called them."""
    account = queries.account_of(session, event.subject_id)
    if account is not None:
        account.user_name = account.user_name_key = account.external_id = None
        session.flush()


log.follow(PersonPseudonymised, forget)
