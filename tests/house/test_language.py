"""Danish is in the code, English in the catalogue, and neither lacks a word of the other."""

import dataclasses
import re
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.errors import Message
from app.eventlog.log import CATALOG
from app.follow_ups.forms import FollowUpChange
from app.follow_ups.models import Better, Health
from app.handovers.forms import HandoverChange, PlanForm
from app.handovers.lifecycle import STATE_WORDS, STEP_WORDS, State, Step
from app.handovers.words import WORDS
from app.i18n import CATALOGUE, translate
from app.tables import MODULES

APP = Path(__file__).resolve().parents[2] / "app"
PLACE = re.compile(r"%\((\w+)\)s")


def danish() -> set[str]:
    """Every text that stands in the code as Message("..."), and in the pages as _("...")."""
    found = extract_from_dir(
        APP,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        keywords={"Message": None, "_": None},
        strip_comment_tags=True,
        # By itself it leaves out folders whose names begin as `_ui` does.
        directory_filter=lambda _: True,
    )
    return {str(text) for _, _, text, _, _ in found}


def english() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}


def test_every_danish_text_has_an_english_one() -> None:
    translated = {text for text, text_in_english in english().items() if text_in_english}
    assert danish() - translated == set(), "run `make translations`, and translate what is new"


def test_no_english_text_is_left_over() -> None:
    assert english().keys() - danish() == set(), "run `make translations`"


def test_both_languages_have_the_same_places_for_values() -> None:
    for text, text_in_english in english().items():
        assert sorted(set(PLACE.findall(text))) == sorted(set(PLACE.findall(text_in_english))), text
        assert "%" not in PLACE.sub("", text + text_in_english), text


def test_no_english_text_is_the_danish_one() -> None:
    same = {text for text, text_in_english in english().items() if text == text_in_english}
    worded = {text for text in same if re.search("[a-zæøå]", PLACE.sub("", text))}
    assert worded == {
        "Administration",
        "Administrator",
        "Co-driver",
        "Gavebordet: %(gift)s",
        "Stop",
        "Webhooks",
    }


def test_the_two_languages_end_a_sentence_alike() -> None:
    for text, text_in_english in english().items():
        assert ends(text) == ends(text_in_english), text


def ends(text: str) -> str:
    return text.rstrip()[-1:] if text.rstrip().endswith((".", ":", "!", "?")) else ""


@pytest.mark.parametrize("kind", CATALOG.values(), ids=lambda kind: kind.type)
def test_every_event_can_be_told_in_both_languages(kind) -> None:
    fields = {field.name for field in dataclasses.fields(kind)} - {"subject_id", "handover_id"}
    names = {re.sub("_id(s?)$", r"\1", name) for name in fields} | {"actor"}
    places = set(PLACE.findall(kind.sentence.text))
    assert places <= names
    values = dict.fromkeys(places, "x")
    told = {translate(Message(kind.sentence.text, **values), locale) for locale in ("da", "en")}
    assert len(told) == 2


def test_every_state_and_step_has_a_word() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(STEP_WORDS) == set(Step)


def test_the_words_of_the_log_are_told_as_people_say_them() -> None:
    said: set[str] = {*Health, *Better}
    for form in (FollowUpChange, HandoverChange, PlanForm):
        said |= form.model_fields.keys() - {"on_behalf_of_id"}
    assert said <= WORDS.keys()


def test_an_enum_in_a_table_is_stored_as_the_word_it_is() -> None:
    enums = {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    assert enums
    for enum in enums:
        assert [member.value for member in enum] == [member.name.lower() for member in enum]
