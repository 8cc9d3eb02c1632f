"""What settles a reminder about silence is exactly what counts as a sign of life."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from httpx2 import Response
from sqlmodel import select

from app.eventlog.log import CATALOG, By
from app.eventlog.models import Event
from app.gifts import service as gifts
from app.gifts.models import Gift
from app.handovers.lifecycle import TAKEN, State
from app.handovers.models import Handover
from app.notifications.models import Notification, ReminderKind
from app.notifications.settling import SETTLED_BY
from app.people.signed_in import SignedIn
from app.units import service as units
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.handovers.verbs import VERBS
from tests.notifications.test_telling import remind

pytestmark = ON_ONE

NOT_TAKEN_YET = {
    "handover.drafted",
    "handover.requested",
    "handover.request_taken_back",
    "handover.announced",
    "handover.delivered",
    "handover.reopened",
    "handover.acknowledged",
    "handover.accepted",
    "handover.returned",
    "handover.withdrawn",
}
"""Nobody has been reminded yet of what the unit does with the gift."""
ABOUT_SOMETHING_ELSE = {"handover.changed", "follow_up.changed", "follow_up.seen"}
"""Which receiver goes first, and what was said of an earlier check-in."""
WAITED = NOON - timedelta(days=5)
CHECK_IN = {"health": "going_well", "note": "Mødet holdes.", "better": "yes"}


def deeds(scene, session, make) -> Iterator[tuple[Handover, Callable[[Handover], object]]]:
    """Handovers that have been taken in, each with something that is done to it."""
    owner, by_owner = scene.client(scene.owner), partial(scene.does, scene.owner)

    def checks_in(one: Handover) -> Response:
        said = {"handover_id": one.key, "next_on": "2026-04-01", **CHECK_IN}
        return owner.post("/api/v1/follow-ups", json=said)

    def makes_edition(one: Handover) -> Gift:
        said, giver = "Et andet møde.", SignedIn(scene.giver.key, "", frozenset())
        content = {"summary": said}
        return gifts.change(
            session,
            giver,
            one.gift_id,
            content,
            kind="material",
            changes=said,
            version=None,
            now=NOON,
        )

    for state in TAKEN:
        for verb in VERBS:
            who = getattr(scene, "leader" if "leader" in verb.may else "giver")
            yield verb.ready(scene, state), partial(verb.done_by, scene, who)
        yield scene.handover(state), lambda one: by_owner("notes", one, seen=None, text="Ja.")
        yield (
            scene.handover(state),
            lambda one: by_owner("ripple", one, method="PUT", answer="none"),
        )
        yield scene.handover(state), checks_in
        yield scene.handover(state), makes_edition
        yield from closings(scene, session, make, state)


def closings(
    scene, session, make, state: State
) -> Iterator[tuple[Handover, Callable[[Handover], object]]]:
    """The unit closes: into nothing, into another, and into one that has the gift already."""
    gift, has_it, another = make.gift(), make.unit(), make.unit()
    scene.handover(state, gift=gift, unit=has_it)
    for successor in (None, another, has_it):
        closes = partial(units.close, session, version=None, by=By(), now=NOON)
        successor_id = successor.key if successor else None
        yield (
            scene.handover(state, gift=gift, unit=make.unit()),
            lambda one, to=successor_id, closes=closes: closes(one.unit_id, successor_id=to),
        )


def test_what_settles_a_silence_is_exactly_what_counts_as_a_sign_of_life(scene, session, make):
    lively, others = set(), set()
    for handover, do in deeds(scene, session, make):
        handover.last_life_at = WAITED
        remind(session, handover, scene.secretary, ReminderKind.QUIET_LEADER)
        do(handover)
        session.flush()
        session.expire_all()
        happened = set(
            session.exec(select(Event.type).where(Event.handover_id == handover.key)).all()
        )
        (reminder,) = session.exec(
            select(Notification).where(Notification.handover_id == handover.key)
        ).all()
        lives = handover.last_life_at == NOON
        assert (reminder.read_at is not None) == lives, happened
        (lively if lives else others).update(happened)

    assert SETTLED_BY[ReminderKind.QUIET_LEADER] == lively - others
    everything = {one for one in CATALOG if one.startswith(("handover.", "follow_up."))}
    assert lively | others | NOT_TAKEN_YET | ABOUT_SOMETHING_ELSE == everything
