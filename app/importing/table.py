"""The rows of a file as their kind's form reads them, and every problem found in them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from app.errors import Message
from app.importing.columns import Column
from app.importing.outcome import Change
from app.rest.faults import sentence
from app.rest.forms import Form
from app.spreadsheet import Problem, Row, Sheet
from app.text import folded

Says = TypeVar("Says", bound=Form)
Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
_HEADING_ROW = 1


@dataclass(frozen=True)
class Entry(Generic[Says]):
    """A row: what it says, without the fields whose cells were `wrong`."""

    row: int
    says: Says
    wrong: frozenset[str]


class Table(Generic[Says]):
    """`entries` are empty when a key column is missing: then there is nothing to go by."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column], form: type[Says]) -> None:
        self._columns = {column.field: column for column in columns}
        self._form = form
        self._problems: list[Problem] = []
        self._headings: dict[str, str] = {}
        self._cells: dict[str, str] = {}
        self._recognise(sheet.columns)
        keys = [column for column in columns if column.is_key]
        missing = [column for column in keys if column.field not in self._headings]
        for column in missing:
            self._missing(column)
        self.entries = [] if missing else [self._entry(row) for row in sheet.rows]

    @property
    def problems(self) -> list[Problem]:
        """By row, and in a row as the columns stand in the file."""
        places = {heading: place for place, heading in enumerate(self._headings.values())}
        return sorted(
            self._problems, key=lambda problem: (problem.row, places.get(problem.column or "", -1))
        )

    def change(self, field: str, before: object, after: object) -> Change:
        """By what the file calls the field."""
        return Change(self._heading(field), str(before or ""), str(after or ""))

    def problem(self, row: int, field: str | None, message: Message) -> None:
        heading = self._heading(field) if field in self._columns else None
        self._problems.append(Problem(row, heading, message))

    def found(self, row: int, field: str, found: Found | Message) -> Found | None:
        """What was looked up; None, and a problem, where the look-up says why there is nothing."""
        if isinstance(found, Message):
            self.problem(row, field, found)
            return None
        return found

    def by_key(
        self, key: Callable[[Entry[Says]], Key | None], field: str
    ) -> Mapping[Key, Entry[Says]]:
        """The rows that have a key, by it. The same key again is a problem of the later row."""
        entries: dict[Key, Entry[Says]] = {}
        for entry in self.entries:
            found = key(entry)
            if found is None:
                continue
            first = entries.setdefault(found, entry)
            if first is not entry:
                message = Message("Det samme står allerede i række %(row)s.", row=first.row)
                self.problem(entry.row, field, message)
        return entries

    def need(self, entry: Entry[Says], field: str) -> None:
        """A problem unless the row fills the field; told once where there is no such column."""
        if getattr(entry.says, field) is not None or field in entry.wrong:
            return
        if field in self._headings:
            self.problem(entry.row, field, Message("Feltet mangler."))
        else:
            self._missing(self._columns[field])

    def _heading(self, field: str) -> str:
        return self._headings.get(field, self._columns[field].danish)

    def _recognise(self, names: Sequence[str]) -> None:
        known = {
            folded(heading): (column.field, heading)
            for column in self._columns.values()
            for heading in (column.english, column.danish)
        }
        for name in names:
            if name not in known:
                message = Message(
                    "Kolonnen kendes ikke. Der kan være: %(known)s.", known=self._all_columns()
                )
                self._problems.append(Problem(_HEADING_ROW, name, message))
                continue
            field, heading = known[name]
            if field in self._headings:
                message = Message("Kolonnen %(other)s er den samme.", other=self._headings[field])
                self._problems.append(Problem(_HEADING_ROW, heading, message))
                continue
            self._headings[field], self._cells[field] = heading, name

    def _missing(self, column: Column) -> None:
        message = Message(
            "Kolonnen %(column)s mangler. Der kan være: %(known)s.",
            column=column,
            known=self._all_columns(),
        )
        problem = Problem(_HEADING_ROW, None, message)
        if str(message) not in {str(told.message) for told in self._problems if told.row == 1}:
            self._problems.append(problem)

    def _all_columns(self) -> str:
        return ", ".join(str(column) for column in self._columns.values())

    def _entry(self, row: Row) -> Entry[Says]:
        cells = {field: row.cells[name] for field, name in self._cells.items() if row.cells[name]}
        try:
            return Entry(row.number, self._form.model_validate(cells), frozenset())
        except ValidationError as error:
            faults = error.errors()
        for fault in faults:
            self.problem(row.number, str(fault["loc"][0]), _in_words(fault))
        wrong = frozenset(str(fault["loc"][0]) for fault in faults)
        sound = {field: cell for field, cell in cells.items() if field not in wrong}
        return Entry(row.number, self._form.model_validate(sound), wrong)


def _in_words(fault: Mapping[str, Any]) -> Message:
    says = sentence(str(fault["type"]), fault.get("ctx") or {})
    if len(fault["loc"]) == 1:
        return says
    return Message("Nr. %(place)s: %(problem)s", place=fault["loc"][1] + 1, problem=says)
