"""Work that went dead and was dropped: the message that it was to send waits no more."""

import pytest
from sqlalchemy import text

from app.stalled import service as stalled
from app.webhooks import service
from app.webhooks.models import DeliveryState, WebhookDelivery
from tests.webhooks import made
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import World
from tests.work.steps import left


@pytest.fixture
def world(own_database, receiver: Receiver) -> World:
    return World(own_database, receiver)


def die(world: World, key: str) -> int:
    """As if a worker had ended each time at the item with this key; the number of it."""
    (item,) = [one for one in left(world.database) if one.key == key]
    with world.database.writing() as session:
        dead = text("UPDATE work_item SET dead_at = due_at WHERE id = :id")
        session.execute(dead, {"id": item.number})
    return item.number


def test_dropped_the_message_is_given_up_and_can_be_sent_again(world, receiver):
    webhook_id, _ = world.webhook()
    for _ in range(2):
        world.happens()
    world.pass_on()
    first, second = world.deliveries()
    item_id = die(world, f"webhook:{first.key}")

    with world.database.writing() as session:
        stalled.drop(session, world.admin, item_id, now=world.now)
        session.flush()
        row = session.get(WebhookDelivery, first.key)
        assert row.state == DeliveryState.GIVEN_UP, "kept with the dropping, or not at all"

    assert [one.state for one in world.deliveries()] == ["given_up", "waiting"]
    world.work()
    assert [one.message_id for one in receiver.got] == [second.message_id]
    world.does(service.redeliver, webhook_id, first.key)
    world.work()
    assert receiver.got[1].message_id == first.message_id
    assert [one.state for one in world.deliveries()] == ["delivered"] * 2


@pytest.mark.parametrize("kind", ["webhook.deliver", "mail.digest"])
def test_only_work_that_sends_a_message_gives_one_up(signed_in, make, session, kind):
    delivered = made.delivery(make, made.webhook(make))
    waiting = {"state": DeliveryState.WAITING, "delivered_at": None, "due_at": make.now}
    other = made.delivery(make, made.webhook(make), **waiting)
    client = signed_in(make.administrator())
    of_another = {"kind": "mail.digest", "key": f"webhook:{other.key}"}
    of_it = {"kind": "webhook.deliver", "key": f"webhook:{delivered.key}"}
    item = make.dead_work(**(of_it if kind == "webhook.deliver" else of_another))

    assert client.delete(f"/api/v1/stalled-work/{item.id}").status_code == 204

    session.expire_all()
    assert (delivered.state, other.state) == (DeliveryState.DELIVERED, DeliveryState.WAITING)
