"""Limits are for each address, and whose it is, the proxy says, and nobody else."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from app.people import keys
from app.people.key_limits import WRONG_KEYS
from tests.databases import copied_database
from tests.processes import proxy, servers

PROXY, STRANGER, OTHER = "127.0.0.1", "127.0.0.2", "127.0.0.3"
WRONG = keys.written("1" * 32)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("forwarded")
    with copied_database("sqlite", folder) as settings, servers(settings, folder, count=1) as made:
        yield made[0].address


def wrong_key(address: str, *, at: str, forwarded: Sequence[str] = ()) -> int:
    """What somebody at the address `at` is told, who sends these lines of X-Forwarded-For."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=at), timeout=30) as client:
        lines = [("X-Forwarded-For", line) for line in forwarded]
        headers = [("Authorization", f"Bearer {WRONG}"), *lines]
        return client.get(f"{address}/api/v1/me", headers=headers).status_code


def spent(address: str, *, at: str, forwarded: Sequence[str] = ()) -> None:
    """All that an address may try is tried; it is twice as much where a new window begins."""
    for _ in range(2 * WRONG_KEYS.most + 1):
        if wrong_key(address, at=at, forwarded=forwarded) == 429:
            return
    pytest.fail("it never came to an end")


def test_behind_the_documented_proxy_a_stranger_spends_nobodys_tries_but_their_own(
    server: str, tmp_path: Path
):
    with proxy([server], tmp_path) as address:
        spent(address, at=STRANGER)

        assert wrong_key(address, at=OTHER) == 401
        assert wrong_key(address, at=STRANGER, forwarded=["9.9.9.9"]) == 429
        assert wrong_key(address, at=OTHER, forwarded=[STRANGER]) == 401


@pytest.mark.parametrize(
    "lies",
    [["10.1.1.1"], ["9.9.9.9, 10.1.1.1"], ["9.9.9.9", "10.1.1.1"]],
    ids=["written over", "added to", "added as a line of its own"],
)
def test_what_the_proxy_says_last_is_believed(server: str, lies: list[str]):
    spent(server, at=PROXY, forwarded=lies)

    assert wrong_key(server, at=PROXY, forwarded=["10.1.1.1"]) == 429
    assert wrong_key(server, at=PROXY, forwarded=["9.9.9.9"]) == 401


def test_whoever_is_no_proxy_is_not_believed(server: str):
    spent(server, at="127.0.0.4")

    assert wrong_key(server, at="127.0.0.4", forwarded=["10.2.2.2"]) == 429
