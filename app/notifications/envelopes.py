"""The one read of a mail's row, with the person it goes to as they are now: for whoever sends it,
and for whoever says what stands in it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import col

from app.notifications.models import Digest, HowMuch, MailChoice
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows


@dataclass(frozen=True)
class Envelope:
    """`mail` is empty where nobody is to be mailed: they have left, or have no address, or want no
    mail. `sent_at` is when the mail server took it."""

    digest_id: int
    day: date
    sent_at: datetime | None
    person: SignedIn
    mail: str
    locale: str
    how_much: HowMuch


def envelope_of(rows: Rows, digest_id: int) -> Envelope | None:
    row = rows.first(_ENVELOPE, {"of_digest": digest_id})
    if row is None:
        return None
    how_much = HowMuch(row["how_much"] or HowMuch.ALL)
    is_mailed = row["left_at"] is None and how_much is not HowMuch.NONE
    return Envelope(
        digest_id,
        row["day"],
        row["sent_at"],
        SignedIn(row["person_id"], row["name"], frozenset(row["roles"].split())),
        row["mail"] or "" if is_mailed else "",
        row["locale"],
        how_much,
    )


_ENVELOPE = Prepared(
    columns(
        col(Digest.day),
        col(Digest.sent_at),
        col(Digest.person_id),
        col(Person.name),
        col(Person.mail),
        col(Person.locale),
        col(Person.roles),
        col(Person.left_at),
        col(MailChoice.how_much),
    )
    .join(Person, col(Person.id) == Digest.person_id)
    .outerjoin(MailChoice, col(MailChoice.person_id) == Digest.person_id)
    .where(col(Digest.id) == bindparam("of_digest"))
)
