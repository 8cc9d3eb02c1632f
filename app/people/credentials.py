"""What a request to the API shows for itself: a key in a header of its own, or the cookie of a
browser that is signed in. A key never rides on a cookie, and a cookie is no key."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.i18n import Locale
from app.people import keys, sessions
from app.people.keys import Scope
from app.people.sessions import Lifetimes
from app.people.signed_in import SignedIn
from app.rows import Rows, rows_of

_A_PERSON_MAY = frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN})
"""What a browser is good for: all that its person may do, and nothing that a directory does."""


@dataclass(frozen=True)
class Use:
    """One use of what was shown: what it is good for, and whether its last use is kept already.
    `locale` is the language of a person in a browser; programs ask for theirs each time."""

    shown: "Shown"
    row_id: int
    scopes: frozenset[str]
    is_noted: bool
    locale: Locale | None = None

    def note(self, session: Session, *, now: datetime) -> None:
        """Keeps that it was used, to within some minutes."""
        if self.shown.is_cookie:
            sessions.note_use(rows_of(session), self.row_id, now=now)
        else:
            keys.note_use(session, self.row_id, now=now)


@dataclass(frozen=True)
class Shown:
    """A secret, and what kind it is. `lifetimes` are those of sessions."""

    secret: str
    is_cookie: bool
    lifetimes: Lifetimes

    def opens(self, rows: Rows, *, now: datetime) -> tuple[SignedIn, Use]:
        """Whose it is. NotSignedIn with the reason that its holder needs."""
        if self.is_cookie:
            person, used = sessions.signed_in(rows, self.secret, lifetimes=self.lifetimes, now=now)
            return person, Use(self, used.session_id, _A_PERSON_MAY, used.is_noted, used.locale)
        person, use = keys.signed_in(rows, self.secret, now=now)
        return person, Use(self, use.key_id, use.scopes, use.is_noted)
