"""The rules of docs/domain.md once more, small and slow, to hold the product up against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.clock import local_day
from tests.hostile.danish_days import workday_after

UNANSWERED = ("delivered", "acknowledged")
TAKEN = ("accepted", "trial", "in_use", "anchored")
RECEIVED = (*UNANSWERED, *TAKEN)
ENDED = ("declined", "passed_on", "withdrawn", "discontinued")
SHELF = ("acknowledged", "accepted", "trial", "in_use")
PAUSABLE = ("announced", *RECEIVED, "returned")
GIVER, LEADER, RECEIVER, CONFIRMER = "giver", "leader", "receiver", "confirmer"
PATIENCE = {
    "delivered": 10,
    "acknowledged": 20,
    "accepted": 30,
    "trial": 90,
    "in_use": 90,
    "anchored": 365,
}


@dataclass(frozen=True)
class Row:
    """A row of the table: who, from where, to where (None: it stays), and what is told."""

    who: str
    source: tuple[str, ...]
    to: str | None
    event: str


TABLE: Mapping[str, Row] = {
    "announcement": Row(GIVER, ("draft",), "announced", "announced"),
    "delivery": Row(GIVER, ("draft", "announced", "returned"), "delivered", "delivered"),
    "withdrawal": Row(
        GIVER, ("draft", "announced", *UNANSWERED, "returned"), "withdrawn", "withdrawn"
    ),
    "reopening": Row(GIVER, ENDED, "delivered", "reopened"),
    "receipt": Row(RECEIVER, ("delivered",), "acknowledged", "acknowledged"),
    "acceptance": Row(LEADER, UNANSWERED, "accepted", "accepted"),
    "clarification": Row(RECEIVER, UNANSWERED, "returned", "returned"),
    "refusal": Row(LEADER, (*UNANSWERED, "accepted"), "declined", "declined"),
    "passing-on": Row(LEADER, UNANSWERED, "passed_on", "passed_on"),
    "reconsideration": Row(
        LEADER, ("accepted", "returned", "declined", "passed_on"), "acknowledged", "reconsidered"
    ),
    "trial": Row(RECEIVER, ("accepted",), "trial", "trial_started"),
    "use": Row(RECEIVER, ("accepted", "trial"), "in_use", "put_in_use"),
    "anchoring": Row(LEADER, ("in_use",), None, "anchoring_proposed"),
    "anchoring/confirmation": Row(CONFIRMER, ("in_use",), "anchored", "anchored"),
    "ending": Row(LEADER, TAKEN, "discontinued", "discontinued"),
    "pause": Row(RECEIVER, PAUSABLE, None, "paused"),
    "resumption": Row(RECEIVER, PAUSABLE, None, "resumed"),
    "owner": Row(RECEIVER, TAKEN, None, "owner_named"),
    "plan": Row(RECEIVER, TAKEN, None, "planned"),
    "edition": Row(RECEIVER, ("trial", "in_use", "anchored"), None, "edition_taken"),
    "follow-up": Row(RECEIVER, TAKEN, None, "follow_up.recorded"),
}


@dataclass(frozen=True)
class Passed:
    """When a handover was passed on to the unit, and which handover the giver was given there."""

    at: datetime
    unit: str
    there: int


@dataclass
class Gone:
    """One handover as it should be. `origin` is the one that was passed on and asks for it, and
    `passed` what passing this one on led to."""

    unit: str
    state: str
    last_life_at: datetime
    edition: int
    version: int = 1
    is_shown: bool = False
    is_new_edition: bool = False
    has_receipt: bool = False
    knows_ripple: bool = False
    owner: str | None = None
    next_on: date | None = None
    paused_until: date | None = None
    pause_count: int = 0
    plan: dict[str, str] = field(default_factory=dict)
    trial_to_on: date | None = None
    in_use_since_on: date | None = None
    proposed_by: frozenset[str] = frozenset()
    due_on: date | None = None
    drafted_at: datetime | None = None
    origin: int | None = None
    passed: Passed | None = None
    events: list[str] = field(default_factory=list)

    def row(self) -> dict[str, object]:
        """All of it but the version, what has been told, and what only the log knows."""
        kept = {**vars(self), "plan": dict(self.plan)}
        return {name: kept[name] for name in kept.keys() - {"version", "events", "passed"}}

    def tell(self, *events: str) -> None:
        self.events += [name if "." in name else f"handover.{name}" for name in events]

    def lives(self, now: datetime) -> None:
        """A sign of life, and the day by which the next is due."""
        self.last_life_at = now
        lived_on = local_day(now)
        agreed = self.next_on
        if self.state == "trial" and (agreed is None or agreed <= lived_on):
            agreed = self.trial_to_on
        days = PATIENCE.get(self.state)
        if days is None:
            self.due_on = None
        elif self.paused_until is not None and self.paused_until > lived_on:
            self.due_on = self.paused_until
        elif agreed is not None and agreed > lived_on:
            self.due_on = agreed
        elif self.state in ("delivered", "acknowledged", "accepted"):
            self.due_on = workday_after(lived_on, days)
        else:
            self.due_on = lived_on + timedelta(days=days)

    def unpause(self) -> None:
        self.paused_until = None

    def deliver(self, now: datetime, edition: int) -> None:
        self.state, self.edition, self.is_new_edition = "delivered", edition, False
        self.is_shown, self.has_receipt, self.next_on = True, False, None
        self.lives(now)

    def meet_edition(self, now: datetime, edition: int) -> None:
        """A material change of the gift."""
        if self.state in ("delivered", "acknowledged", "accepted"):
            self.unpause()
            self.plan.clear()
            self.deliver(now, edition)
            self.is_new_edition = True
            self.tell("receipt_voided")
        elif self.state in ("trial", "in_use", "anchored"):
            self.is_new_edition = True
            self.tell("edition_offered")

    def forget(self) -> None:
        """What a reopening and a second thought begin without."""
        self.owner = self.trial_to_on = self.in_use_since_on = self.passed = None
        self.plan.clear()
        self.proposed_by = frozenset()

    def shown(self, today: date) -> dict[str, object]:
        """What the API says of it, in the words of the API."""
        days = {"next_on": self.next_on, "paused_until": self.paused_until}
        return {
            "state": self.state,
            "version": self.version,
            "edition": self.edition,
            "is_new_edition": self.is_new_edition,
            "is_at_door": self.is_at_door(today),
            "is_on_shelf": self.is_on_shelf(today),
            "is_forgotten": self.is_forgotten(today),
            "dust_days": self.dust_days(today),
            **{
                name: day and day.isoformat()
                for name, day in {**days, "life_due_on": self.due_on}.items()
            },
        }

    def dust_days(self, today: date) -> int:
        return max(0, (today - self.due_on).days) if self.due_on else 0

    def is_at_door(self, today: date) -> bool:
        return self.state == "delivered" and self.dust_days(today) > 0

    def is_on_shelf(self, today: date) -> bool:
        return self.state in SHELF and self.dust_days(today) > 0

    def is_forgotten(self, today: date) -> bool:
        is_quiet = self.is_at_door(today) or self.is_on_shelf(today)
        return is_quiet and (today - local_day(self.last_life_at)).days >= 180
