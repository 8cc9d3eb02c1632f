"""`kill -9` at random moments: what was answered is there, its event too, and nothing twice.

`make faults` is the long form. The seed is printed, and given again as GAVEBORD_KILL_SEED.
"""

import os
import random
import sys
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.databases import DATABASES, fresh_database
from tests.faults.stream import LIMITS, Sent, Stream
from tests.faults.truth import files_must_match, must_hold
from tests.faults.world import World, new_world
from tests.processes import free_port
from tests.server import process

ROUNDS = int(os.environ.get("GAVEBORD_KILL_ROUNDS", "2"))
SEED = int(os.environ.get("GAVEBORD_KILL_SEED", "0")) or random.randrange(1, 10**9)
AT_START, MEANWHILE = 1.5, 0.8
"""Seconds within which the server is killed while it starts, and while it works."""


@pytest.mark.parametrize("kind", DATABASES)
def test_whatever_was_answered_survives_kill_9_and_nothing_is_done_twice(kind, tmp_path):
    with fresh_database(kind, tmp_path) as settings:
        told = Told(kind)
        kills = Kills(new_world(settings), random.Random(SEED), tmp_path)
        for number in range(1, ROUNDS + 1):
            if number % 8 == 0:
                kills.while_it_starts()
            kills.while_it_works()
            told.so_far(number, kills)
        kills.settle()
        told.so_far(ROUNDS, kills)
        assert {sent.kind for sent in kills.sent} == {"receipt", "follow-up", "upload"}


class Kills:
    def __init__(self, world: World, chance: random.Random, data_dir: Path) -> None:
        self.world, self.chance, self.data_dir = world, chance, data_dir
        self.sent: list[Sent] = []
        self.doubts: list[Sent] = []
        self.in_doubt = self.done_before = self.at_start = 0

    def while_it_starts(self) -> None:
        with self._server(through=("env",)) as started:
            threading.Event().wait(self.chance.uniform(0, AT_START))
            started.kill()
        self.at_start += 1

    def while_it_works(self) -> None:
        with self._server() as started:
            address = started.until_it_answers()
            self._send_again(address)
            must_hold(self.world.settings, self.sent)
            stream = Stream(self.world, self.chance)
            threads = stream.send_to(address)
            assert stream.is_under_way.wait(30)
            threading.Event().wait(self.chance.uniform(0, MEANWHILE))
            started.kill()
            for thread in threads:
                thread.join(30)
        assert stream.failures == []
        self.sent += stream.sent
        self.doubts = [sent for sent in stream.sent if sent.answer is None]
        self.in_doubt += len(self.doubts)
        files_must_match(self.world.settings, (sent for sent in stream.sent if _is_kept(sent)))

    def settle(self) -> None:
        """The last doubts are cleared, and everything is looked at once more."""
        with self._server() as started:
            self._send_again(started.until_it_answers())
        must_hold(self.world.settings, self.sent)
        files_must_match(self.world.settings, (sent for sent in self.sent if _is_kept(sent)))

    def _send_again(self, address: str) -> None:
        """What is in doubt, and some of what is not: its first answer is given again."""
        answered = [sent for sent in self.sent if sent.answer is not None]
        with httpx.Client(base_url=address, timeout=LIMITS) as client:
            for sent in self.chance.sample(answered, min(3, len(answered))):
                sent.send(client)
            for sent in self.doubts:
                sent.send(client)
        self.done_before += sum(sent.was_done_before for sent in self.doubts)
        self.doubts = []

    def _server(self, through=()):
        """Through a command it is started from nothing, which takes long enough to be killed in."""
        words = ("serve", "--port", str(free_port(self.world.settings)))
        url = self.world.settings.database_url
        return process(*words, data_dir=self.data_dir, through=through, GAVEBORD_DATABASE_URL=url)


class Told:
    """One line now and then, for those who watch the long form."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def so_far(self, number: int, kills: Kills) -> None:
        if number % 10 and number != ROUNDS:
            return
        counts = Counter(sent.kind for sent in kills.sent if sent.answer is not None)
        sys.stdout.write(
            f"{self.kind}: {number} of {ROUNDS} rounds and {kills.at_start} kills at start,"
            f" {counts['receipt']} receipts, {counts['follow-up']} follow-ups and"
            f" {counts['upload']} uploads answered, {kills.in_doubt} in doubt,"
            f" {kills.done_before} of them done before they were sent again,"
            f" {len(kills.doubts)} open; lost 0, doubled 0 (seed {SEED})\n"
        )


def _is_kept(sent: Sent) -> bool:
    return sent.kind == "upload" and sent.answer is not None
