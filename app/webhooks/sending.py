"""The step that sends one message to one webhook, and keeps how that went."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from app import clock
from app.rows import Rows, Shown
from app.settings import Settings
from app.webhooks import egress, outcomes
from app.webhooks.addresses import NoAddress, destination_of
from app.webhooks.bodies import body_of
from app.webhooks.egress import Answer, NotSent, Resolve
from app.webhooks.line import KIND
from app.webhooks.models import Format, Trouble
from app.webhooks.outcomes import Outcome
from app.webhooks.patience import LEFT_FOR, MOST_ATTEMPTS, hold_for, pause_after, wish_in
from app.webhooks.signing import headers_of
from app.webhooks.told import OfAnotherVersion, Said, said_by_a_test, said_of
from app.work.kinds import Failed, HandedBack, Handler, Task, Writing

__all__ = ["KIND", "sends"]
GONE = 410
_NOT_REACHED = frozenset({Trouble.NO_CONNECTION, Trouble.NO_TLS, Trouble.TOO_SLOW})
_TAKEN = range(200, 300)
_chance = random.SystemRandom()


def sends(
    *, now: Callable[[], datetime] = clock.now, resolve: Resolve = egress.looked_up
) -> Handler:
    """The handler. It sends outside any transaction, and keeps how it went with the end of the
    item. Whoever is killed between the receiver's yes and that, sends it again under the same
    `webhook-id`, by which the receiver can tell."""
    return partial(_send, now, resolve)


def _send(now: Callable[[], datetime], resolve: Resolve, task: Task) -> Writing | None:
    delivery_id: int = task.payload["delivery_id"]
    try:
        settings, found, said = _read(task, delivery_id)
    except OfAnotherVersion:
        raise HandedBack(after=LEFT_FOR * _chance.uniform(1.0, 1.5)) from None
    if found is None:
        return None
    at = now()
    if said is None:
        return partial(outcomes.give_up, delivery_id)
    is_test = found["event_id"] is None
    if not is_test and found["held_until"] is not None and found["held_until"] > at:
        raise HandedBack(after=(found["held_until"] - at) * _chance.uniform(1.0, 1.5))
    task.must_go_on()
    attempt_id = task.change(partial(outcomes.begin, delivery_id, at))
    if attempt_id is None:
        return None
    begun = time.monotonic()
    answer = _answered(found, said, settings, resolve, at)
    took = timedelta(seconds=time.monotonic() - begun)
    outcome = _outcome(found, attempt_id, answer, at, took)
    return _ending(task, outcome, _wish(answer, now()), now())


def _read(task: Task, delivery_id: int) -> tuple[Settings, Shown | None, Said | None]:
    """What waits to be sent, as it is now, and what it says; None where nothing waits any more, and
    where nothing is to be said: its webhook is off, or the event is gone. OfAnotherVersion."""
    settings = task.database.info["settings"]
    assert isinstance(settings, Settings)
    with task.database.connected() as connection:
        rows = Rows(connection)
        found = outcomes.waiting(rows, delivery_id)
        if found is None:
            return settings, None, None
        if found["event_id"] is None:
            return settings, found, said_by_a_test(found["name"], found["made_at"])
        if found["off_at"] is not None:
            return settings, found, None
        return settings, found, said_of(rows, found["event_id"])


def _answered(
    found: Shown, said: Said, settings: Settings, resolve: Resolve, at: datetime
) -> Answer | Trouble:
    body = body_of(said, Format(found["format"]), settings.public_url)
    headers = headers_of(body, found["message_id"], _secrets(found, at), at=at)
    try:
        to = destination_of(found["url"])
        return egress.post(to, body, headers, allowed=settings.webhook_places, resolve=resolve)
    except NoAddress:
        return Trouble.REFUSED_ADDRESS
    except NotSent as not_sent:
        return not_sent.trouble


def _secrets(found: Shown, at: datetime) -> Sequence[str]:
    is_former = found["former_until"] is not None and found["former_until"] > at
    return [found["secret"], found["former_secret"]] if is_former else [found["secret"]]


def _outcome(
    found: Shown, attempt_id: int, answer: Answer | Trouble, at: datetime, took: timedelta
) -> Outcome:
    status, excerpt, trouble = None, "", None
    if isinstance(answer, Answer):
        status, excerpt = answer.status, answer.excerpt
        trouble = None if status in _TAKEN else Trouble.STATUS
    else:
        trouble = answer
    return Outcome(
        webhook_id=found["webhook_id"],
        delivery_id=found["id"],
        attempt_id=attempt_id,
        is_test=found["event_id"] is None,
        at=at,
        milliseconds=int(took.total_seconds() * 1000),
        status=status,
        trouble=trouble,
        excerpt=excerpt,
    )


def _wish(answer: Answer | Trouble, now: datetime) -> timedelta | None:
    return wish_in(answer.retry_after, now=now) if isinstance(answer, Answer) else None


def _ending(task: Task, outcome: Outcome, wish: timedelta | None, now: datetime) -> Writing:
    """What is written of it. Failed where it is to be tried again."""
    if outcome.trouble is None:
        return partial(outcomes.note_delivered, outcome)
    if outcome.status == GONE:
        return partial(outcomes.note_gone, outcome)
    hold = hold_for(wish, is_reached=outcome.trouble not in _NOT_REACHED)
    held_until = now + hold if hold else None
    if outcome.is_test or task.attempt >= MOST_ATTEMPTS:
        return partial(_note_failed, outcome, None, held_until)
    pause = pause_after(task.attempt, wish, _chance)
    why = f"status {outcome.status}" if outcome.status else str(outcome.trouble)
    raise Failed(
        why,
        after=pause,
        writing=partial(_note_failed, outcome, now + pause, held_until),
    )


def _note_failed(
    outcome: Outcome, due_at: datetime | None, held_until: datetime | None, session: Session
) -> None:
    outcomes.note_failed(session, outcome, due_at=due_at, held_until=held_until)
