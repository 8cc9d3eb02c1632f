"""Colours that cannot be read are refused at the start, and what was measured is said."""

import pytest
from pydantic import ValidationError

from app.i18n import translate
from app.rest.faults import sentence
from app.settings import Settings


def settings(**chosen):
    return Settings(_env_file=None, **chosen)


def said(locale="da", **chosen):
    with pytest.raises(ValidationError) as refused:
        settings(**chosen)
    (error,) = refused.value.errors()
    return translate(sentence(error["type"], error.get("ctx") or {}), locale)


def test_the_colours_of_the_product_itself_can_be_read():
    assert settings().colour == "#08519c"
    assert settings(colour="#08519C").colour == "#08519c"


@pytest.mark.parametrize("name", ["colour", "colour_dark"])
def test_a_colour_that_white_text_is_not_seen_on_is_refused_with_the_ratio(name):
    told = said(**{name: "#ff0000"})
    assert told == (
        "Hvid tekst på farven har kontrasten 3,99:1, og der skal være mindst 4,5:1. Vælg en "
        "mørkere farve."
    )
    assert "3.99:1" in said(locale="en", **{name: "#ff0000"})
    assert "4.5:1" in said(locale="en", **{name: "#ff0000"})


def test_a_colour_that_is_just_seen_on_white_must_be_seen_on_the_wash_too():
    assert "lyse felter (#f5f7fa) har kontrasten 4,23:1" in said(colour="#767676")
    assert settings(colour="#707070")


def test_just_too_little_never_looks_like_enough():
    assert "4,47:1" in said(colour="#777777")


@pytest.mark.parametrize("colour", ["", "red", "#fff", "rgb(0,0,0)", "#08519c; } body { x: y"])
def test_what_is_no_colour_is_refused(colour):
    assert said(colour=colour) == "Skriv farven som # og seks cifre fra 0 til f, fx #08519c."


def test_colours_can_be_written_in_a_file_as_they_are(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("GAVEBORD_COLOUR=#00594f\nGAVEBORD_LOGO=\n")
    read = Settings(_env_file=file)
    assert (read.colour, read.logo) == ("#00594f", None)
