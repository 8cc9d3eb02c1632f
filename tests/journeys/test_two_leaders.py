"""Two people at the same moment, with real threads and real transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest
from sqlmodel import Session, col, select

from app.eventlog.models import Event
from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.server import running

ROUNDS = 5


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    barrier = Barrier(len(calls))

    def go(call: Callable[[], httpx.Response]) -> httpx.Response:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))


def poster(url: str, key: str, *, seen: int = 1, **body: object) -> Callable[[], httpx.Response]:
    """A call that posts the body as someone who has seen the version, always under one key."""
    headers = {"Authorization": f"Bearer {key}", "If-Match": f'"{seen}"', "Idempotency-Key": url}
    return lambda: httpx.post(url, json=body, headers=headers, timeout=30)


@pytest.fixture
def events(own_database) -> Callable[[int, str], int]:
    def count(handover_id: int, kind: str) -> int:
        with own_database.reading() as session:
            found = session.exec(
                select(Event).where(col(Event.handover_id) == handover_id, Event.type == kind)
            )
            return len(found.all())

    return count


def test_two_leaders_acknowledging_at_once_give_one_receipt(own_database, committed, events):
    leaders = [committed.person(), committed.person()]
    unit = committed.unit(leader=leaders[0])
    committed.post(unit, leaders[1])
    handovers = [committed.handover(unit=unit) for _ in range(ROUNDS)]
    keys = [committed.key(leader) for leader in leaders]
    committed.session.commit()

    with running(own_database.info["settings"], now=lambda: NOON) as address:
        for handover in handovers:
            url = f"{address}/api/v1/handovers/{handover.id}/receipt"
            first, second = at_once(*(poster(url, key) for key in keys))
            assert (first.status_code, second.status_code) == (200, 200)
            assert first.json() == second.json()
            assert events(handover.key, "handover.acknowledged") == 1


def test_of_two_leaders_accepting_at_once_one_is_told_that_somebody_was_faster(
    own_database, committed, events
):
    leaders = [committed.person(), committed.person()]
    unit = committed.unit(leader=leaders[0])
    committed.post(unit, leaders[1])
    handovers = [committed.handover(unit=unit, state=State.ACKNOWLEDGED) for _ in range(ROUNDS)]
    keys = [committed.key(leader) for leader in leaders]
    committed.session.commit()

    with running(own_database.info["settings"], now=lambda: NOON) as address:
        for handover in handovers:
            url = f"{address}/api/v1/handovers/{handover.id}/acceptance"
            answers = at_once(
                *(
                    poster(url, key, owner_id=leader.id, next_on="2026-04-01")
                    for key, leader in zip(keys, leaders, strict=True)
                )
            )
            assert sorted(answer.status_code for answer in answers) == [200, 412]
            assert events(handover.key, "handover.accepted") == 1


def test_of_two_leaders_reconsidering_at_once_one_is_told_that_somebody_was_faster(
    own_database, committed, events
):
    leaders = [committed.person(), committed.person()]
    unit = committed.unit(leader=leaders[0])
    committed.post(unit, leaders[1])
    handovers = [committed.handover(unit=unit, state=State.DECLINED) for _ in range(ROUNDS)]
    keys = [committed.key(leader) for leader in leaders]
    committed.session.commit()

    with running(own_database.info["settings"], now=lambda: NOON) as address:
        for handover in handovers:
            url = f"{address}/api/v1/handovers/{handover.id}/reconsideration"
            answers = at_once(*(poster(url, key) for key in keys))
            assert sorted(answer.status_code for answer in answers) == [200, 412]
            assert events(handover.key, "handover.reconsidered") == 1


def test_either_the_unit_has_its_answer_back_or_the_other_unit_has_the_gift(
    own_database, committed, events
):
    giver, leader = committed.person(phone="12345678"), committed.person()
    network = committed.network(leader=giver)
    unit, other = committed.unit(leader=leader), committed.unit(leader=committed.person())
    gifts = [committed.gift(network=network, contact=giver) for _ in range(ROUNDS)]
    handovers = [committed.handover(gift=gift, unit=unit) for gift in gifts]
    givers, leaders = committed.key(giver), committed.key(leader)
    committed.session.commit()

    with running(own_database.info["settings"], now=lambda: NOON) as address:
        for handover in handovers:
            path = f"{address}/api/v1/handovers"
            there = {"to_unit_id": other.id, "reason": "De har de unge."}
            passed = poster(f"{path}/{handover.id}/passing-on", leaders, **there)()
            assert passed.status_code == 200, passed.text
            query = {"unit_id": other.id, "gift_id": handover.gift_id}
            as_giver = {"Authorization": f"Bearer {givers}"}
            (draft,) = httpx.get(path, params=query, headers=as_giver).json()["items"]
            seen = passed.json()["version"]
            back, on = at_once(
                poster(f"{path}/{handover.id}/reconsideration", leaders, seen=seen),
                poster(
                    f"{path}/{draft['id']}/delivery",
                    givers,
                    seen=draft["version"],
                    ripple={"answer": "none"},
                ),
            )
            assert (back.status_code, on.status_code) in [(200, 412), (200, 409), (409, 200)]
            has_back = back.status_code == 200
            assert events(draft["id"], "handover.withdrawn") == has_back
            assert events(draft["id"], "handover.delivered") == (not has_back)


def test_the_same_idempotency_key_at_once_has_one_effect(own_database, committed):
    secretary = committed.secretary()
    key = committed.key(secretary)
    committed.session.commit()

    with running(own_database.info["settings"], now=lambda: NOON) as address:
        register = poster(f"{address}/api/v1/units", key, name="Ungeenheden")
        answers = at_once(*[register] * 4)
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["id"] for answer in answers}) == 1

    with Session(own_database.reader) as session:
        assert len(session.exec(select(Event).where(Event.type == "unit.registered")).all()) == 1
