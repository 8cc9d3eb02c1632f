"""From what happened to what is sent: to whom, how often, for how long, and never under two ids."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime

import orjson
import pytest
from sqlmodel import Session, select
from standardwebhooks import Webhook as Verifier

from app.chores import FAN_OUT
from app.errors import Conflict
from app.eventlog.models import Event
from app.handovers.events import HandoverDeclined, NoteWritten
from app.notifications.models import Notification
from app.rows import Rows
from app.units.events import UnitChanged
from app.webhooks import outcomes, service
from app.webhooks.fanning import deliver
from app.webhooks.models import DeliveryState, OffReason, Trouble
from app.webhooks.patience import MOST_ATTEMPTS, PAUSES
from app.webhooks.sending import KIND
from tests.webhooks.receiver import Receiver, answer
from tests.webhooks.world import World
from tests.work.steps import left

ON_SQLITE = pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


@pytest.fixture
def world(own_database, receiver: Receiver) -> World:
    return World(own_database, receiver)


def test_what_happens_is_sent_once_signed_and_noted(world, receiver):
    webhook_id, secret = world.webhook()
    world.happens()
    world.pass_on()
    world.work()

    (got,) = receiver.got
    body = Verifier(secret).verify(got.body, got.headers)
    assert (body["type"], body["timestamp"][-1]) == ("handover.acknowledged", "Z")
    data = body["data"]
    assert data["gift"] == {"id": world.gift, "name": "Overgangsmødet"}
    assert data["unit"] == {"id": world.unit, "name": "Ungeenheden"}
    assert data["url"] == f"https://gaver.lindborg.example/handovers/{world.handover}"
    assert data["actor"]["id"] == world.admin.id
    assert data["state"] == "delivered"
    (delivery,), (attempt,) = world.deliveries(), world.attempts()
    assert delivery.message_id == got.message_id
    assert (delivery.state, delivery.due_at) == (DeliveryState.DELIVERED, None)
    assert (attempt.status, attempt.trouble) == (204, None)
    assert left(world.database) == []
    assert world.webhook_row(webhook_id).version == 1


def test_told_again_nobody_gets_it_under_another_id(world, receiver):
    world.webhook()
    world.happens()
    world.pass_on()
    with world.database.writing() as session:
        event = session.exec(select(Event).where(Event.type == "handover.acknowledged")).one()
        shown = event.model_dump()
    with world.database.writing() as session:
        deliver(Rows(session.connection()), [shown], world.now)
    world.work()
    assert len(receiver.got) == len(world.deliveries()) == 1


def test_whoever_deletes_one_while_events_are_passed_on_waits_and_leaves_nothing(world, receiver):
    webhook_id, _ = world.webhook()
    world.happens()
    with ThreadPoolExecutor(1) as threads:
        with world.database.writing() as session:
            FAN_OUT.pass_on(session, now=world.now)
            deleting = threads.submit(world.does, service.remove, webhook_id, version=None)
            with pytest.raises(TimeoutError):
                deleting.result(timeout=0.5)
        deleting.result(timeout=60)
    assert world.deliveries() == []
    world.work()
    assert receiver.got == []
    assert [one for one in left(world.database) if one.kind == KIND] == []


def test_who_passes_on_while_one_is_deleted_waits_and_leaves_it_out(world):
    (webhook_id, _), (other_id, _) = world.webhook(), world.webhook(name="Tavlen")
    world.happens()
    with ThreadPoolExecutor(1) as threads:
        with world.database.writing() as session:
            service.remove(session, world.admin, webhook_id, version=None, now=world.now)
            passing = threads.submit(world.pass_on)
            with pytest.raises(TimeoutError):
                passing.result(timeout=0.5)
        passing.result(timeout=60)
    assert [one.webhook_id for one in world.deliveries()] == [other_id]


def test_what_only_a_newer_version_knows_waits_for_its_worker(world, receiver, monkeypatch):
    world.webhook()
    world.happens()
    world.pass_on()
    with monkeypatch.context() as older:
        older.setattr("app.webhooks.told.CATALOG", {})
        for _ in range(30):
            world.work()
    assert (receiver.got, world.attempts()) == ([], [])
    assert [one.state for one in world.deliveries()] == [DeliveryState.WAITING]
    (item,) = left(world.database)
    assert (item.attempts, item.dead_at, item.last_error) == (0, None, "")
    assert item.due_at > item.enqueued_at, "so that the older one does not ask all the time"
    world.work()
    assert len(receiver.got) == 1
    assert [one.state for one in world.deliveries()] == [DeliveryState.DELIVERED]


@ON_SQLITE
@pytest.mark.parametrize(
    ("fields", "hears"),
    [
        ({"event_types": ["handover.acknowledged", "gift.changed"]}, True),
        ({"event_types": ["gift.changed"]}, False),
        ({"event_types": ["webhook.made"]}, True),
        ({"unit": "unit"}, True),
        ({"unit": "area"}, True),
        ({"unit": "elsewhere"}, False),
    ],
)
def test_a_webhook_hears_of_its_events_in_its_units(world, receiver, fields, hears):
    if place := fields.pop("unit", None):
        fields["unit_id"] = getattr(world, place)
    world.webhook(**fields)
    world.happens()
    world.pass_on()
    world.work()
    assert bool(receiver.got) is hears


@ON_SQLITE
def test_a_unit_hears_nothing_of_a_draft_and_of_its_own_changes_it_does(world, receiver):
    with world.database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE handover SET state = 'draft', announced_at = NULL, delivered_at = NULL,"
            " life_due_on = NULL"
        )
    world.webhook(unit_id=world.area)
    world.happens()
    world.happens(UnitChanged(subject_id=world.unit, fields=["name"]))
    world.pass_on()
    assert [one.type for one in world.deliveries()] == ["unit.changed"]


@ON_SQLITE
def test_what_somebody_wrote_is_not_sent(world, receiver):
    world.webhook()
    world.webhook(format="text")
    world.webhook(format="teams")
    reason = {"reason_kind": "other", "reason": "Borgeren Ib", "counter_proposal": "Borgeren Bo"}
    world.happens(
        HandoverDeclined(subject_id=world.handover, **reason),
        NoteWritten(subject_id=world.handover, note_id=1, side="giver", text="Borgeren Eva"),
    )
    world.pass_on()
    world.work()
    assert len(receiver.got) == 6
    assert not [one for one in receiver.got if b"Borgeren" in one.body]


@ON_SQLITE
def test_it_is_tried_ten_times_over_three_days_and_then_given_up(world, receiver):
    receiver.answers = [answer(500, b"<h1>Nej</h1>")]
    world.webhook()
    world.happens()
    world.pass_on()
    for pause in (timedelta(), *PAUSES):
        world.work(after=pause)
    world.work(after=DAY)

    assert len(receiver.got) == MOST_ATTEMPTS == 10
    assert len({one.message_id for one in receiver.got}) == 1
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < timedelta(days=3.5)
    assert {(one.status, one.trouble, one.excerpt) for one in world.attempts()} == {
        (500, Trouble.STATUS, "<h1>Nej</h1>")
    }
    assert world.deliveries()[0].state == DeliveryState.GIVEN_UP
    assert left(world.database) == []


@ON_SQLITE
@pytest.mark.parametrize("asked", ["seconds", "instant", "forever"])
def test_retry_after_is_honoured_within_a_day(world, receiver, asked):
    wish = {"seconds": "7200", "forever": "9" * 400}.get(asked)
    wish = wish or format_datetime(world.now + timedelta(hours=2), usegmt=True)
    receiver.answers = [answer(429, Retry_After=wish), answer(204)]
    world.webhook()
    world.happens()
    world.happens()
    world.pass_on()
    world.work()

    assert [one.last_error for one in left(world.database)] == ["status 429", ""]
    pause = world.deliveries()[0].due_at - world.now
    longest = DAY if asked == "forever" else timedelta(hours=2)
    assert longest - timedelta(minutes=1) <= pause <= longest * 1.1
    (item,) = [one for one in left(world.database) if one.key.endswith(":1")]
    assert abs(item.due_at - world.deliveries()[0].due_at) < timedelta(minutes=1)
    assert len(receiver.got) == 1, "what else there is for them waits too"
    assert [one.attempts for one in left(world.database) if one.key.endswith(":2")] == [0]
    world.work(after=2 * DAY)
    assert [one.state for one in world.deliveries()] == [DeliveryState.DELIVERED] * 2


def test_gone_switches_it_off_at_once_and_its_owner_is_told(world, receiver):
    receiver.answers = [answer(410)]
    webhook_id, _ = world.webhook()
    world.happens()
    world.happens()
    world.pass_on()
    world.work()

    webhook = world.webhook_row(webhook_id)
    assert (webhook.is_on, webhook.off_reason) == (False, OffReason.GONE)
    assert len(receiver.got) == 1, "what waited is not sent"
    assert [one.state for one in world.deliveries()] == [DeliveryState.GIVEN_UP] * 2
    world.pass_on()
    with world.database.reading() as session:
        assert owner_was_told(session, world.admin.id)
    world.happens()
    world.pass_on()
    assert len(world.deliveries()) == 2, "and hears of nothing more"


def owner_was_told(session: Session, person_id: int) -> bool:
    told = session.exec(select(Notification).where(Notification.person_id == person_id)).all()
    events = [session.get(Event, one.event_id) for one in told]
    return [event.type for event in events if event] == ["webhook.switched_off"]


@ON_SQLITE
def test_after_five_days_of_nothing_but_failure_it_is_switched_off(world, receiver):
    refuses, takes = answer(503), answer(204)
    receiver.answers = [refuses, takes, refuses]
    webhook_id, _ = world.webhook()
    for days in (0, 3, 1, 3):
        world.now += days * DAY
        world.happens()
        world.pass_on()
        world.work()
    assert len(receiver.got) == 8
    assert world.webhook_row(webhook_id).is_on, "in between one was taken"
    world.work(after=1.1 * DAY)
    webhook = world.webhook_row(webhook_id)
    assert (webhook.is_on, webhook.off_reason) == (False, OffReason.FAILING)

    world.does(service.switch_on, webhook_id, version=webhook.version)
    receiver.answers = [takes]
    world.happens()
    world.pass_on()
    world.work()
    assert world.webhook_row(webhook_id).is_on


@ON_SQLITE
def test_sent_again_by_hand_it_is_the_same_message(world, receiver):
    webhook_id, _ = world.webhook()
    world.happens()
    world.pass_on()
    world.work()
    (delivery,) = world.deliveries()
    world.does(service.redeliver, webhook_id, delivery.key)
    world.does(service.redeliver, webhook_id, delivery.key)
    world.work()
    first, second = receiver.got
    assert (first.message_id, first.body) == (second.message_id, second.body)
    world.does(service.switch_off, webhook_id, version=1)
    with pytest.raises(Conflict):
        world.does(service.redeliver, webhook_id, delivery.key)


@ON_SQLITE
def test_a_test_is_sent_also_while_it_is_off_and_pressed_twice_it_is_one(world, receiver):
    webhook_id, secret = world.webhook()
    world.does(service.switch_off, webhook_id, version=1)
    receiver.answers = [answer(500)]
    first = world.does(service.send_test, webhook_id)
    assert world.does(service.send_test, webhook_id) is not first
    world.work()
    (got,) = receiver.got
    assert Verifier(secret).verify(got.body, got.headers)["type"] == "webhook.test"
    world.work(after=DAY)
    assert len(receiver.got) == 1, "a test is tried once"
    assert world.webhook_row(webhook_id).failing_since is None


@ON_SQLITE
def test_for_a_day_both_secrets_sign_and_then_only_the_new_one(world, receiver):
    webhook_id, former = world.webhook()
    _, new = world.does(service.rotate_secret, webhook_id, version=1)
    world.does(service.send_test, webhook_id)
    world.work()
    (got,) = receiver.got
    for secret in (former, new):
        Verifier(secret).verify(got.body, got.headers)
    assert got.headers["webhook-signature"].count("v1,") == 2
    world.does(service.send_test, webhook_id)
    world.work(after=1.01 * DAY)
    assert receiver.got[1].headers["webhook-signature"].count("v1,") == 1


@ON_SQLITE
def test_a_receiver_that_is_not_there_does_not_hold_up_the_others(world, receiver):
    receiver.close()
    world.webhook()
    for _ in range(5):
        world.happens()
    world.pass_on()
    world.work()
    assert [one.trouble for one in world.attempts()] == [Trouble.NO_CONNECTION]
    assert [one.attempts for one in left(world.database)] == [1, 0, 0, 0, 0]


def test_deleted_it_takes_along_what_it_was_sent_and_what_waits_is_nothing(world, receiver):
    webhook_id, _ = world.webhook()
    receiver.answers = [answer(500)]
    world.happens()
    world.pass_on()
    world.work()
    world.does(service.remove, webhook_id, version=1)
    world.work(after=DAY)
    assert (world.deliveries(), world.attempts(), left(world.database)) == ([], [], [])


@ON_SQLITE
def test_after_a_month_it_is_forgotten_what_was_sent(world, receiver):
    world.webhook()
    world.happens()
    world.pass_on()
    world.work()
    later = world.now + outcomes.KEPT_FOR + timedelta(hours=1)
    world.now += DAY
    world.happens()
    world.pass_on()
    with world.database.writing() as session:
        assert outcomes.forget_old(session, now=later)
    assert [one.state for one in world.deliveries()] == [DeliveryState.WAITING]
    assert world.attempts() == []


@ON_SQLITE
def test_every_message_is_small_and_json(world, receiver):
    for form in ("standard", "teams", "text"):
        world.webhook(format=form)
    with world.database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE gift SET title = ?", ("[klik](https://ond.example) <!channel> @alle " * 80,)
        )
    world.happens()
    world.pass_on()
    world.work()
    assert len(receiver.got) == 3
    assert all(len(one.body) < 20_000 and orjson.loads(one.body) for one in receiver.got)
