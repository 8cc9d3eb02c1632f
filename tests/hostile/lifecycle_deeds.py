"""What is said with each step, when the rules refuse it, and what it does to the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.clock import local_day
from tests.hostile.lifecycle_cast import STAFF, Town
from tests.hostile.lifecycle_model import ENDED, TABLE, TAKEN, Gone

NONE = {"answer": "none"}
PLAN = {"read_back": "Ét møde pr. ung.", "first_step": "Vi ringer."}


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: `days` from today, `person` and `unit` by their names in the town,
    and whether the plan or the trial's result is sent along."""

    action: str
    days: int
    person: str
    unit: str
    tells_all: bool


@dataclass(frozen=True)
class Moment:
    """When it is asked, by whom (and on whose behalf), with which edition of the gift, which units
    have other open handovers of it, and whether the unit it was passed on to has been told."""

    now: datetime
    actors: frozenset[str]
    edition: int
    open_at: frozenset[str]
    has_come_on: bool

    @property
    def today(self) -> date:
        return local_day(self.now)

    def on(self, wish: Wish) -> date:
        return self.today + timedelta(days=wish.days)


Rule = Callable[[Wish, Gone, Moment], bool]
Effect = Callable[[Wish, Gone, Moment], None]


def body(wish: Wish, gone: Gone, town: Town, today: date) -> dict[str, Any]:
    on = (today + timedelta(days=wish.days)).isoformat()
    plan = PLAN if wish.tells_all else {}
    bodies: Mapping[str, Callable[[], dict[str, Any]]] = {
        "delivery": lambda: {"ripple": NONE},
        "withdrawal": lambda: {"reason": "Vi retter den."},
        "reopening": lambda: {"reason": "Der er nye folk."},
        "acceptance": lambda: {"owner_id": town.id_of(wish.person), "next_on": on, **plan},
        "clarification": lambda: {"question": "Hvem betaler?"},
        "refusal": lambda: {"reason_kind": "other", "reason": "Ikke nu."},
        "passing-on": lambda: {"to_unit_id": town.units[wish.unit].key, "reason": "Dér."},
        "trial": lambda: {"question": "Virker det?", "to_on": on, **plan},
        "use": lambda: {
            "practice": "Ét møde.",
            "ripple": NONE,
            "trial_result": "Ja." if wish.tells_all else "",
            **plan,
        },
        "anchoring": lambda: {"success": "9 af 10", "citizen_value": "Ja."},
        "ending": lambda: {"reason": "Ny lov.", "learned": "Mød op.", "ripple": NONE},
        "pause": lambda: {"until": on, "reason": "Vi flytter."},
        "owner": lambda: {"owner_id": town.id_of(wish.person)},
        "plan": lambda: {**plan, **({"next_on": on} if not wish.tells_all else {})},
        "follow-up": lambda: {
            "health": "going_well",
            "note": "Det går.",
            "better": "yes",
            **({"next_on": on} if wish.tells_all else {}),
            **plan,
        },
    }
    return bodies.get(wish.action, dict)()


def refusals(wish: Wish, gone: Gone, moment: Moment) -> set[int]:
    """Every reason that the rules have to refuse it, as the status of the answer; none: it must
    be done."""
    if wish.action == "receipt" and gone.has_receipt and gone.state in ("acknowledged", *TAKEN):
        return set()
    found = {
        status
        for actions, status, refuses in _REFUSALS
        if wish.action in actions and refuses(wish, gone, moment)
    }
    return found if gone.state in TABLE[wish.action].source else {*found, 409}


def do(wish: Wish, gone: Gone, moment: Moment) -> bool:
    """Does it to the model, and says whether there was anything to do."""
    row = TABLE[wish.action]
    done_already = _DONE_ALREADY.get(wish.action)
    if done_already is not None and done_already(wish, gone, moment):
        return False
    gone.state = row.to or gone.state
    if wish.action in _UNPAUSING:
        gone.unpause()
    if effect := _EFFECTS.get(wish.action):
        effect(wish, gone, moment)
    if wish.action in ("trial", "use", "plan", "follow-up") and wish.tells_all:
        gone.plan |= PLAN
    if wish.action != "announcement":
        gone.lives(moment.now)
    gone.tell(row.event)
    if wish.action in ("delivery", "use", "ending") and not gone.knows_ripple:
        gone.knows_ripple = True
        gone.tell("ripple_answered")
    return True


def _lacks_plan(wish: Wish, gone: Gone, moment: Moment) -> bool:
    return not wish.tells_all and not {"read_back", "first_step"} <= gone.plan.keys()


def _is_too_early(wish: Wish, gone: Gone, moment: Moment) -> bool:
    since = gone.in_use_since_on
    return since is None or moment.today < since + timedelta(days=180)


