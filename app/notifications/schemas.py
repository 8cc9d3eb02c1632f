"""How messages look in JSON."""

from typing import Any

from pydantic import AwareDatetime, BaseModel

from app.rest.pages import PageOf
from app.rows import Shown


class NotificationOut(BaseModel):
    """One message: of an event, or a reminder. `reason` is why this person is told, and of a
    reminder which step it is; `stands_in_for_id` the leader whose substitute they are told as. The
    gift and the unit are null where it is about no handover, or one that the person does not see
    any more. `subject_id` is what an event is about, as in the log."""

    id: int
    reason: str
    stands_in_for_id: int | None
    handover_id: int | None
    gift_title: str | None
    unit_name: str | None
    event_id: int | None
    event_type: str | None
    subject_id: int | None
    reminder_id: int | None
    made_at: AwareDatetime
    read_at: AwareDatetime | None


class Notifications(PageOf):
    items: list[NotificationOut]


def notification_json(row: Shown) -> dict[str, Any]:
    return {name: row[name] for name in _FIELDS}


_FIELDS = tuple(NotificationOut.model_fields)
