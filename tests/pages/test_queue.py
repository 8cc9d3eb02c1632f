"""Min kø says in numbers what waits: what is only to be read is not called late."""

import re
from datetime import timedelta

from app.clock import local_day
from app.follow_ups.models import Better, FollowUp, Health
from app.handovers.lifecycle import State
from app.handovers.models import Ripple
from tests.conftest import NOON

LONG_AGO = NOON - timedelta(days=40)


def tallies(page: str) -> list[str]:
    found = page.split('class="tallies"')[1].split("</ul>")[0]
    return [
        f"{count} {words}"
        for count, words in re.findall(r"<strong>(\d+)</strong> (.+?)</li>", found)
    ]


def test_an_old_follow_up_is_to_be_read_and_nothing_has_gone_late(scene, make, session, desk_of):
    used = scene.handover(State.IN_USE, ripple=Ripple.NONE)
    session.add(
        FollowUp(
            handover_id=used.key,
            due_on=local_day(LONG_AGO),
            done_at=LONG_AGO,
            health=Health.GOING_WELL,
            note="Det går.",
            better=Better.YES,
            author_id=scene.owner.key,
            created_at=LONG_AGO,
        )
    )
    session.flush()
    returned = scene.handover(State.RETURNED, gift=make.gift(network=scene.network))
    page = desk_of(scene.giver).page("/")
    assert tallies(page) == ["1 at svare på", "1 at læse"]
    assert "Fulgt op 21. jan. 2026" in page
    assert "task-late" not in page
    assert page.index(f"/handovers/{returned.key}#") < page.index(f"/handovers/{used.key}#")


def test_what_waits_for_an_answer_is_counted_as_that(scene, desk_of):
    scene.handover()
    scene.handover(State.ACKNOWLEDGED, gift=scene.make.gift(network=scene.network))
    assert tallies(desk_of(scene.leader).page("/")) == ["2 at svare på"]


def test_what_is_late_is_counted_whatever_it_is(scene, desk_of):
    scene.handover(life_due_on=local_day(LONG_AGO))
    scene.handover(
        State.IN_USE,
        gift=scene.make.gift(network=scene.network),
        owner=scene.leader,
        life_due_on=local_day(LONG_AGO),
    )
    desk = desk_of(scene.leader)
    assert tallies(desk.page("/")) == ["1 at svare på", "1 at gøre", "2 over tiden"]
