"""A small file of each kind, as Danish Excel writes it: for those who want to see one. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from app.importing.columns import COLUMNS, SheetKind

_ROWS: Mapping[SheetKind, Sequence[Mapping[str, str]]] = {
    SheetKind.UNITS: (
        {"external_id": "1000", "name": "Lindborg Kommune"},
        {"external_id": "1200", "name": "Familie og Unge", "parent": "1000"},
        {"external_id": "1210", "name": "Ungeenheden", "short_name": "Unge", "parent": "1200"},
    ),
    SheetKind.PEOPLE: (
        {
            "mail": "signe@lindborg.example",
            "name": "Signe Aaskov",
            "phone": "72 30 41 17",
            "title": "Enhedsleder",
            "unit": "1210",
        },
        {
            "mail": "jonas@lindborg.example",
            "name": "Jonas Birkelev",
            "title": "Netværksleder",
            "unit": "Familie og Unge",
        },
    ),
    SheetKind.GIFTS: (
        {
            "network": "Fra ung til voksen",
            "title": "Overgangsmødet ved 17½",
            "summary": "Ét fast møde, hvor planen lægges sammen.",
            "citizen_value": "Den unge kender sin plan, før hun fylder 18.",
            "ask": "Én mødeleder og 60 minutter pr. ung.",
            "target_group": "Unge på 17 år med to sagsbehandlere.",
            "success_criterion": "Andel unge med fælles plan ved 18 år.",
            "baseline": "2 af 10",
            "how_to_continue": "Ring til netværket, og aftal det første møde.",
            "contacts": "jonas@lindborg.example, signe@lindborg.example",
        },
    ),
}


def sample(kind: SheetKind) -> bytes:
    columns = COLUMNS[kind]
    rows = [[row.get(column.field, "") for column in columns] for row in _ROWS[kind]]
    return written([[column.danish for column in columns], *rows])


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """In UTF-8, which it says, with semicolons. What Excel would take for a formula is a text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
