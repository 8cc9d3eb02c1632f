"""How work that came to a standstill looks in JSON."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.rest.pages import PageOf
from app.work.models import WorkItem


class StalledItem(BaseModel):
    """`key` says which step of its `kind` it is, by numbers. `attempts` is how often it was tried,
    and `last_error` what was wrong the last time."""

    id: int
    kind: str
    key: str
    attempts: int
    last_error: str
    enqueued_at: datetime
    stalled_at: datetime


class StalledWork(PageOf):
    items: list[StalledItem]


def stalled_json(item: WorkItem) -> dict[str, Any]:
    names = ("id", "kind", "key", "attempts", "last_error", "enqueued_at")
    return {**{name: getattr(item, name) for name in names}, "stalled_at": item.dead_at}
