"""Tavlen: the shelf, the door, five columns, and what they can be narrowed to."""

import re
from datetime import timedelta

import pytest

from app.handovers.lifecycle import RECEIVED, State
from app.networks.models import NetworkRole
from app.pages.board import A_PAGE, AT_DOOR, CARDS, COLUMNS, ON_SHELF
from app.pages.board_filters import MOST_OWNERS
from tests.conftest import NOON
from tests.house.test_lists import questions


def counts_in(page):
    """What stands in the heads of the columns."""
    found = re.findall(r'id="column-(\w+)">.*?class="count">([\d.]+)<', page, re.DOTALL)
    return {column: int(count) for column, count in found}


def gifts_in(page, where):
    """The titles of the parcels in one part of the board."""
    part = re.search(rf'aria-labelledby="{where}-h">(.*?)</section>', page, re.DOTALL)
    return re.findall(r'standing-title" lang="da">(.*?)<', part[1]) if part else []


def cards_in(page):
    return re.findall(r'gift-card-link" href="/handovers/(\d+)"', page)


@pytest.fixture
def looker(make):
    return make.person(name="Lis Læser")


@pytest.fixture
def desk(looker, desk_of):
    return desk_of(looker)


def test_every_state_that_is_received_has_its_column(make, desk):
    for state in State:
        make.handover(state=state)
    page = desk.page("/board")
    assert counts_in(page) == {
        "delivered": 2,
        "accepted": 1,
        "trial": 1,
        "in_use": 1,
        "anchored": 1,
    }
    assert {state for states in COLUMNS.values() for state in states} == set(RECEIVED)
    assert page.count('<span class="mark">Kvitteret</span>') == 1


def test_a_column_shows_the_newest_few_and_leads_to_the_rest(make, desk):
    unit = make.unit(leader=make.person())
    ids = [make.handover(unit=unit, state=State.IN_USE).key for _ in range(A_PAGE + 2)]
    newest = [str(key) for key in reversed(ids)]

    page = desk.page("/board")
    assert cards_in(page) == newest[:CARDS]
    assert counts_in(page)["in_use"] == A_PAGE + 2
    assert f"Vis alle {A_PAGE + 2}" in page

    whole = desk.page("/board?column=in_use")
    assert cards_in(whole) == newest[:A_PAGE]
    rest = desk.page(
        re.search(r'href="(/board\?column=in_use&amp;cursor=[^"]+)"', whole)[1].replace(
            "&amp;", "&"
        )
    )
    assert cards_in(rest) == newest[A_PAGE:]
    assert "Vis de næste" not in rest
    assert "Begynd forfra" in rest


def test_the_shelf_has_the_dustiest_first_and_leads_to_those_for_which_there_is_no_room(make, desk):
    for days in range(ON_SHELF + 1):
        gift = make.gift(title=f"Gave {days:02}")
        due_on = NOON.date() - timedelta(days=1 + days)
        make.handover(gift=gift, state=State.ACKNOWLEDGED, life_due_on=due_on)
    page = desk.page("/board")
    assert gifts_in(page, "shelf") == [f"Gave {days:02}" for days in range(ON_SHELF, 0, -1)]
    assert f'På hylden <span class="count">{ON_SHELF + 1}</span>' in page
    assert 'href="/board?column=shelf"' in page
    assert len(cards_in(desk.page("/board?column=shelf"))) == ON_SHELF + 1


