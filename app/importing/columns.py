"""The columns that files may have, in Danish and English. Reading, messages and docs/importing.md
all go by these lists. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class SheetKind(StrEnum):
    """What a file is about."""

    UNITS = "units"
    PEOPLE = "people"
    GIFTS = "gifts"


@dataclass(frozen=True)
class Column:
    """`field` is what the row's form calls it. Every file has its kind's key columns."""

    field: str
    danish: str
    english: str
    is_key: bool = False

    def __str__(self) -> str:
        if self.danish == self.english:
            return self.danish
        return f"{self.danish} ({self.english})"


COLUMNS: Mapping[SheetKind, Sequence[Column]] = {
    SheetKind.UNITS: (
        Column("external_id", "Id", "Id", is_key=True),
        Column("name", "Navn", "Name"),
        Column("short_name", "Kort navn", "Short name"),
        Column("parent", "Overenhed", "Parent"),
        Column("leader", "Leder", "Leader"),
    ),
    SheetKind.PEOPLE: (
        Column("mail", "Mail", "Mail", is_key=True),
        Column("name", "Navn", "Name"),
        Column("phone", "Telefon", "Phone"),
        Column("title", "Titel", "Title"),
        Column("unit", "Enhed", "Unit"),
    ),
    SheetKind.GIFTS: (
        Column("network", "Netværk", "Network", is_key=True),
        Column("title", "Titel", "Title", is_key=True),
        Column("summary", "Resumé", "Summary"),
        Column("citizen_value", "Værdi for borgeren", "Citizen value"),
        Column("ask", "Hvad vi beder om", "What we ask"),
        Column("target_group", "Målgruppe", "Target group"),
        Column("success_criterion", "Succeskriterium", "Success criterion"),
        Column("baseline", "Udgangspunkt", "Baseline"),
        Column("how_to_continue", "Hvordan man går videre", "How to continue"),
        Column("contacts", "Kontakt", "Contact"),
    ),
}
