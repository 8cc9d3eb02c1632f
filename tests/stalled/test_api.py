"""Work that came to a standstill, over JSON."""

import pytest
from sqlmodel import col, select

from app.eventlog.models import Event
from app.rows import Rows
from app.work import items
from app.work.models import WorkItem

PATH = "/api/v1/stalled-work"


@pytest.fixture
def administrator(make):
    return make.administrator()


@pytest.fixture
def client(signed_in, administrator):
    return signed_in(administrator)


def happened(session):
    found = select(Event.type, Event.data).where(col(Event.type).like("work.%"))
    return [(kind, data) for kind, data in session.exec(found.order_by(col(Event.id)))]


def test_the_list_has_the_dead_and_nobody_else_the_newest_first_in_pages(client, make):
    make.work_item()
    first, second, third = (make.dead_work(last_error=f"no {number}") for number in range(3))

    page = client.get(PATH, params={"limit": 2}).json()

    assert [item["id"] for item in page["items"]] == [third.id, second.id]
    assert page["items"][0]["last_error"] == "no 2"
    assert page["items"][0]["stalled_at"] == "2026-03-02T12:00:00Z"
    following = client.get(PATH, params={"limit": 2, "cursor": page["next"]}).json()
    assert [item["id"] for item in following["items"]] == [first.id]


def test_tried_again_a_worker_takes_it_and_a_holder_of_before_can_do_nothing(client, make, session):
    item = make.dead_work(fence=12)
    before = items.Held(item.number, item.kind, item.key, {}, attempt=12, fence=12)

    answers = [client.post(f"{PATH}/{item.id}/retry") for _ in range(2)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert happened(session) == [("work.retried", {"kind": item.kind, "key": item.key})]
    assert client.get(PATH).json()["items"] == []
    rows = Rows(session.connection())
    with pytest.raises(items.TakenOver):
        items.finish(rows, before)
    now = items.time_of(rows)
    held = items.take(rows, item.kind, holder="a", now=now, until=now)
    assert (held.attempt, held.fence) == (1, 13)


def test_dropped_it_is_never_done(client, make, session):
    path = f"{PATH}/{make.dead_work().id}"

    answers = [client.delete(path).status_code for _ in range(2)]

    assert answers == [204, 404]
    assert session.exec(select(WorkItem)).all() == []
    assert [kind for kind, _ in happened(session)] == ["work.dropped"]


def test_what_is_being_tried_again_is_not_dropped(client, make, session):
    item = make.work_item()
    refused = client.delete(f"{PATH}/{item.id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert session.exec(select(WorkItem)).all() == [item]
    assert happened(session) == []
