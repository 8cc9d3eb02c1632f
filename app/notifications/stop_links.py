"""The link in every mail by which it becomes the last one. Whoever has the mail may stop the mail,
and nothing else; it works for as long as the person has the address."""

import base64
import hashlib
import hmac
import secrets

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col

from app.errors import Message, NotFound
from app.people.models import Person
from app.rows import Prepared, Rows, rows_of
from app.text import LARGEST_ID, digits


class MailKey(SQLModel, table=True):
    """What the links are signed with. There is one."""

    __tablename__ = "mail_key"

    id: int = Field(primary_key=True)
    secret: str


def key_in(rows: Rows) -> str | None:
    """What links are signed with; None before the first mail."""
    found = rows.first(_KEY, {})
    return None if found is None else str(found["secret"])


def make_key(session: Session) -> str:
    """What links are signed with from now on; two at once make one."""
    rows = rows_of(session)
    rows.change(_MAKE, {"id": _ONLY, "secret": secrets.token_hex(32)})
    key = key_in(rows)
    assert key is not None
    return key


def token_of(key: str, person_id: int, mail: str) -> str:
    """What stands in the link of mail to the person at the address."""
    said = f"stop mail to {person_id} at {mail}"
    digest = hmac.new(key.encode(), said.encode(), hashlib.sha256).digest()
    return f"{person_id}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def holder(session: Session, token: str) -> Person:
    """Whose mail the token stops. NotFound where it stops nobody's."""
    number, _, _ = token.partition(".")
    person_id, key = digits(number), key_in(rows_of(session))
    if person_id is None or person_id > LARGEST_ID or key is None:
        raise _not_good()
    person = session.get(Person, person_id)
    if person is None or person.has_left or not person.mail:
        raise _not_good()
    good = token_of(key, person_id, person.mail)
    if not hmac.compare_digest(token.encode("utf-8", "replace"), good.encode()):
        raise _not_good()
    return person


def _not_good() -> NotFound:
    return NotFound(
        Message(
            "Linket virker ikke. Log ind, og vælg under »Mail til mig«, hvornår du vil have mail, "
            "og hvor meget."
        )
    )


_ONLY = 1
_KEY = Prepared(columns(col(MailKey.secret)).where(col(MailKey.id) == _ONLY))
_MAKE = Prepared(
    insert(MailKey)
    .values(id=bindparam("id"), secret=bindparam("secret"))
    .on_conflict_do_nothing(index_elements=["id"])
)
