"""What the product gave up is told in plain words, and an administrator helps it on."""

import pytest
from sqlmodel import col, select

from app.eventlog.models import Event
from app.people.signed_in import Role
from app.webhooks.models import Trouble
from app.work.items import ENDED_WITH_ITS_WORKER
from app.work.models import WorkItem
from tests.databases import ON_ONE

pytestmark = ON_ONE
AT = "/administration/stalled"


def happened(session):
    types = select(Event.type).where(col(Event.type).like("work.%")).order_by(col(Event.id))
    return list(session.exec(types))


def test_where_nothing_is_stalled_that_is_said_and_the_overview_is_silent(desk):
    assert "Intet er gået i stå." in desk.page(AT)
    assert "skulle gøre af sig selv" not in desk.page("/administration")


def test_what_is_stalled_is_told_of_with_what_was_wrong(desk, make):
    make.dead_work(kind="imports.forget", key="imports:2026-03-02T02:20:00Z", last_error="OSError")
    make.work_item(key="waits:1")

    page = desk.page(AT)

    assert "Glemme filer, der blev indlæst for længe siden" in page
    assert "imports:2026-03-02T02:20:00Z" in page
    assert "<code>OSError</code>" in page
    assert "waits:1" not in page
    overview = desk.page("/administration")
    assert '<strong class="tile-n">1</strong> som Gavebordet skulle gøre' in overview


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("da", ["Gavebordet selv stoppede, hver gang det var i", "Der kom intet svar"]),
        ("en", ["Gavebordet itself stopped each time that it was at", "No answer came"]),
    ],
)
def test_what_went_wrong_is_said_in_the_readers_language(desk_of, make, locale, said):
    make.dead_work(last_error=ENDED_WITH_ITS_WORKER)
    make.dead_work(kind="webhook.deliver", last_error=str(Trouble.NO_ANSWER))
    make.dead_work(kind="webhook.deliver", last_error="status 503")
    desk = desk_of(make.person(role=Role.ADMINISTRATOR, locale=locale))

    page = desk.page(AT)

    assert all(words in page for words in said)
    assert not [one for one in (ENDED_WITH_ITS_WORKER, Trouble.NO_ANSWER) if one in page]
    assert "<code>status 503</code>" in page


def test_tried_again_it_waits_as_if_new_and_the_log_says_who_did_it(desk, make, session):
    item = make.dead_work(kind="imports.forget", fence=12)

    page = desk.done(AT, f"{AT}/{item.id}/retry")

    assert "Det er sat i gang igen" in page
    session.refresh(item)
    assert (item.dead_at, item.attempts, item.fence) == (None, 0, 12)
    told = desk.page("/administration/log?kind=work")
    assert "Aksel Administrator satte noget, der var gået i stå, i gang igen: glemme filer" in told


def test_dropped_it_is_gone_and_the_log_says_who_did_it(desk, make, session):
    item = make.dead_work(kind="imports.forget")

    page = desk.done(AT, f"{AT}/{item.id}/dropping")

    assert "Det er fjernet og bliver ikke gjort" in page
    assert session.exec(select(WorkItem)).all() == []
    assert "Aksel Administrator fjernede noget" in desk.page("/administration/log")


@pytest.mark.parametrize(
    ("verb", "event"), [("retry", "work.retried"), ("dropping", "work.dropped")]
)
def test_pressed_twice_is_pressed_once(desk, make, session, verb, event):
    item = make.dead_work()
    action = f"{AT}/{item.id}/{verb}"
    fields = desk.form(AT, action).fields

    answers = [desk.send(action, fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert happened(session) == [event]


def test_when_somebody_was_faster_that_is_said_and_nothing_more_is_done(desk, make, session):
    gone, waits = make.dead_work(), make.dead_work()
    actions = [f"{AT}/{gone.id}/retry", f"{AT}/{gone.id}/dropping", f"{AT}/{waits.id}/dropping"]
    sent = [(action, desk.form(AT, action).fields) for action in actions]
    waits.dead_at = None
    session.delete(gone)
    session.flush()

    for action, fields in sent:
        answer = desk.send(action, fields)
        assert answer.headers["Location"] == f"{AT}?done=gone"
    assert "Det var der ikke længere" in desk.page(f"{AT}?done=gone")
    assert session.exec(select(WorkItem.id)).all() == [waits.id]
    assert happened(session) == []


def test_a_kind_of_another_version_and_hostile_text_are_shown_as_they_are(desk, make):
    make.dead_work(kind="newer.kind", last_error="<script>alert(1)</script>" + "x" * 400)

    page = desk.page(AT)

    assert "Newer.kind" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_comes_in_pages(desk, make):
    for _ in range(53):
        make.dead_work()
    page = desk.get(AT).text
    following = page.split(">Vis flere<")[0].rpartition('href="')[2].split('"')[0]
    assert page.count("/retry") == 50
    assert desk.get(following).text.count("/retry") == 3


def test_those_who_read_everything_see_it_and_only_administrators_act(desk_of, make, session):
    item = make.dead_work()
    for role in (Role.SECRETARIAT, Role.AUDITOR):
        reader = desk_of(make.person(role=role))
        assert "/retry" not in reader.page(AT)
        for verb in ("retry", "dropping"):
            assert reader.send(f"{AT}/{item.id}/{verb}", []).status_code == 403
    nobody = desk_of(make.person())
    nobody.get(AT, 403)
    assert nobody.send(f"{AT}/{item.id}/retry", []).status_code == 403
    assert happened(session) == []
