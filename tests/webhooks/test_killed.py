"""A worker that is a real process, killed between sending and finishing, on both databases."""

import os
import signal

from app.webhooks.models import DeliveryState, Trouble
from tests.forked import Forked
from tests.processes import wait_until
from tests.webhooks.receiver import answer
from tests.webhooks.world import World
from tests.work.steps import left


def test_killed_after_sending_it_is_sent_again_under_the_same_id(own_database, receiver, tmp_path):
    world = World(own_database, receiver)
    settings = own_database.info["settings"]
    words = [str(settings.data_dir), settings.url, receiver.setting]
    pids: list[int] = []

    def dies(handler):
        os.kill(pids[0], signal.SIGKILL)
        answer(204)(handler)

    def start() -> Forked:
        with (tmp_path / "log").open("ab") as log:
            process = Forked(words, env=os.environ, log=log, does="tests.webhooks.worker:main")
        pids.append(process.pid)
        return process

    receiver.answers = [dies, answer(204)]
    world.webhook()
    world.happens()
    first = start()
    try:
        wait_until(lambda: first.poll() is not None)
    finally:
        first.kill()
    assert first.returncode == -signal.SIGKILL
    assert [one.state for one in world.deliveries()] == [DeliveryState.WAITING]
    second = start()
    try:
        wait_until(lambda: world.deliveries()[0].state == DeliveryState.DELIVERED)
        wait_until(lambda: not [one for one in left(own_database) if one.kind[:8] == "webhook."])
    finally:
        second.kill()
        second.wait()

    sent, again = receiver.got
    assert (sent.message_id, sent.body) == (again.message_id, again.body)
    assert [one.trouble for one in world.attempts()] == [Trouble.INTERRUPTED, None]
