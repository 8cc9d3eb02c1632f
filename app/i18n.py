"""Danish is the source text; English is a gettext catalogue. Which one, and the translation."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from babel import dates, numbers
from babel.messages.pofile import read_po

from app.clock import COPENHAGEN
from app.errors import Message

Locale = Literal["da", "en"]
CATALOGUE = Path(__file__).parent / "locale" / "en.po"


def locale_of(accept_language: str) -> Locale:
    """The first of our languages by the caller's preference; Danish where none is named."""
    wishes: list[tuple[float, int, Locale]] = []
    for place, part in enumerate(accept_language[:200].split(",")):
        name, _, weight = part.replace(" ", "").partition(";q=")
        language = name.lower().split("-")[0]
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        match language:
            case "da" | "en" if quality > 0:
                wishes.append((-quality, place, "da" if language == "da" else "en"))
    return min(wishes)[2] if wishes else "da"


def translate(message: Message, locale: Locale) -> str:
    text = message.text if locale == "da" else _english().get(message.text, message.text)
    values = {name: _shown(value, locale) for name, value in message.values.items()}
    return text % values if values else text


def _shown(value: object, locale: Locale) -> object:
    match value:
        case Message():
            return translate(value, locale)
        case datetime():
            return _day(value.astimezone(COPENHAGEN), locale)
        case date():
            return _day(value, locale)
        case float():
            return numbers.format_decimal(
                value, "0.##", locale="da_DK" if locale == "da" else "en_GB"
            )
        case _:
            return value


def _day(day: date, locale: Locale) -> str:
    return dates.format_date(day, "long", locale="da_DK" if locale == "da" else "en_GB")


@cache
def _english() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
