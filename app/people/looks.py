"""That somebody looked at a person, kept by day and by what the looker is, and never by who."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import partial

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app.db import Database
from app.errors import Message, NotAllowed
from app.people.models import PersonLook
from app.people.signed_in import READ_ALL, SignedIn
from app.rest.places import Places
from app.rows import Prepared, rows_of


class LookKind(StrEnum):
    """What the one who looked is: the first of these that fits."""

    ADMINISTRATOR = "administrator"
    SECRETARIAT = "secretariat"
    AUDITOR = "auditor"
    EMPLOYEE = "employee"


def kind_of(looker: SignedIn) -> LookKind:
    return next((kind for kind in LookKind if kind in looker.roles), LookKind.EMPLOYEE)


def may_see_looks(person: SignedIn, person_id: int) -> None:
    """NotAllowed unless it is about the person, or they read everything."""
    if person.id != person_id and not person.roles & READ_ALL:
        raise NotAllowed(
            Message("Det ser personen selv, sekretariatet, administratorer og revisorer.")
        )


class Looks:
    """Looks that are not in the database yet: they are added to it together, after the answers, and
    wait where it is busy. A process that is killed loses the few that wait."""

    def __init__(self) -> None:
        self._waiting: Counter[tuple[int, date, str]] = Counter()
        self._is_noting = False

    def add(self, looker: SignedIn, people: Iterable[int], *, on: date) -> None:
        """Who looks at themselves is nobody's business."""
        kind = kind_of(looker)
        for person_id in people:
            if person_id != looker.id:
                self._waiting[person_id, on, kind] += 1

    async def note(self, places: Places, database: Database) -> None:
        if self._is_noting:
            return
        self._is_noting = True
        try:
            while self._waiting:
                await self._note_those_there(places, database)
        finally:
            self._is_noting = False

    async def _note_those_there(self, places: Places, database: Database) -> None:
        taken, self._waiting = self._waiting, Counter()
        try:
            await places.change(partial(_keep, database, taken))
        except BaseException:
            self._waiting.update(taken)
            raise


def forget(session: Session, person_id: int) -> None:
    """Nobody is left who could ask."""
    session.execute(delete(PersonLook).where(col(PersonLook.person_id) == person_id))


def _keep(database: Database, looks: Counter[tuple[int, date, str]]) -> None:
    with database.writing() as session:
        rows = rows_of(session)
        # In one order, so that two servers never wait for each other.
        for (person_id, seen_on, kind), count in sorted(looks.items()):
            about = {"person_id": person_id, "seen_on": seen_on, "kind": kind}
            rows.change(_ADD, {**about, "more": count})


_FIELDS = ("person_id", "seen_on", "kind")
_ONE = insert(PersonLook).values(
    **{name: bindparam(name) for name in _FIELDS}, count=bindparam("more")
)
_ADD = Prepared(
    _ONE.on_conflict_do_update(
        index_elements=list(_FIELDS),
        set_={"count": col(PersonLook.count) + bindparam("more")},
    )
)
