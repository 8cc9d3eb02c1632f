"""What told who somebody was is also in what is kept for a while. It is taken away with the name,
in the same transaction, by each feature that keeps such things."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from app.people.models import Person
from app.rest import idempotency
from app.rows import rows_of


@dataclass(frozen=True)
class Former:
    """Who somebody was, for as long as it takes to forget it."""

    person_id: int
    texts: tuple[str, ...]

    @classmethod
    def of(cls, person: Person) -> "Former":
        texts = (person.name, person.mail, person.phone)
        return cls(person.key, tuple(text for text in texts if text))

    def is_named_in(self, text: str) -> bool:
        """In whole words: Bo is not named in a building."""
        names = "|".join(map(re.escape, self.texts))
        return re.search(rf"(?<!\w)(?:{names})(?!\w)", text, re.IGNORECASE) is not None


Forgets = Callable[[Session, Former], None]
_forgets: list[Forgets] = []


def also(forgets: Forgets) -> None:
    """Let an upper feature forget what it keeps."""
    _forgets.append(forgets)


def forget(session: Session, former: Former) -> None:
    idempotency.forget_person(rows_of(session), former.person_id, former.texts)
    for forgets in _forgets:
        forgets(session, former)
