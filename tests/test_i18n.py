"""Which language somebody is answered in, and how names, days and words are put into it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Message, NotFound
from app.i18n import locale_of, translate


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "da"),
        ("da", "da"),
        ("en", "en"),
        ("EN", "en"),
        ("en-GB", "en"),
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("en-US,en;q=0.9,da;q=0.8", "en"),
        ("en;q=0.5, da;q=0.7", "da"),
        ("da; q=0.5, en; q=0.7", "en"),
        ("de, fr;q=0.9, en;q=0.1", "en"),
        ("de", "da"),
        ("*", "da"),
        ("en;q=0", "da"),
        ("en;q=0, da;q=0", "da"),
        ("en;q=en halv, da", "da"),
        ("en;q=nan", "da"),
        ("enklere", "da"),
        (",;=q,,en", "en"),
        ("en" + ",x" * 10_000, "en"),
        ("en\udce6", "da"),
    ],
)
def test_the_language_is_the_first_of_ours_by_preference_and_danish_without_one(header, locale):
    assert locale_of(header) == locale


@settings(deadline=None)
@given(st.text())
def test_no_header_is_too_strange_to_answer(header):
    assert locale_of(header) in ("da", "en")


def test_a_sentence_is_itself_in_danish_and_translated_in_english():
    assert translate(NotFound.title, "da") == NotFound.title.text
    assert translate(NotFound.title, "en") != NotFound.title.text


def test_a_sentence_that_nobody_has_translated_is_danish_rather_than_nothing():
    assert translate(Message("Rødgrød med %(what)s", what="fløde"), "en") == "Rødgrød med fløde"


def test_a_sentence_inside_a_sentence_is_translated_too():
    outer = Message("Se her: %(inner)s", inner=NotFound.title)

    assert translate(outer, "en") == f"Se her: {translate(NotFound.title, 'en')}"


def test_a_list_of_sentences_has_commas_between():
    listed = Message.listed([Message("en"), Message("to"), Message("%(count)s", count=3)])

    assert translate(listed, "da") == "en, to, 3"
    assert str(listed) == "en, to, 3"


def test_days_are_written_out_and_an_instant_is_the_day_it_was_in_denmark():
    day = Message("%(on)s", on=date(2026, 3, 2))
    late = Message("%(at)s", at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))

    assert translate(day, "da") == translate(late, "da") == "2. marts 2026"
    assert "March" in translate(day, "en")
    assert translate(day, "en") == translate(late, "en")


def test_a_percent_sign_in_a_value_is_only_a_percent_sign():
    assert translate(Message("Gaven »%(title)s«", title="100 %(alle)s %"), "da") == (
        "Gaven »100 %(alle)s %«"
    )


def test_a_sentence_without_values_may_have_percent_signs_of_its_own():
    assert translate(Message("80 % er nok"), "da") == "80 % er nok"
