"""What the demo municipality is made of, as written in content.json."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Employee(Part):
    name: str
    title: str


class Department(Part):
    key: str
    name: str


class DemoUnit(Part):
    key: str
    name: str
    short_name: str
    department: str
    leader: str


class DemoNetwork(Part):
    key: str
    name: str
    kind: str
    question: str
    springboard: str
    leader: str


class DemoGift(Part):
    key: str
    network: str
    title: str
    summary: str
    citizen_value: str
    ask: str
    target_group: str
    success_criterion: str
    baseline: str
    how_to_continue: str


class DemoHandover(Part):
    """`..._after` are days after delivery, `..._days_ago` days before today, and `next_in_days`
    days from today. The state `shelf` is any that has gone quiet, and `requested` what the unit has
    asked for, in the words of the note. Where it was `reconsidered_after`, the yes came after a no
    that day."""

    gift: str
    unit: str
    state: str
    delivered_days_ago: int
    acknowledged_after: int | None = None
    reconsidered_after: int | None = None
    accepted_after: int | None = None
    in_use_after: int | None = None
    anchored_after: int | None = None
    last_life_days_ago: int
    owner: str | None = None
    next_in_days: int | None = None
    note: str | None = None


class Content(Part):
    municipality: str
    director: Employee
    secretary: Employee
    administrator: Employee
    departments: list[Department]
    units: list[DemoUnit]
    networks: list[DemoNetwork]
    gifts: list[DemoGift]
    handovers: list[DemoHandover]


@cache
def content() -> Content:
    text = (Path(__file__).parent / "content.json").read_text("utf-8")
    return Content.model_validate_json(text)