def test_the_shelf_is_read_a_page_at_a_time(make, desk):
    unit = make.unit(leader=make.person())
    for days in range(A_PAGE + 1):
        make.handover(unit=unit, state=State.ACKNOWLEDGED, days_ago=100 + days // 2)
    first = desk.page("/board?column=shelf")
    after = re.search(r'href="(/board\?column=shelf&amp;cursor=[^"]+)"', first)[1]
    rest = desk.page(after.replace("&amp;", "&"))
    assert len({*cards_in(first), *cards_in(rest)}) == A_PAGE + 1
    assert len(cards_in(rest)) == 1


def test_who_has_not_answered_in_time_has_it_at_the_door_and_not_on_the_shelf(make, desk):
    make.handover(gift=make.gift(title="Ved døren"), state=State.DELIVERED, days_ago=60)
    make.handover(gift=make.gift(title="På vej"), state=State.DELIVERED, days_ago=1)
    page = desk.page("/board")
    assert gifts_in(page, "door") == ["Ved døren"]
    assert gifts_in(page, "shelf") == []
    assert "Hylden er tom. Godt gået." in page
    for days in range(AT_DOOR):
        make.handover(days_ago=70 + days)
    assert len(gifts_in(desk.page("/board"), "door")) == AT_DOOR
    assert len(cards_in(desk.page("/board?column=door"))) == AT_DOOR + 1


def test_an_empty_board_is_kind(desk):
    page = desk.page("/board")
    assert "Hylden er tom. Godt gået." in page
    assert "Ved døren" not in page
    assert page.count("Ingen lige nu") == len(COLUMNS)
    assert "Ingen lige nu" in desk.page("/board?column=trial")
    assert "Hylden er tom. Godt gået." in desk.page("/board?column=shelf")


def test_a_parcel_keeps_its_plastic_until_it_is_unwrapped(make, desk):
    make.handover(state=State.ACKNOWLEDGED, days_ago=200)
    page = desk.page("/board")
    assert page.count("p-plastic") == 2
    assert "Aldrig pakket ud" in page
    assert "Glemt" in page
    make.handover(state=State.IN_USE, days_ago=200)
    assert desk.page("/board").count("p-plastic") == 2


def test_the_board_is_narrowed_to_an_area_a_network_and_an_owner(make, desk):
    owner = make.person(name="Tove Tovholder")
    area, other = make.unit(name="Børn og Unge"), make.unit(name="Teknik")
    inner = make.unit(name="PPR", parent_id=area.key)
    network = make.network(name="Det gode ungeliv")
    gift = make.gift(network=network)
    make.handover(gift=gift, unit=inner, owner=owner, state=State.IN_USE, days_ago=200)
    make.handover(gift=gift, unit=other, state=State.IN_USE)
    make.handover(unit=inner, owner=owner, state=State.TRIAL)
    make.handover(unit=inner, state=State.ACKNOWLEDGED, days_ago=200)

    def narrowed(**asked):
        page = desk.page("/board?" + "&".join(f"{name}={value}" for name, value in asked.items()))
        counts = counts_in(page)
        return counts["in_use"], counts["trial"], counts["delivered"], len(gifts_in(page, "shelf"))

    assert narrowed() == (2, 1, 1, 2)
    assert narrowed(unit_id=area.key) == (1, 1, 1, 2)
    assert narrowed(unit_id=other.key) == (1, 0, 0, 0)
    assert narrowed(network_id=network.key) == (2, 0, 0, 1)
    assert narrowed(owner_id=owner.key) == (1, 1, 0, 1)
    assert narrowed(owner_id=owner.key, network_id=network.key, unit_id=area.key) == (1, 0, 0, 1)
    page = desk.page(f"/board?unit_id={area.key}&network_id=&owner_id={owner.key}")
    for name in ("Børn og Unge", "Tove Tovholder"):
        assert re.search(rf"selected>{name}</option>", page)
    assert f'href="/board?column=in_use&amp;unit_id={area.key}&amp;owner_id={owner.key}"' in page
    assert len(cards_in(desk.page(f"/board?column=in_use&unit_id={area.key}"))) == 1


def test_the_departments_stand_first_also_below_a_municipality_that_is_a_unit(make, desk):
    top = make.unit(name="Lindborg Kommune")
    department = make.unit(name="Social", parent_id=top.key)
    make.unit(name="Ungeenheden", parent_id=department.key)
    make.unit(name="Lukket", parent_id=department.key, closed_on=NOON.date())
    page = desk.page("/board")
    departments, others = re.findall(r"<optgroup label=\"\w+\">(.*?)</optgroup>", page, re.DOTALL)
    assert re.findall(r">(\w+)</option>", departments) == ["Social"]
    assert re.findall(r">(\w+)</option>", others) == ["Ungeenheden"]


def test_drafts_are_on_nobody_s_board(make, desk_of):
    giver = make.person()
    network = make.network(leader=giver)
    make.member(network, giver, role=NetworkRole.LEADER)
    make.handover(gift=make.gift(network=network), state=State.DRAFT)
    for desk in (desk_of(giver), desk_of(make.secretary())):
        assert set(counts_in(desk.page("/board")).values()) == {0}
        narrowed = desk.page(f"/board?network_id={network.key}")
        assert set(counts_in(narrowed).values()) == {0}


@pytest.mark.parametrize("name", ["unit_id", "network_id", "owner_id"])
@pytest.mark.parametrize("value", ["4711", "0x1", "1e3", "-1", "%00", "9" * 40, "<script>"])
def test_what_is_not_there_is_not_found(desk, name, value):
    desk.get(f"/board?{name}={value}", status=404)


def test_a_column_or_a_cursor_that_somebody_made_up_is_refused(make, desk):
    desk.get("/board?column=secrets", status=404)
    refused = desk.get("/board?column=in_use&cursor=abc", status=422)
    assert "Begynd forfra uden cursor." in refused.text
    unit = make.unit(leader=make.person())
    for _ in range(A_PAGE + 1):
        make.handover(unit=unit, state=State.IN_USE)
    cursor = re.search(r"cursor=([^\"]+)\"", desk.page("/board?column=in_use"))[1]
    desk.get(f"/board?column=trial&cursor={cursor}", status=422)


def test_what_people_wrote_is_shown_and_not_run(make, desk):
    title = "<script>alert(1)</script>"
    make.handover(gift=make.gift(title=title), state=State.ACKNOWLEDGED, days_ago=200)
    page = desk.page("/board")
    assert title not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_who_is_not_signed_in_is_shown_the_way_and_comes_back(make, desk, client):
    answer = client.get("/board?column=in_use", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?back_to=%2Fboard%3Fcolumn%3Din_use"


def test_the_board_asks_the_database_no_more_often_when_there_is_more_on_it(make, desk, database):
    def grow():
        unit = make.unit(leader=make.person())
        for state in (*RECEIVED, State.DELIVERED):
            make.handover(unit=unit, state=state, days_ago=300)

    grow()
    desk.page("/board")
    asked = []
    for _ in range(2):
        with questions(database) as few:
            desk.page("/board")
        asked.append(len(few))
        for _ in range(ON_SHELF):
            grow()
    assert asked[1] - asked[0] == 2, "how many are on the shelf and at the door, where not all are"


def test_too_many_owners_to_choose_from_wait_for_an_area(make, looker, desk, monkeypatch):
    monkeypatch.setattr("app.pages.board_filters.MOST_OWNERS", 2)
    assert MOST_OWNERS > 2
    area = make.unit(name="Børn og Unge")
    make.handover(unit=area, state=State.IN_USE, owner=make.person(name="Tove Tovholder"))
    for number in range(3):
        make.handover(state=State.IN_USE, owner=make.person(name=f"Fjern Ejer {number}"))
    page = desk.page("/board")
    assert "Vælg et område for at se flere" in page
    assert "Fjern Ejer" not in page.split("owner-filter")[2].split("</select>")[0]
    assert f">{looker.name}</option>" in page
    narrowed = desk.page(f"/board?unit_id={area.key}")
    assert ">Tove Tovholder</option>" in narrowed
    assert "Vælg et område for at se flere" not in narrowed


def test_how_long_a_gift_has_waited_is_said(make, desk):
    make.handover(state=State.DELIVERED, days_ago=5)
    make.handover(state=State.DELIVERED)
    make.handover(state=State.IN_USE, next_on=NOON.date() + timedelta(days=9))
    make.handover(state=State.IN_USE, paused_until=NOON.date() + timedelta(days=9))
    page = desk.page("/board")
    assert "Ventet i 5 dage" in page
    assert "Overrakt i dag" in page
    assert "Følges op 11. mar. 2026" in page
    assert "På pause til 11. mar. 2026" in page
