"""How work that came to a standstill looks in JSON."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.rest.pages import PageOf
from app.work.models import WorkItem


class StalledItem(BaseModel):
    """`work_key` says which step of its kind it is, by numbers. `attempts` is how often it was
    tried, and `last_error` what was wrong the last time: `worker_ended` where the product itself
    ended at it each time, or else the name of an error, or what a server answered."""

    id: int
    work_kind: str
    work_key: str
    attempts: int
    last_error: str
    enqueued_at: datetime
    stalled_at: datetime


class StalledWork(PageOf):
    items: list[StalledItem]


def stalled_json(item: WorkItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "work_kind": item.kind,
        "work_key": item.key,
        "attempts": item.attempts,
        "last_error": item.last_error,
        "enqueued_at": item.enqueued_at,
        "stalled_at": item.dead_at,
    }
