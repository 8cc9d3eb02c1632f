"""Hjælp og ord, and the accessibility statement: for everybody, also before they sign in."""

import re

import pytest

from app.handovers.lifecycle import State
from app.pages.glossary import CHAPTERS, GLOSSARY


@pytest.fixture
def settled(app):
    """Changes settings for this test."""
    before = app.state.settings

    def changed(**over):
        app.state.settings = app.state.settings.model_copy(update=over)

    yield changed
    app.state.settings = before


def test_each_word_is_explained_in_one_plain_sentence(client):
    page = client.get("/help").text
    for key, word in GLOSSARY.items():
        meaning = str(word.meaning)
        assert meaning.endswith(".")
        assert meaning.count(". ") == 0, key
        assert f'<div id="{key}"><dt>{word.name}</dt>' in page
    assert len(GLOSSARY) == sum(len(words) for _, words in CHAPTERS)


def test_every_state_is_a_word_that_is_explained():
    assert {state.value for state in State} <= GLOSSARY.keys()


@pytest.mark.parametrize("address", ["/help", "/accessibility", "/was"])
def test_it_is_read_by_everybody_in_both_languages(client, make, desk_of, address):
    danish = client.get(address)
    assert danish.status_code == 200
    assert 'lang="da"' in danish.text
    client.cookies.set("gavebord_language", "en")
    english = client.get(address)
    assert english.headers["content-language"] == "en"
    assert re.search("<h1[^>]*>(.*?)</h1>", english.text)[1] in (
        "Help and words",
        "Accessibility statement",
    )
    assert "Min kø" in desk_of(make.person()).page(address)


def test_the_statement_is_the_municipality_s_own(client, settled):
    page = client.get("/was").text
    assert "Kommunen er forpligtet" in page
    assert "Skriv eller ring til dem, der står for Gavebordet hos jer" in page
    settled(
        organisation="Lindborg Kommune",
        contact_mail="hjaelp@lindborg.example",
        contact_phone="72 30 41 00",
        accessibility_statement="https://was.digst.dk/lindborg-example",
    )
    page = client.get("/was").text
    for text in (
        "Lindborg Kommune er forpligtet",
        "mailto:hjaelp@lindborg.example",
        "tel:72304100",
        'href="https://was.digst.dk/lindborg-example"',
        "10 arbejdsdage",
    ):
        assert text in page
    assert "mailto:hjaelp@lindborg.example" in client.get("/help").text


def test_a_word_explains_itself_where_it_first_stands(scene, make, desk_of):
    for _ in range(2):
        scene.handover(State.DELIVERED, days_ago=60)
    row = scene.handover(State.IN_USE)
    desk = desk_of(scene.leader)
    queue = desk.page("/")
    assert queue.count('<span class="mark mark-shelf">Ved døren</span>') == 2
    assert queue.count(str(GLOSSARY["door"].meaning)) == 1
    board = desk.page("/board")
    for key in ("shelf", "door", "delivered", "acknowledged", "in_use", "anchored"):
        assert board.count(str(GLOSSARY[key].meaning)) == 1, key
    page = desk.page(f"/handovers/{row.key}")
    for key in ("in_use", "owner", "citizen_value", "read_back", "ripple"):
        assert page.count(str(GLOSSARY[key].meaning)) == 1, key
