"""The verbs of a handover as the domain's table has them, for the tests that hold of every one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from httpx2 import Response

from app.handovers.lifecycle import OPEN_TO_RECEIVER, State
from app.handovers.models import Handover
from app.people.models import Person
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, Scene

EVERYONE = (
    "giver",
    "co_driver",
    "consultant",
    "participant",
    "reference_leader",
    "secretary",
    "leader",
    "substitute",
    "owner",
    "above",
    "stranger",
)
GIVER = {"giver", "co_driver", "consultant", "secretary"}
LEADER = {"leader", "substitute"}
RECEIVER = {"leader", "substitute", "owner"}

Said = Callable[[Scene], dict[str, Any]]


def nothing(scene: Scene) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Verb:
    """`given` is what the handover is like before, `body` what is said with the step, and
    `wrong` a state in which the step is not open."""

    noun: str
    event: str
    may: set[str]
    before: State
    after: State
    wrong: State
    body: Said = nothing
    given: Said = nothing
    method: str | None = None

    def __str__(self) -> str:
        return f"{self.method or ''}{self.noun}"

    def ready(self, scene: Scene, state: State | None = None) -> Handover:
        """A handover of which the step can be taken; or in another state, of which it cannot."""
        over = {"owner": scene.owner, **self.given(scene)}
        state = state or self.before
        if state not in OPEN_TO_RECEIVER:
            over.pop("paused_until", None)
        return scene.handover(state, **over)

    def done_by(self, scene: Scene, person: Person, handover: Handover, **over: Any) -> Response:
        said = {**self.body(scene), **over}
        return scene.does(person, self.noun, handover, method=self.method, **said)

    def done_on_behalf(
        self, scene: Scene, person: Person, other: Person, handover: Handover
    ) -> Response:
        behalf = {"on_behalf_of_id": other.id}
        over = {"params": behalf} if self.method == "DELETE" else behalf
        return self.done_by(scene, person, handover, **over)


VERBS = [
    Verb("announcement", "handover.announced", GIVER, State.DRAFT, State.ANNOUNCED, State.RETURNED),
    Verb(
        "delivery",
        "handover.delivered",
        GIVER,
        State.DRAFT,
        State.DELIVERED,
        State.ACCEPTED,
        body=lambda scene: {"ripple": NO_RIPPLE},
    ),
    Verb(
        "withdrawal",
        "handover.withdrawn",
        GIVER,
        State.DELIVERED,
        State.WITHDRAWN,
        State.ACCEPTED,
        body=lambda scene: {"reason": "Vi retter den først."},
    ),
    Verb(
        "reopening",
        "handover.reopened",
        GIVER,
        State.DECLINED,
        State.DELIVERED,
        State.DELIVERED,
        body=lambda scene: {"reason": "I har fået en ny leder."},
    ),
    Verb(
        "receipt",
        "handover.acknowledged",
        RECEIVER,
        State.DELIVERED,
        State.ACKNOWLEDGED,
        State.RETURNED,
    ),
    Verb(
        "acceptance",
        "handover.accepted",
        LEADER,
        State.DELIVERED,
        State.ACCEPTED,
        State.TRIAL,
        body=lambda scene: {"owner_id": scene.owner.id, "next_on": "2026-04-01"},
    ),
    Verb(
        "clarification",
        "handover.returned",
        RECEIVER,
        State.ACKNOWLEDGED,
        State.RETURNED,
        State.ACCEPTED,
        body=lambda scene: {"question": "Hvem betaler for lokalet?"},
    ),
    Verb(
        "refusal",
        "handover.declined",
        LEADER,
        State.ACCEPTED,
        State.DECLINED,
        State.IN_USE,
        body=lambda scene: {"reason_kind": "no_capacity", "reason": "Vi er tre for få."},
    ),
    Verb(
        "passing-on",
        "handover.passed_on",
        LEADER,
        State.ACKNOWLEDGED,
        State.PASSED_ON,
        State.ACCEPTED,
        body=lambda scene: {"to_unit_id": scene.area.id, "reason": "De har de unge."},
    ),
    Verb(
        "reconsideration",
        "handover.reconsidered",
        LEADER,
        State.DECLINED,
        State.ACKNOWLEDGED,
        State.TRIAL,
    ),
    Verb(
        "trial",
        "handover.trial_started",
        RECEIVER,
        State.ACCEPTED,
        State.TRIAL,
        State.DELIVERED,
        body=lambda scene: {"question": "Kommer de unge?", "to_on": "2026-06-01"},
    ),
    Verb(
        "use",
        "handover.put_in_use",
        RECEIVER,
        State.ACCEPTED,
        State.IN_USE,
        State.ACKNOWLEDGED,
        body=lambda scene: {"practice": "Ét fast møde.", "ripple": NO_RIPPLE},
    ),
    Verb(
        "anchoring",
        "handover.anchoring_proposed",
        LEADER,
        State.IN_USE,
        State.IN_USE,
        State.TRIAL,
        body=lambda scene: {"success": "9 af 10", "citizen_value": "Ja, planen er kendt."},
        given=lambda scene: {"in_use_since_on": date(2025, 1, 1)},
    ),
    Verb(
        "anchoring/confirmation",
        "handover.anchored",
        {*GIVER, "above"},
        State.IN_USE,
        State.ANCHORED,
        State.TRIAL,
        given=lambda scene: {
            "anchoring_proposed_by_id": scene.leader.id,
            "anchoring_proposed_at": NOON,
        },
    ),
    Verb(
        "ending",
        "handover.discontinued",
        LEADER,
        State.IN_USE,
        State.DISCONTINUED,
        State.DELIVERED,
        body=lambda scene: {"reason": "Loven er ny.", "learned": "Mød op.", "ripple": NO_RIPPLE},
    ),
    Verb(
        "pause",
        "handover.paused",
        RECEIVER,
        State.ACKNOWLEDGED,
        State.ACKNOWLEDGED,
        State.WITHDRAWN,
        body=lambda scene: {"until": "2026-05-01", "reason": "Vi flytter."},
    ),
    Verb(
        "pause",
        "handover.resumed",
        RECEIVER,
        State.ACCEPTED,
        State.ACCEPTED,
        State.WITHDRAWN,
        given=lambda scene: {"paused_until": date(2026, 5, 1)},
        method="DELETE",
    ),
    Verb(
        "owner",
        "handover.owner_named",
        RECEIVER,
        State.ACCEPTED,
        State.ACCEPTED,
        State.DELIVERED,
        body=lambda scene: {"owner_id": scene.colleague.id},
    ),
    Verb(
        "plan",
        "handover.planned",
        RECEIVER,
        State.TRIAL,
        State.TRIAL,
        State.DELIVERED,
        body=lambda scene: {"first_step": "Vi ringer rundt."},
    ),
    Verb(
        "edition",
        "handover.edition_taken",
        RECEIVER,
        State.TRIAL,
        State.TRIAL,
        State.ACCEPTED,
        given=lambda scene: {
            "gift": scene.make.gift(network=scene.network, contact=scene.giver, edition=2),
            "edition": 1,
            "is_new_edition": True,
        },
    ),
]
RECEIVER_VERBS = [verb for verb in VERBS if "leader" in verb.may]
