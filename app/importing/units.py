"""Units from a file: registered, renamed and moved by their ids in the directory; posts filled.

The file never closes a unit and never ends a post.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import Session

from app.clock import local_day
from app.errors import Message
from app.eventlog.log import By
from app.importing.forms import UnitRow
from app.importing.known import KnownLeaders, KnownPeople, KnownUnits
from app.importing.outcome import Step
from app.importing.table import Entry, Table
from app.importing.tree import circles, depths
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.units import posts, service
from app.units.line import TOP
from app.units.models import PostKind, Unit

Place = int | str
"""The id of a unit in the database; the external id of one that the file adds."""
_PLAIN = ("name", "short_name")
# So many of a circle are named. None in an organisation is longer, but a file may say anything.
_NAMED = 10


class UnitPlan:
    """The steps in an order where a parent comes before what lies under it, so that each move
    is possible when its turn comes."""

    def __init__(
        self, session: Session, table: Table[UnitRow], *, by: SignedIn | None, now: datetime
    ) -> None:
        self._session, self._table, self._now = session, table, now
        self._by = By(by.id if by else None)
        self._units = KnownUnits(session)
        self._people = KnownPeople(session)
        self._leaders = KnownLeaders(session, local_day(now))
        self._entries = table.by_key(lambda entry: entry.says.external_id, "external_id")
        # The ids of units in the database; the steps add those that they register.
        self._ids: dict[Place, int] = {unit.key: unit.key for unit in self._units.all}

    def steps(self) -> list[Step]:
        named: dict[int, Place | None] = {}
        leaders: dict[int, Person | None] = {}
        for entry in self._table.entries:
            self._table.need(entry, "external_id")
            named[entry.row] = self._parent(entry)
            leaders[entry.row] = self._leader(entry)
        parents: dict[Place, Place | None] = {unit.key: unit.parent_id for unit in self._units.all}
        for key, entry in self._entries.items():
            place = self._place(key)
            parents[place] = named[entry.row] or parents.get(place)
        self._untangle(parents)
        depth = depths(parents)
        self._measure(parents, depth)
        in_order = sorted(
            self._entries.items(), key=lambda item: (depth[self._place(item[0])], item[1].row)
        )
        return [
            self._step(key, entry, parents[self._place(key)], leaders[entry.row])
            for key, entry in in_order
        ]

    def _place(self, external_id: str) -> Place:
        unit = self._units.by_external_id.get(external_id)
        return external_id if unit is None else unit.key

    def _parent(self, entry: Entry[UnitRow]) -> Place | None:
        text = entry.says.parent
        if text is None:
            return None
        unit = self._units.by_external_id.get(text)
        if unit is None and text in self._entries:
            return text
        if unit is None:
            message = Message(
                "Der er ingen enhed med det id, heller ikke i filen: %(id)s.", id=text
            )
            self._table.problem(entry.row, "parent", message)
            return None
        found = self._table.found(entry.row, "parent", self._units.open(text))
        return None if found is None else found.key

    def _leader(self, entry: Entry[UnitRow]) -> Person | None:
        if entry.says.leader is None:
            return None
        return self._table.found(entry.row, "leader", self._people.present(entry.says.leader))

    def _untangle(self, parents: dict[Place, Place | None]) -> None:
        """Tells of units that would lie under themselves, and lets them lie at the top, so that
        the rest can be looked at."""
        entries = {self._place(key): entry for key, entry in self._entries.items()}
        for circle in circles(parents):
            shown = [*circle[:_NAMED], circle[0]]
            line = " > ".join(self._name(place, entries) for place in shown)
            message = Message("Enheden kommer til at ligge under sig selv: %(line)s.", line=line)
            for place in circle:
                parents[place] = None
                if place in entries and entries[place].says.parent:
                    self._table.problem(entries[place].row, "parent", message)

    def _measure(self, parents: Mapping[Place, Place | None], depth: Mapping[Place, int]) -> None:
        """Tells of the rows that put units deeper than any may lie: the first that is too deep got
        there by its own row, or by that of the nearest above it that is new there."""
        rows = {self._place(key): entry.row for key, entry in self._entries.items()}
        was: dict[Place, Place | None] = {unit.key: unit.parent_id for unit in self._units.all}
        too_deep = set()
        for first in (place for place, above in depth.items() if above == TOP):
            place: Place | None = first
            while place is not None and place in was and parents[place] == was[place]:
                place = parents[place]
            if place in rows:
                too_deep.add(rows[place])
        for row in too_deep:
            self._table.problem(row, "parent", service.too_deep())

    def _name(self, place: Place, entries: Mapping[Place, Entry[UnitRow]]) -> str:
        if place in entries and entries[place].says.name:
            return str(entries[place].says.name)
        return next((unit.name for unit in self._units.all if unit.key == place), str(place))

    def _step(
        self,
        external_id: str,
        entry: Entry[UnitRow],
        parent: Place | None,
        leader: Person | None,
    ) -> Step:
        unit, says = self._units.by_external_id.get(external_id), entry.says
        if leader is not None and self._leaders.leads(leader, unit):
            leader = None
        said = {name: getattr(says, name) for name in _PLAIN if getattr(says, name) is not None}
        if unit is None:
            self._table.need(entry, "name")
            said["external_id"] = external_id
            act = partial(self._register, said, parent, leader)
            return Step(entry.row, says.name or external_id, is_new=True, changes=(), act=act)
        changes = [
            self._table.change(name, getattr(unit, name), text)
            for name, text in said.items()
            if getattr(unit, name) != text
        ]
        if parent != unit.parent_id:
            before, after = self._called(unit.parent_id), self._called(parent)
            changes.append(self._table.change("parent", before, after))
        if leader is not None:
            changes.append(self._table.change("leader", "", leader.name))
        if changes and unit.is_closed:
            message = Message("Enheden %(name)s er lukket.", name=unit.name)
            self._table.problem(entry.row, "external_id", message)
        act = partial(self._change, unit, said, parent, leader)
        return Step(entry.row, unit.name, is_new=False, changes=changes, act=act)

    def _called(self, place: Place | None) -> str:
        if isinstance(place, str):
            return self._entries[place].says.name or place
        return self._units.name_of(place)

    def _register(
        self, said: Mapping[str, str], parent: Place | None, leader: Person | None
    ) -> None:
        fields = {**said, "parent_id": parent and self._ids[parent]}
        unit = service.register(self._session, fields, by=self._by, now=self._now)
        self._ids[said["external_id"]] = unit.key
        self._fill_post(unit, leader)

    def _change(
        self, unit: Unit, said: Mapping[str, str], parent: Place | None, leader: Person | None
    ) -> None:
        fields: dict[str, str | int | None] = {**said}
        parent_id = parent and self._ids[parent]
        if parent_id != unit.parent_id:
            fields["parent_id"] = parent_id
        if fields:
            service.change(
                self._session, unit.key, fields, version=None, by=self._by, now=self._now
            )
        self._fill_post(unit, leader)

    def _fill_post(self, unit: Unit, leader: Person | None) -> None:
        if leader is None:
            return
        posts.fill_post(
            self._session,
            unit.key,
            person_id=leader.key,
            kind=PostKind.LEADER,
            from_on=local_day(self._now),
            to_on=None,
            by=self._by,
            now=self._now,
        )
