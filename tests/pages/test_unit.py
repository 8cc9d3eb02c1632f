"""Enheder: the tree with its leaders, and one unit with what it has been given."""

import re
from datetime import timedelta

import pytest

from app.handovers.lifecycle import State
from app.pages.unit import OPEN, PAST
from app.rows import rows_of
from app.units.models import PostKind
from app.units.tree import tree
from tests.conftest import NOON
from tests.house.test_lists import questions

TODAY = NOON.date()


def linked(page, name):
    return re.findall(r'href="/units/(\d+)"', page.split(name)[1].split("</ol>")[0])


def gifts_in(page):
    return re.findall(r'gift-card-title">(.*?)<', page)


@pytest.fixture
def desk(make, desk_of):
    return desk_of(make.person())


def test_the_tree_is_by_name_with_who_leads(make, desk):
    top = make.unit(name="Lindborg", leader=make.person(name="Else Højmark"))
    for name in ("Ældre", "Børn", "Aarslev Skole"):
        make.unit(name=name, parent_id=top.key)
    make.unit(name="Lukket hus", parent_id=top.key, closed_on=TODAY)
    page = desk.page("/units")
    names = re.findall(r'tree-unit"><a href="/units/\d+" lang="da">(.*?)</a>', page)
    assert names == ["Lindborg", "Børn", "Ældre", "Aarslev Skole"]
    assert "Else Højmark" in page
    assert page.count("ingen leder lige nu") == 3


def test_a_tree_that_is_too_large_is_shown_as_far_as_whole_levels_go(make, session):
    top = make.unit(name="Top")
    inner = [make.unit(name=f"Under {place}", parent_id=top.key) for place in range(3)]
    for _ in range(2):
        make.unit(parent_id=inner[1].key)
    rows = rows_of(session)
    (whole,) = tree(rows, most=6)
    assert len(list(whole.walked())) == 6
    (cut,) = tree(rows, most=5)
    assert [(one.name, one.hidden) for one in cut.children] == [
        ("Under 0", 0),
        ("Under 1", 2),
        ("Under 2", 0),
    ]
    (one,) = tree(rows, most=1)
    assert (one.children, one.hidden) == ([], 3)


def test_units_are_searched_also_those_that_are_closed(make, desk):
    top = make.unit(name="Børn og Unge")
    make.unit(name="Åparkens Skole", parent_id=top.key)
    make.unit(name="Søskolen", closed_on=TODAY)
    page = desk.page("/units?q=SKOLE")
    assert "Åparkens Skole" in page
    assert re.search(r"under <span lang='da'>Børn og Unge", page)
    assert re.search(r'Søskolen</a></span>\s*<span class="mark">Lukket', page)
    assert "Ingen enheder hedder sådan." in desk.page("/units?q=findes+ikke")


def test_what_cannot_be_searched_for_says_why(make, desk):
    answer = desk.get("/units?q=010190-1234", status=422)
    assert "CPR" in answer.text
    assert 'value="010190-1234"' in answer.text


def test_a_search_is_read_a_page_at_a_time(make, desk, monkeypatch):
    monkeypatch.setattr("app.pages.unit.A_PAGE", 2)
    for number in range(3):
        make.unit(name=f"Skole {number}")
    first = desk.page("/units?q=skole")
    after = re.search(r'href="(/units\?q=skole&amp;cursor=[^"]+)"', first)[1]
    rest = desk.page(after.replace("&amp;", "&"))
    assert re.findall(r">(Skole \d)<", first + rest) == ["Skole 0", "Skole 1", "Skole 2"]


def test_who_leads_it_and_who_stands_in_can_be_called(make, desk):
    unit = make.unit(name="PPR", leader=make.person(name="Lea Leder", phone="12345678"))
    make.post(unit, make.person(name="Stig Vikar"), kind=PostKind.SUBSTITUTE)
    page = desk.page(f"/units/{unit.key}")
    for text in ("Lea Leder", "tel:12345678", "Stig Vikar", "Stedfortræder"):
        assert text in page
    assert "Ingen leder enheden lige nu" not in page


def test_a_vacant_post_says_who_answers_instead(make, desk):
    top = make.unit(name="Børn og Unge", leader=make.person(name="Ove Oven"))
    unit = make.unit(name="PPR", parent_id=top.key)
    page = desk.page(f"/units/{unit.key}")
    assert "Ingen leder enheden lige nu. Indtil da svarer" in page
    assert "Ove Oven" in page
    lonely = make.unit(name="Alene")
    assert "Ingen svarer for enheden i dag." in desk.page(f"/units/{lonely.key}")


