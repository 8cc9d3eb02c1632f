"""Gavekataloget: what has been given, found by words, by network and by its kind."""

import re

import pytest

from app.handovers.lifecycle import State
from app.networks.models import NetworkKind
from app.pages.catalogue import A_PAGE
from tests.house.test_lists import questions


def titles(page):
    return re.findall(r'offer-h" lang="da"><a href="/gifts/\d+">(.*?)</a>', page)


@pytest.fixture
def desk(make, desk_of):
    return desk_of(make.person())


def test_what_has_been_given_is_there_with_how_far_it_has_come(make, desk):
    gift = make.gift(title="Ét samlet brev")
    for state in (State.IN_USE, State.ANCHORED, State.TRIAL, State.DECLINED, State.DRAFT):
        make.handover(gift=gift, state=state)
    make.gift(title="På vej")
    make.gift(title="Kladden", is_given=False)
    page = desk.page("/catalogue")
    assert titles(page) == ["På vej", "Ét samlet brev"]
    assert "I brug i 2 af 4 enheder" in page
    assert "På vej til de første enheder" in page
    assert gift.citizen_value in page


def test_it_is_narrowed_by_words_kind_and_network(make, desk):
    learning = make.network(name="De første ord", kind=NetworkKind.LEARNING)
    make.gift(title="Sprogkufferten", network=learning)
    make.gift(title="Huslejealarmen", summary="En ringer, før det er for sent.")
    for asked, found in (
        ("q=SPROG", ["Sprogkufferten"]),
        ("q=ringer+husleje", ["Huslejealarmen"]),
        ("q=%25", []),
        ("kind=learning", ["Sprogkufferten"]),
        (f"network_id={learning.key}&q=&kind=", ["Sprogkufferten"]),
        (f"network_id={learning.key}&kind=welfare", []),
    ):
        assert titles(desk.page(f"/catalogue?{asked}")) == found, asked
    assert "Prøv med færre eller andre ord" in desk.page("/catalogue?q=findes+ikke")


def test_an_empty_catalogue_is_kind(desk):
    assert "Når et netværk har givet en gave, ligger den her." in desk.page("/catalogue")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a%00b", "Tegn nr. 2"),
        ("010190-1234", "CPR"),
        ("x" * 101, "100"),
    ],
)
def test_what_cannot_be_searched_for_says_why_and_stays(make, desk, typed, said):
    make.gift()
    answer = desk.get(f"/catalogue?q={typed}", status=422)
    assert said in re.search(r'id="q-fault">.*?</span>(.*?)</span>', answer.text, re.DOTALL)[1]
    assert f'value="{typed.replace("%00", chr(0))}"' in answer.text
    assert titles(answer.text) == []


def test_hostile_words_are_only_words(make, desk):
    make.gift(title='<img src=x onerror="alert(1)">')
    page = desk.page('/catalogue?q="><script>')
    assert "<script>" not in page
    assert "<img src=x" not in desk.page("/catalogue")


@pytest.mark.parametrize("asked", ["kind=none", "network_id=4711", "network_id=abc"])
def test_what_is_not_there_is_not_found(desk, asked):
    desk.get(f"/catalogue?{asked}", status=404)


def test_it_is_read_a_page_at_a_time(make, desk):
    network = make.network()
    for number in range(A_PAGE + 1):
        make.gift(network=network, title=f"Gave {number:02}")
    first = desk.page("/catalogue?kind=welfare")
    after = re.search(r'href="(/catalogue\?kind=welfare&amp;cursor=[^"]+)"', first)[1]
    assert titles(first) == [f"Gave {number:02}" for number in range(A_PAGE, 0, -1)]
    assert titles(desk.page(after.replace("&amp;", "&"))) == ["Gave 00"]
    desk.get(after.replace("&amp;", "&").replace("welfare", "learning"), status=422)


def test_it_asks_the_database_no_more_often_when_there_is_more_in_it(make, desk, database):
    asked = []
    for _ in range(2):
        for _ in range(5):
            make.handover(state=State.IN_USE)
        desk.page("/catalogue")
        with questions(database) as found:
            desk.page("/catalogue")
        asked.append(len(found))
    assert asked[0] == asked[1]
