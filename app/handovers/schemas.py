"""How handovers look in JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from app.clock import local_day
from app.handovers import life
from app.handovers.life import Rules
from app.handovers.lifecycle import State, Step, open_steps
from app.handovers.models import Kind, Note, Ownership, ReasonKind, Ripple, Side
from app.rest.pages import PageOf
from app.rows import Shown


class HandoverSummary(BaseModel):
    """One gift to one unit, as lists show it. `dust_days` are whole days past `life_due_on`."""

    id: int
    version: int
    gift_id: int
    gift_title: str
    network_id: int
    network_name: str
    unit_id: int
    unit_name: str
    kind: Kind
    state: State
    edition: int
    is_new_edition: bool
    owner_id: int | None
    owner_name: str | None
    next_on: date | None
    paused_until: date | None
    ripple: Ripple
    delivered_at: datetime | None
    last_life_at: datetime
    life_due_on: date | None
    is_at_door: bool
    is_on_shelf: bool
    is_forgotten: bool
    dust_days: int


class HandoverOut(HandoverSummary):
    created_at: datetime
    origin_id: int | None
    needs_unit: bool
    requested_at: datetime | None
    requested_by_id: int | None
    request: str
    announced_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by_id: int | None
    accepted_at: datetime | None
    ended_at: datetime | None
    read_back: str
    first_step: str
    support_until_on: date | None
    exit_criteria: str
    trial_question: str
    trial_from_on: date | None
    trial_to_on: date | None
    trial_result: str
    in_use_since_on: date | None
    practice: str
    anchoring_proposed_by_id: int | None
    anchoring_proposed_at: datetime | None
    success: str
    citizen_value_now: str
    question: str
    reason_kind: ReasonKind | None
    reason: str
    counter_proposal: str
    learned: str
    passed_to_unit_id: int | None
    pause_reason: str
    pause_count: int
    summary: str
    citizen_value: str
    ask: str
    newest_edition: int
    affected_unit_ids: list[int]
    open_steps: list[Step]


class Handovers(PageOf):
    items: list[HandoverSummary]


class RequestOut(HandoverSummary):
    """A handover that its unit asked for. `reason` is why it ended, if it has."""

    requested_at: datetime
    requested_by_id: int
    request: str
    reason: str


class Requests(PageOf):
    items: list[RequestOut]


class OwnerOut(BaseModel):
    person_id: int
    name: str
    from_at: datetime
    to_at: datetime | None


class Owners(BaseModel):
    items: list[OwnerOut]


class NoteOut(BaseModel):
    id: int
    handover_id: int
    author_id: int
    author_name: str
    on_behalf_of_id: int | None
    side: Side
    text: str
    at: datetime


class Notes(PageOf):
    items: list[NoteOut]


class StoryEntry(BaseModel):
    """One thing that happened, as a sentence in the caller's language."""

    event_id: int
    type: str
    at: datetime
    by: str
    on_behalf_of: str | None
    text: str


class Story(PageOf):
    items: list[StoryEntry]


def summary_json(row: Shown, today: date, rules: Rules) -> Shown:
    """The row itself, with what the day says of it."""
    state, due_on = row["state"], row["life_due_on"]
    dust_days = life.dust_days(due_on, today)
    row["dust_days"] = dust_days
    if dust_days == 0:
        row["is_at_door"] = row["is_on_shelf"] = row["is_forgotten"] = False
        return row
    last_life_on = local_day(row["last_life_at"])
    row["is_at_door"] = life.is_at_door(state, due_on, today)
    row["is_on_shelf"] = life.is_on_shelf(state, due_on, today)
    row["is_forgotten"] = life.is_forgotten(state, due_on, last_life_on, today, rules=rules)
    return row


def handover_json(row: Shown, today: date, rules: Rules) -> Mapping[str, Any]:
    affected = row["affected_unit_ids"] or ""
    row["affected_unit_ids"] = sorted(int(unit_id) for unit_id in affected.split(",") if unit_id)
    row["open_steps"] = open_steps(row["state"])
    return summary_json(row, today, rules)


def owner_json(ownership: Ownership, name: str) -> Mapping[str, Any]:
    return {
        "person_id": ownership.person_id,
        "name": name,
        "from_at": ownership.from_at,
        "to_at": ownership.to_at,
    }


def note_json(note: Note, author_name: str) -> Mapping[str, Any]:
    return {
        "id": note.id,
        "handover_id": note.handover_id,
        "author_id": note.author_id,
        "author_name": author_name,
        "on_behalf_of_id": note.on_behalf_of_id,
        "side": note.side,
        "text": note.text,
        "at": note.at,
    }
