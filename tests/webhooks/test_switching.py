"""Switched off and on again, a webhook hears of what happens from then on, and nothing before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.db import locked
from app.webhooks import service
from app.webhooks.models import DeliveryState, OffReason, Webhook
from app.webhooks.patience import FAILING_FOR
from tests.webhooks.receiver import Receiver, answer
from tests.webhooks.world import World
from tests.work.steps import left

DAY = timedelta(days=1)


@pytest.fixture
def world(own_database, receiver: Receiver) -> World:
    return World(own_database, receiver)


def states(world: World) -> list[DeliveryState]:
    return [one.state for one in world.deliveries()]


def switched_off(world: World, receiver: Receiver, webhook_id: int, reason: OffReason) -> None:
    """With two messages that wait, of which one has been tried."""
    receiver.answers = [answer(410 if reason == OffReason.GONE else 503)]
    for _ in range(2):
        world.happens()
    world.pass_on()
    assert world.worker.do_one()
    if reason == OffReason.FAILING:
        world.now += FAILING_FOR + DAY
        assert world.worker.do_one()
    if reason == OffReason.BY_HAND:
        world.does(service.switch_off, webhook_id, version=None)


@pytest.mark.parametrize("reason", list(OffReason))
def test_what_waited_is_given_up_and_not_sent_when_it_is_on_again(world, receiver, reason):
    webhook_id, _ = world.webhook()
    switched_off(world, receiver, webhook_id, reason)

    assert world.webhook_row(webhook_id).off_reason == reason
    assert states(world) == [DeliveryState.GIVEN_UP] * 2
    assert [one.due_at for one in world.deliveries()] == [None] * 2
    world.does(service.switch_on, webhook_id, version=None)
    receiver.got, receiver.answers = [], [answer(204)]
    world.happens()
    world.pass_on()
    world.work(after=DAY)
    assert len(receiver.got) == 1, "what happened after it was switched on"
    assert states(world) == [DeliveryState.GIVEN_UP] * 2 + [DeliveryState.DELIVERED]
    assert left(world.database) == []

    first = world.deliveries()[0]
    world.does(service.redeliver, webhook_id, first.key)
    world.work()
    assert receiver.got[1].message_id == first.message_id
    assert states(world)[0] == DeliveryState.DELIVERED


@pytest.mark.parametrize(("status", "ends"), [(204, "delivered"), (500, "given_up")])
def test_what_is_on_its_way_may_be_taken_and_is_not_tried_again(world, receiver, status, ends):
    webhook_id, _ = world.webhook()
    world.happens()
    world.pass_on()

    def meanwhile(handler):
        world.does(service.switch_off, webhook_id, version=None)
        world.does(service.switch_on, webhook_id, version=None)
        answer(status)(handler)

    receiver.answers = [meanwhile, answer(204)]
    world.work()
    world.work(after=DAY)

    assert len(receiver.got) == 1
    assert states(world) == [ends]
    assert [one.status for one in world.attempts()] == [status], "how it went is noted"
    assert left(world.database) == []


def test_what_has_not_left_yet_stays(world, receiver):
    webhook_id, _ = world.webhook()
    world.happens()
    world.pass_on()

    def now():
        world.does(service.switch_off, webhook_id, version=None)
        world.does(service.switch_on, webhook_id, version=None)
        return world.now

    assert world.one_worker(now).do_one()
    assert (receiver.got, world.attempts()) == ([], [])
    assert states(world) == [DeliveryState.GIVEN_UP]
    assert left(world.database) == []


def test_what_is_sent_again_while_it_is_on_its_way_is_tried_on(world, receiver):
    webhook_id, _ = world.webhook()
    world.happens()
    world.pass_on()

    def meanwhile(handler):
        world.does(service.switch_off, webhook_id, version=None)
        world.does(service.switch_on, webhook_id, version=None)
        world.does(service.redeliver, webhook_id, world.deliveries()[0].key)
        answer(500)(handler)

    receiver.answers = [meanwhile, answer(204)]
    world.work()
    world.work(after=DAY)
    assert len(receiver.got) == 2
    assert states(world) == [DeliveryState.DELIVERED]


def test_a_test_that_waits_is_sent_whatever_it_is(world, receiver):
    webhook_id, _ = world.webhook()
    world.does(service.send_test, webhook_id)
    world.does(service.switch_off, webhook_id, version=None)
    world.work()
    assert len(receiver.got) == 1
    assert states(world) == [DeliveryState.DELIVERED]


def test_who_switches_it_off_beside_one_that_fails_goes_first(world, receiver):
    """Longer than PostgreSQL takes to look whether two wait for each other."""
    webhook_id, _ = world.webhook()
    world.happens()
    world.pass_on()
    receiver.answers = [answer(500)]
    with ThreadPoolExecutor(1) as threads:
        with world.database.writing() as session:
            locked(session, Webhook, webhook_id)
            sending = threads.submit(world.worker.do_one)
            with pytest.raises(TimeoutError):
                sending.result(timeout=1.5)
            service.switch_off(session, world.admin, webhook_id, version=None, now=world.now)
        assert sending.result(timeout=60)
    assert states(world) == [DeliveryState.GIVEN_UP]
