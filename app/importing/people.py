"""People from a file: registered and changed by their work mails. Nobody leaves by a file."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import Session

from app.errors import Message
from app.eventlog.log import By
from app.importing.forms import PersonRow
from app.importing.known import KnownPeople, KnownUnits
from app.importing.outcome import Change, Step
from app.importing.table import Entry, Table
from app.people import service
from app.people.models import Person
from app.people.signed_in import Role, SignedIn
from app.units.models import Unit

Fields = Mapping[str, str | int]
_PLAIN = ("mail", "name", "phone", "title")


class PeoplePlan:
    """`by` is None for the product itself: on the machine everybody may be changed."""

    def __init__(
        self, session: Session, table: Table[PersonRow], *, by: SignedIn | None, now: datetime
    ) -> None:
        self._session, self._table, self._now = session, table, now
        self._may_change_all = by is None or by.is_administrator
        self._by = By(by.id if by else None)
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
            return Step(entry.row, says.name or mail, is_new=True, changes=(), act=act)
        changed = [name for name, value in fields.items() if getattr(person, name) != value]
        if changed and person.has_left:
            message = Message(
                "%(name)s er her ikke mere. Noter først, at personen er tilbage.", name=person.name
            )
            self._table.problem(entry.row, "mail", message)
        if changed and Role.ADMINISTRATOR in person.roles.split() and not self._may_change_all:
            message = Message(
                "%(name)s er administrator og rettes af en administrator.", name=person.name
            )
            self._table.problem(entry.row, "mail", message)
        changes = [self._told(person, name, fields[name]) for name in changed]
        act = partial(self._change, person, fields)
        return Step(entry.row, person.name, is_new=False, changes=changes, act=act)

    def _told(self, person: Person, name: str, value: str | int) -> Change:
        if name != "unit_id":
            return self._table.change(name, getattr(person, name), value)
        before, after = self._units.name_of(person.unit_id), self._units.name_of(int(value))
        return self._table.change("unit", before, after)

    def _register(self, fields: Fields) -> None:
        service.register(self._session, fields, by=self._by, now=self._now)

    def _change(self, person: Person, fields: Fields) -> None:
        service.change(self._session, person.key, fields, version=None, by=self._by, now=self._now)