def _is_own_work(wish: Wish, gone: Gone, moment: Moment) -> bool:
    return bool(moment.actors & {*gone.proposed_by, gone.owner})


def _is_not_paused(wish: Wish, gone: Gone, moment: Moment) -> bool:
    return gone.paused_until is None or gone.paused_until <= moment.today


def _is_with_others(wish: Wish, gone: Gone, moment: Moment) -> bool:
    if gone.state == "passed_on" and moment.has_come_on:
        return True
    return gone.state in ENDED and gone.unit in moment.open_at


_REFUSALS: Sequence[tuple[set[str], int, Rule]] = (
    ({"acceptance"}, 422, lambda wish, gone, moment: wish.person not in STAFF[gone.unit]),
    (
        {"owner"},
        422,
        lambda wish, gone, moment: wish.person not in {*STAFF[gone.unit], gone.owner},
    ),
    ({"passing-on"}, 422, lambda wish, gone, moment: wish.unit == gone.unit),
    ({"trial", "use", "follow-up"}, 422, _lacks_plan),
    ({"use"}, 422, lambda wish, gone, moment: gone.state == "trial" and not wish.tells_all),
    ({"reopening"}, 409, lambda wish, gone, moment: gone.unit in moment.open_at),
    ({"reconsideration"}, 409, _is_with_others),
    ({"resumption"}, 409, _is_not_paused),
    ({"anchoring"}, 409, _is_too_early),
    ({"anchoring/confirmation"}, 409, lambda wish, gone, moment: not gone.proposed_by),
    ({"anchoring/confirmation"}, 403, _is_own_work),
    ({"pause"}, 422, lambda wish, gone, moment: not 0 < wish.days <= 180),
    ({"acceptance", "trial"}, 422, lambda wish, gone, moment: wish.days <= 0),
    ({"plan"}, 422, lambda wish, gone, moment: wish.days <= 0 and not wish.tells_all),
    ({"follow-up"}, 422, lambda wish, gone, moment: wish.days <= 0 and wish.tells_all),
)
_DONE_ALREADY: Mapping[str, Rule] = {
    "receipt": lambda wish, gone, moment: gone.has_receipt,
    "owner": lambda wish, gone, moment: gone.owner == wish.person,
    "edition": lambda wish, gone, moment: gone.edition == moment.edition,
    "plan": lambda wish, gone, moment: wish.tells_all and gone.plan == PLAN,
}
_UNPAUSING = {
    *("acceptance", "clarification", "refusal", "passing-on", "withdrawal", "ending"),
    "reconsideration",
    *("trial", "use", "anchoring/confirmation", "resumption", "follow-up"),
}


def _announce(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.is_shown = True


def _deliver(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.deliver(moment.now, moment.edition)


def _reopen(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.forget()
    gone.knows_ripple = False
    gone.deliver(moment.now, moment.edition)


def _reconsider(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.forget()
    gone.has_receipt, gone.next_on = True, None
    if gone.edition != moment.edition:
        gone.edition, gone.is_new_edition = moment.edition, True


def _receive(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.has_receipt = True


def _accept(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.has_receipt, gone.is_new_edition = True, False
    gone.owner, gone.next_on = wish.person, moment.on(wish)
    gone.plan = dict(PLAN) if wish.tells_all else {}


def _try(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.trial_to_on = gone.next_on = moment.on(wish)


def _use(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.in_use_since_on, gone.next_on = moment.today, None


def _propose(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.proposed_by = moment.actors


def _confirm(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.next_on = None


def _pause(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.paused_until, gone.pause_count = moment.on(wish), gone.pause_count + 1


def _name_owner(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.owner = wish.person


def _plan(wish: Wish, gone: Gone, moment: Moment) -> None:
    if not wish.tells_all:
        gone.next_on = moment.on(wish)


def _take_edition(wish: Wish, gone: Gone, moment: Moment) -> None:
    gone.edition, gone.is_new_edition = moment.edition, False


def _follow_up(wish: Wish, gone: Gone, moment: Moment) -> None:
    """More than seven days early it is an extra one, and the agreed day still stands."""
    agreed = gone.next_on
    is_extra = agreed is not None and moment.today < agreed - timedelta(days=7)
    gone.next_on = moment.on(wish) if wish.tells_all else agreed if is_extra else None


_EFFECTS: Mapping[str, Effect] = {
    "announcement": _announce,
    "delivery": _deliver,
    "reopening": _reopen,
    "reconsideration": _reconsider,
    "receipt": _receive,
    "acceptance": _accept,
    "trial": _try,
    "use": _use,
    "anchoring": _propose,
    "anchoring/confirmation": _confirm,
    "pause": _pause,
    "owner": _name_owner,
    "plan": _plan,
    "edition": _take_edition,
    "follow-up": _follow_up,
}