def test_what_it_has_been_given_is_there_with_what_is_due_first(make, desk):
    unit, below = make.unit(name="PPR", leader=make.person()), make.unit()
    below.parent_id = unit.key
    for title, days in (("Senere", 20), ("Snart", 1), ("Over tiden", -3)):
        due_on = TODAY + timedelta(days=days)
        make.handover(
            gift=make.gift(title=title), unit=unit, state=State.IN_USE, life_due_on=due_on
        )
    make.handover(gift=make.gift(title="Nej tak"), unit=unit, state=State.DECLINED)
    make.handover(gift=make.gift(title="Kladden"), unit=unit, state=State.DRAFT)
    make.handover(gift=make.gift(title="En andens"), unit=below, state=State.DECLINED)
    page = desk.page(f"/units/{unit.key}")
    assert gifts_in(page) == ["Over tiden", "Snart", "Senere"]
    past = page.split('id="past"')[1]
    assert "Nej tak" in past
    assert "En andens" not in page
    assert "Kladden" not in page
    counted = dict(re.findall(r'mark-(\w+)">[^<]+</span><strong>(\d+)', page))
    assert counted == {"in_use": "3", "declined": "1"}


def test_long_lists_lead_on(make, desk):
    unit = make.unit(leader=make.person())
    for _ in range(OPEN + 1):
        make.handover(unit=unit, state=State.IN_USE)
    for number in range(PAST + 1):
        gift = make.gift(title=f"Sagt nej {number:02}")
        make.handover(gift=gift, unit=unit, state=State.DECLINED)
    page = desk.page(f"/units/{unit.key}")
    assert len(gifts_in(page)) == OPEN
    assert len(gifts_in(desk.page(f"/units/{unit.key}?all=1"))) == OPEN + 1
    after = re.search(rf'href="(/units/{unit.key}\?cursor=[^"#]+)#past"', page)[1]
    assert re.findall(r"Sagt nej (\d+)", desk.page(after)) == ["00"]


def test_a_closed_unit_says_where_it_went(make, desk):
    new = make.unit(name="Nye PPR")
    old = make.unit(name="Gamle PPR", closed_on=TODAY, successor_id=new.key)
    gone = make.unit(name="Borte", closed_on=TODAY)
    page = desk.page(f"/units/{old.key}")
    assert "Det blev den 2. marts 2026." in page
    assert re.search(rf"Nu er det <a href='/units/{new.key}' lang='da'>Nye PPR</a>", page)
    assert "Hvem svarer for enheden?" not in page
    assert "Den har ingen efterfølger" in desk.page(f"/units/{gone.key}")


def test_what_it_has_asked_for_is_seen_by_those_who_answer_for_it(make, desk, desk_of):
    leader = make.person()
    unit = make.unit(leader=leader)
    wish = make.gift(title="Ønsket")
    make.handover(gift=wish, unit=unit, state=State.DRAFT, asked_by=leader)
    assert "Ønsket" in desk_of(leader).page(f"/units/{unit.key}")
    assert "Ønsket" not in desk.page(f"/units/{unit.key}")


def test_the_way_to_the_top_and_to_what_is_below_is_on_it(make, desk):
    top = make.unit(name="Lindborg")
    area = make.unit(name="Børn", parent_id=top.key)
    below = make.unit(name="PPR", parent_id=area.key)
    page = desk.page(f"/units/{area.key}")
    assert linked(page, 'class="path"') == [str(top.key)]
    assert f'href="/units/{below.key}"' in page.split("Enheder under den")[1]
    assert f'href="/board?unit_id={area.key}"' in page


def test_names_are_shown_and_not_run(make, desk):
    unit = make.unit(name="<script>alert(1)</script>")
    for address in ("/units", f"/units/{unit.key}", "/units?q=script"):
        assert "<script>alert" not in desk.page(address)


@pytest.mark.parametrize("address", ["/units/4711", "/units/abc", "/units/0x1"])
def test_what_is_not_there_is_not_found(desk, address):
    desk.get(address, status=404)


def test_it_asks_the_database_no_more_often_when_there_is_more_on_it(make, desk, database):
    leader = make.person()
    unit = make.unit(leader=leader)
    asked = []
    for _ in range(2):
        for _ in range(4):
            make.unit(parent_id=unit.key, leader=make.person())
            make.handover(unit=unit, state=State.IN_USE)
            make.handover(unit=unit, state=State.DECLINED)
        for address in ("/units", f"/units/{unit.key}", "/units?q=enhed"):
            desk.page(address)
            with questions(database) as found:
                desk.page(address)
            asked.append(len(found))
    assert asked[:3] == asked[3:]
