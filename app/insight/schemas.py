"""How the shelf, the door, the queue and the log look in JSON."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from app.handovers.lifecycle import State
from app.handovers.schemas import HandoverSummary
from app.insight.tasks import Verb
from app.rest.pages import PageOf
from app.units.schemas import UnitWithLeaders


class Quiet(PageOf):
    """The dustiest first."""

    items: list[HandoverSummary]


class UnitSummary(BaseModel):
    """What a new leader takes over: who answers for the unit, how many handovers there are in
    each state, and the open ones, with those due first at the top."""

    unit: UnitWithLeaders
    counts: dict[State, int]
    open: list[HandoverSummary]


class UnitCounts(BaseModel):
    """How many handovers a unit itself has in each state."""

    unit_id: int
    unit_name: str
    states: dict[State, int]


class Counts(PageOf):
    """Units in the order they were registered."""

    items: list[UnitCounts]


class GiftProgress(BaseModel):
    """In use in `in_use` of the `units` that have received it, and how many are in each state."""

    in_use: int
    units: int
    states: dict[State, int]


class TaskOut(BaseModel):
    """One thing to do. `follow_up_id` is set where the thing is to read a follow-up."""

    verb: Verb
    due_on: date
    follow_up_id: int | None
    handover: HandoverSummary


class Queue(PageOf):
    items: list[TaskOut]


class EventOut(BaseModel):
    """One thing that happened. `data` depends on `type`; see docs/reference/events.md."""

    id: int
    type: str
    subject_id: int
    handover_id: int | None
    actor_id: int | None
    on_behalf_of_id: int | None
    at: datetime
    data: dict[str, Any]


class Events(PageOf):
    """`resume` is the cursor to ask with later, for what has happened since; null only where
    nothing has happened yet."""

    items: list[EventOut]
    resume: str | None
