"""A receiver that asks for peace gets it, whatever else ends meanwhile."""

from datetime import timedelta

import pytest

from app.webhooks import service
from app.webhooks.models import DeliveryState, Trouble
from tests.webhooks.receiver import Receiver, answer
from tests.webhooks.world import World

HOUR = timedelta(hours=1)
IN_AN_HOUR = answer(429, Retry_After="3600")


@pytest.fixture
def world(own_database, receiver: Receiver) -> World:
    return World(own_database, receiver)


@pytest.mark.parametrize(
    "ending", [answer(204), answer(500), answer(503, Retry_After="5")], ids=["yes", "no", "soon"]
)
def test_what_ends_meanwhile_does_not_shorten_the_hour_they_asked_for(world, receiver, ending):
    webhook_id, _ = world.webhook()
    for _ in range(3):
        world.happens()
    world.pass_on()
    other = world.one_worker()

    def meanwhile(handler):
        assert other.do_one()
        ending(handler)

    receiver.answers = [meanwhile, IN_AN_HOUR, answer(204)]
    assert world.worker.do_one()

    assert len(receiver.got) == 2
    assert world.webhook_row(webhook_id).held_until == world.now + HOUR
    world.work(after=HOUR - timedelta(minutes=1))
    assert len(receiver.got) == 2, "nothing goes there within the hour"
    world.work(after=2 * HOUR)
    assert [one.state for one in world.deliveries()] == [DeliveryState.DELIVERED] * 3


def test_who_asks_for_longer_gets_that(world, receiver):
    webhook_id, _ = world.webhook()
    receiver.answers = [answer(429, Retry_After="60"), IN_AN_HOUR]
    for after in (timedelta(), timedelta(minutes=10)):
        world.happens()
        world.pass_on()
        world.work(after=after)
    assert world.webhook_row(webhook_id).held_until == world.now + HOUR


@pytest.mark.parametrize("is_moved", [True, False])
def test_who_is_at_a_new_address_has_asked_for_nothing(world, receiver, is_moved):
    webhook_id, _ = world.webhook()
    receiver.answers = [IN_AN_HOUR, answer(204)]
    world.happens()
    world.pass_on()
    world.work()
    fields = {"url": f"{receiver.url}&to=anden"} if is_moved else {"name": "Tavlen"}
    world.does(service.change, webhook_id, fields, version=None)

    webhook = world.webhook_row(webhook_id)
    assert (webhook.held_until is None) is (webhook.failing_since is None) is is_moved
    world.work(after=timedelta(minutes=10))
    assert len(receiver.got) == (2 if is_moved else 1)
    assert world.attempts()[0].trouble == Trouble.STATUS
