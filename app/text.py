"""What a person may write in a field: bounded, readable, and never a CPR number. Pure."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated
from urllib.parse import unquote

import idna
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LARGEST_ID = 2**53 - 1
LONGEST_MAIL = 254
"""Characters of an address (RFC 5321, with erratum 1690)."""

# DDMMYY-SSSS, with up to three blanks, dashes, dots or slashes between day, month, year and the
# last four digits. A lookahead, so that what begins inside a number that is no date is found too.
_GAP = r"[\s\-_./\u2010-\u2015\u2212]{0,3}"
_CPR = re.compile(
    rf"(?<!\d)(?=(?P<day>\d\d)(?P<after_day>{_GAP})(?P<month>\d\d)(?P<after_month>{_GAP})"
    rf"(?P<century>19|20)?(?P<year>\d\d)(?P<after_year>{_GAP})(?P<last>\d{{4}})(?!\d))"
)
_TIME = re.compile(r"([01]\d|2[0-3])[0-5][05]")
# Emoji need these, so they may be written; between two digits nobody sees them.
_LOOKED_THROUGH = "\u200d\ufe0e\ufe0f"
_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>.,;]{2,}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u2069\u115f\u1160\u180e\u2028\u2029\u3164\uffa0"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_LAST_LETTERS = str.maketrans({"æ": "{", "ø": "|", "å": "}", "ä": "{", "ö": "|"})
_MOST_DIGITS = 17
_CENTURIES = (1800, 1900, 2000)
_REPLACED = 60


def cpr_position(text: str) -> int | None:
    """Where something like a CPR number starts, counted from 1; None where there is none."""
    places = [place for place, sign in enumerate(text) if sign not in _LOOKED_THROUGH]
    for match in _CPR.finditer("".join(text[place] for place in places)):
        if _begins_with_a_date(match) and not _is_otherwise_explained(match):
            return places[match.start()] + 1
    return None


def unreadable_position(text: str) -> int | None:
    """Where a character starts that nobody can see or store: control characters, lone
    surrogates, direction marks, and those that take no room. Counted from 1; line breaks and
    tabs are readable, and so is the joiner that emoji are made with."""
    match = _UNREADABLE.search(text)
    return match.start() + 1 if match else None


def is_mail(text: str) -> bool:
    """Whether it could be somebody's address."""
    is_short, is_readable = len(text) <= LONGEST_MAIL, unreadable_position(text) is None
    return is_short and is_readable and _MAIL.fullmatch(text) is not None


def sendable(address: str) -> str | None:
    """The address as every mail server takes it, with a domain as `køge.dk` the way it is looked
    up; None where the domain can be none."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        looked_up = idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
    return f"{local}@{looked_up}"


def folded(text: str) -> str:
    """The text as search compares it: composed, lower case, also Æ, Ø and Å."""
    return unicodedata.normalize("NFC", text).casefold()


def digits(text: str) -> int | None:
    """The number that is written in plain digits, and no more of them than an id has; else None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else None


def in_danish_order(text: str) -> str:
    """What a list is sorted by in Danish: Æ, Ø and Å come last, and Aa is Å."""
    return folded(text).replace("aa", "å").translate(_LAST_LETTERS)


def _begins_with_a_date(match: re.Match[str]) -> bool:
    """60 are added to the day of those who have only a replacement number."""
    day, month, year = (int(match[part]) for part in ("day", "month", "year"))
    if day > _REPLACED:
        day -= _REPLACED
    return any(_is_date(century + year, month, day) for century in _CENTURIES)


def _is_otherwise_explained(match: re.Match[str]) -> bool:
    """A case number, as 2012-123456; or a written date and a time, as 01-12-26 1400. Times are
    told from serial numbers by falling on five minutes."""
    if not match["after_day"] and match["after_month"] and not match["after_year"]:
        return True
    is_written_date = match["century"] or re.search(r"[^\s]", match["after_month"])
    is_apart = match["after_year"].isspace()
    return bool(is_written_date and is_apart and _TIME.fullmatch(match["last"]))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def written(text: str) -> str:
    """The text as it is stored. PydanticCustomError where it cannot be read, or may not be kept."""
    if position := unreadable_position(text):
        raise PydanticCustomError(
            "unreadable_character",
            "unreadable character at {position}",
            {"position": position},
        )
    if position := cpr_position(text):
        raise PydanticCustomError(
            "cpr_number", "looks like a CPR number at {position}", {"position": position}
        )
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def written_address(value: object) -> object:
    """The same of a web address, with what stands in it as %20. What is no text stays as it is."""
    if isinstance(value, str):
        written(unquote(value, errors="ignore"))
        return written(value)
    return value


def on_one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise PydanticCustomError("several_lines", "one line only")
    return text


def _filled(text: str) -> str:
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise PydanticCustomError("empty", "write something")
    return text


def _within_reach(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("day_out_of_range", "2000-01-01 to 2100-12-31")
    return day


def _within_years(instant: datetime) -> datetime:
    if not EARLIEST.year <= instant.year <= LATEST.year:
        raise PydanticCustomError("day_out_of_range", "2000 to 2100")
    return instant


def _only_text(value: object) -> object:
    """Pydantic would take a number, also written as text, for seconds since 1970."""
    is_number = isinstance(value, (int, float))
    if is_number or (isinstance(value, str) and not _DAY.fullmatch(value)):
        raise PydanticCustomError("day_type", "a day as text")
    return value


def _mail_address(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise PydanticCustomError("mail_address", "not a mail address")
    # Few mail servers take other letters there, and none can be asked beforehand.
    if not text.rpartition("@")[0].isascii():
        raise PydanticCustomError("mail_letters", "only plain letters before the @")
    sent_to = sendable(text)
    if sent_to is None or len(sent_to) > LONGEST_MAIL:
        raise PydanticCustomError("mail_address", "not a mail address")
    return text.lower()


def _phone_number(text: str) -> str:
    if not re.fullmatch(r"\+?[0-9][0-9 ]{5,20}", text):
        raise PydanticCustomError("phone_number", "not a phone number")
    return text


def _composed(value: object) -> object:
    """Before it is measured: Å is one letter, however it was sent."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


_Written = AfterValidator(written)
_Composed = BeforeValidator(_composed)
Line = Annotated[
    str,
    StringConstraints(max_length=200),
    _Written,
    AfterValidator(_filled),
    AfterValidator(on_one_line),
    _Composed,
]
"""One line of at most 200 characters."""
OptionalLine = Annotated[
    str, StringConstraints(max_length=200), _Written, AfterValidator(on_one_line), _Composed
]
Prose = Annotated[
    str, StringConstraints(max_length=4000), _Written, AfterValidator(_filled), _Composed
]
"""Running text of at most 4,000 characters."""
OptionalProse = Annotated[str, StringConstraints(max_length=4000), _Written, _Composed]
Day = Annotated[date, BeforeValidator(_only_text), AfterValidator(_within_reach)]
"""A calendar day in Denmark between 2000 and 2100, as `2026-03-02`."""
Instant = Annotated[AwareDatetime, AfterValidator(_within_years)]
"""A moment between 2000 and 2100, as `2026-03-02T12:00:00Z`."""
Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
Mail = Annotated[
    str,
    StringConstraints(max_length=LONGEST_MAIL),
    _Written,
    AfterValidator(_mail_address),
    _Composed,
]
Phone = Annotated[str, StringConstraints(max_length=22), _Written, AfterValidator(_phone_number)]
Words = Annotated[str, StringConstraints(max_length=100), _Written, _Composed]
"""What somebody searches for."""
