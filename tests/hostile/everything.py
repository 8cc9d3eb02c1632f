"""A key that opens as much as any, for those who try what it opens."""

from sqlmodel import select

from app import clock
from app.db import Database
from app.demo import filling
from app.eventlog.log import By
from app.people import keys
from app.people.models import Person
from app.people.service import give_roles
from app.people.signed_in import Role


def key_to_everything(database: Database) -> tuple[int, str]:
    """Of the demo's secretary, who becomes an administrator too: its id, and the key itself."""
    roles, now = (Role.SECRETARIAT, Role.ADMINISTRATOR), clock.now()
    with database.writing() as session:
        secretary = session.exec(select(Person).where(Person.name == filling.SECRETARY)).one()
        give_roles(session, secretary.key, roles, version=None, by=By(), now=now)
        key, secret = keys.make(
            session,
            secretary.key,
            label="hostile",
            scopes=tuple(keys.Scope),
            expires_at=None,
            by=By(),
            now=now,
        )
        assert key.id is not None
        return key.id, secret
