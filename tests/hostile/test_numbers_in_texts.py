"""CPR numbers are found however they are written, and other numbers are left in peace."""

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.text import Line, Words, cpr_position

BIRTHDAYS = st.dates(date(1858, 1, 1), date(2057, 12, 31))
SERIALS = st.integers(0, 9999).map("{:04}".format)
DASHES = st.sampled_from(["-", " ", ".", "/", "–", " - ", "\xa0"])  # noqa: RUF001 - people type dashes
AROUND = st.sampled_from(["", "Hun er ", "(", "sag: ", "Ring. ", "æ"])
MEETINGS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
FIVE_MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 11).map(lambda five: five * 5))
PHONES = st.builds(
    lambda country, number, groups: country + grouped(f"{number:08}", groups),
    st.sampled_from(["", "+45 ", "+45", "0045 ", "(+45) ", "Tlf. "]),
    st.integers(0, 99_999_999),
    st.sampled_from([(8,), (2, 2, 2, 2), (4, 4), (2, 3, 3)]),
)


def grouped(digits: str, sizes: tuple[int, ...]) -> str:
    groups, place = [], 0
    for size in sizes:
        groups.append(digits[place : place + size])
        place += size
    return " ".join(groups)


def as_replacement(day: date, form: str) -> str:
    """The day as those who only have a replacement number get it: with 60 added."""
    return f"{day.day + 60}{day.strftime(form)[2:]}"


@given(BIRTHDAYS, SERIALS, DASHES, st.booleans(), AROUND)
def test_a_cpr_number_is_found_with_any_dash_and_also_a_replacement_number(
    day: date, serial: str, dash: str, is_replacement: bool, around: str
) -> None:
    written = as_replacement(day, "%d%m%y") if is_replacement else day.strftime("%d%m%y")

    assert cpr_position(f"{around}{written}{dash}{serial}") == len(around) + 1
    assert cpr_position(f"{around}{written}{serial}") == len(around) + 1


@given(BIRTHDAYS, SERIALS, st.sampled_from("-./ "), st.sampled_from(["-", " - ", "/", ""]))
def test_a_cpr_number_is_found_with_its_day_month_and_year_apart(
    day: date, serial: str, apart: str, dash: str
) -> None:
    assert cpr_position(day.strftime(f"%d{apart}%m{apart}%y") + dash + serial) == 1


@given(st.integers(1970, 2100), st.integers(0, 999_999), st.integers(1, 6), AROUND)
def test_a_case_number_is_no_cpr_number(year: int, number: int, digits: int, around: str) -> None:
    number %= 10**digits
    for case in (
        f"{year}-{number:0{digits}}",
        f"{year}-{number:06}",
        f"{year}/{number:06}",
        f"{year % 100:02}/{number % 100_000:05}",
        f"{year % 100:02}/{number}",
        f"EMN-{year}-{number:05}",
        f"27.12.20-P19-{number % 100}-{year % 100:02}",
        f"00.15.{number % 100:02}-G01-{number % 1000}-{year % 100:02}",
    ):
        assert cpr_position(around + case) is None, case


@given(st.lists(PHONES, min_size=1, max_size=3), st.sampled_from([", ", " og ", "\n", " / ", "; "]))
def test_phone_numbers_are_no_cpr_numbers(phones: list[str], between: str) -> None:
    assert cpr_position(between.join(phones)) is None


@given(st.integers(0, 99_999_999), st.integers(0, 10**9 - 1))
def test_the_number_of_a_company_or_a_public_mailbox_is_no_cpr_number(cvr: int, rest: int) -> None:
    assert cpr_position(f"CVR {cvr:08}") is None
    assert cpr_position(f"EAN 5790{rest:09}") is None
    assert cpr_position(f"EAN {grouped(f'5790{rest:09}', (4, 4, 5))}") is None


@given(MEETINGS, FIVE_MINUTES, st.sampled_from("-./"), st.sampled_from([" ", "  ", "\xa0"]))
def test_a_day_and_a_time_are_no_cpr_number(day: date, at: time, apart: str, blank: str) -> None:
    for written in (
        day.strftime(f"%d{apart}%m{apart}%y{blank}") + at.strftime("%H%M"),
        day.strftime(f"%d{apart}%m{apart}%Y{blank}") + at.strftime("%H%M"),
        day.strftime(f"%d{apart}%m{apart}%Y{blank}") + at.strftime("%H:%M"),
        day.strftime(f"%d{apart}%m{apart}%Y kl. ") + at.strftime("%H.%M"),
        day.isoformat() + at.strftime(" %H%M"),
        day.isoformat() + at.strftime("T%H:%M:%SZ"),
    ):
        assert cpr_position(written) is None, written


@given(st.text("aåÅæøñé", min_size=190, max_size=200))
def test_a_text_is_as_long_as_it_is_when_it_is_composed(text: str) -> None:
    taken_apart = unicodedata.normalize("NFD", text)

    assert TypeAdapter(Line).validate_python(taken_apart) == text
    with pytest.raises(ValidationError, match="too_long"):
        TypeAdapter(Words).validate_python(taken_apart)


def test_a_text_that_grows_when_it_is_composed_is_measured_as_it_is_stored() -> None:
    grows = "\ufb2c"
    assert len(unicodedata.normalize("NFC", grows)) == 3
    assert TypeAdapter(Line).validate_python(grows * 66)
    with pytest.raises(ValidationError, match="too_long"):
        TypeAdapter(Line).validate_python(grows * 67)
