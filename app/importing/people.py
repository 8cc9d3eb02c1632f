"""People from a file: registered and changed by their work mails. Nobody leaves by a file."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import Session

from app.errors import Message
from app.eventlog.log import By
from app.importing.forms import PersonRow
from app.importing.known import KnownPeople, KnownUnits
from app.importing.outcome import Step
from app.importing.table import Entry, Table
from app.people import service
from app.people.models import Person
from app.units.models import Unit

Fields = Mapping[str, str | int]
_PLAIN = ("mail", "name", "phone", "title")


class PeoplePlan:
    def __init__(self, session: Session, table: Table[PersonRow], *, now: datetime) -> None:
        self._session, self._table, self._now = session, table, now
        self._units = KnownUnits(session)
        self._people = KnownPeople(session)

    def steps(self) -> list[Step]:
        units: dict[int, Unit | None] = {}
        for entry in self._table.entries:
            self._table.need(entry, "mail")
            units[entry.row] = self._unit(entry)
        entries = self._table.by_key(lambda entry: entry.says.mail, "mail")
        return [self._step(mail, entry, units[entry.row]) for mail, entry in entries.items()]

    def _unit(self, entry: Entry[PersonRow]) -> Unit | None:
        if entry.says.unit is None:
            return None
        return self._table.found(entry.row, "unit", self._units.open(entry.says.unit))

    def _step(self, mail: str, entry: Entry[PersonRow], unit: Unit | None) -> Step:
        person, says = self._people.by_mail.get(mail), entry.says
        fields: dict[str, str | int] = {
            name: getattr(says, name) for name in _PLAIN if getattr(says, name) is not None
        }
        if unit is not None:
            fields["unit_id"] = unit.key
        if person is None:
            self._table.need(entry, "name")
            act = partial(self._register, fields)
            return Step(entry.row, says.name or mail, is_new=True, changed=(), act=act)
        changed = [name for name, value in fields.items() if getattr(person, name) != value]
        if changed and person.has_left:
            message = Message(
                "%(name)s er her ikke mere. Noter først, at personen er tilbage.", name=person.name
            )
            self._table.problem(entry.row, "mail", message)
        headings = self._table.headings("unit" if name == "unit_id" else name for name in changed)
        act = partial(self._change, person, fields)
        return Step(entry.row, person.name, is_new=False, changed=headings, act=act)

    def _register(self, fields: Fields) -> None:
        service.register(self._session, fields, by=By(), now=self._now)

    def _change(self, person: Person, fields: Fields) -> None:
        service.change(self._session, person.key, fields, version=None, by=By(), now=self._now)
