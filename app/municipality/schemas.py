"""How settings look in JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.municipality.queries import Shown


class SettingOut(BaseModel):
    """`default` is what it would be, had nobody changed it while the product runs."""

    name: str
    value: int | str
    default: int | str
    is_changed: bool
    changed_at: datetime | None
    changed_by_id: int | None


class SettingsOut(BaseModel):
    version: int
    settings: list[SettingOut]


def settings_json(version: int, settings: Sequence[Shown]) -> Mapping[str, Any]:
    return {"version": version, "settings": [asdict(setting) for setting in settings]}
