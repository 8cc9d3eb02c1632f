"""The settings as they are, what they would be, and who changed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from app.changeable import CHANGEABLE
from app.handovers.rules import settings_in
from app.municipality.models import Setting
from app.running import FIRST

Value = int | str


@dataclass(frozen=True)
class Shown:
    """`default` is what GAVEBORD_… says, or what the product itself does. `changed_at` stays where
    it was taken back: then `is_changed` is false."""

    name: str
    value: Value
    default: Value
    is_changed: bool
    changed_at: datetime | None
    changed_by_id: int | None


def every(session: Session) -> tuple[int, Sequence[Shown]]:
    """The version of all of them together, and each."""
    rows = stored(session)
    present, given = settings_in(session), session.info["settings"]
    version = max((row.version for row in rows.values()), default=FIRST)
    return version, [
        Shown(
            name,
            getattr(present, name),
            getattr(given, name),
            is_changed=name in rows and rows[name].value is not None,
            changed_at=rows[name].changed_at if name in rows else None,
            changed_by_id=rows[name].changed_by_id if name in rows else None,
        )
        for name in CHANGEABLE
    ]


def stored(session: Session) -> Mapping[str, Setting]:
    return {row.name: row for row in session.exec(select(Setting))}
