"""What may be written in a field, and what is refused and where."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.text import (
    LARGEST_ID,
    Day,
    Id,
    Instant,
    Line,
    Mail,
    OptionalProse,
    Phone,
    Prose,
    Words,
    cpr_position,
    folded,
    sendable,
    unreadable_position,
)


def refusal(kind, value):
    """The code of what is wrong with the value."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    return refused.value.errors()[0]["type"]


def read(kind, value):
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("010190-1234", 1),
        ("0101901234", 1),
        ("010190 1234", 1),
        ("010190–1234", 1),  # noqa: RUF001 - people type dashes
        ("010190 - 1234", 1),
        ("01 01 90 1234", 1),
        ("01-01-90-1234", 1),
        ("01.01.90-1234", 1),
        ("01/01/90 1234", 1),
        ("010190/1234", 1),
        ("01  01  90  1234", 1),
        ("010190\xa01234", 1),
        ("01\xa001\xa090\xa0-\xa01234", 1),
        ("010190\u20101234", 1),
        ("010190\u20111234", 1),
        ("010190\u20151234", 1),
        ("010190\u22121234", 1),
        ("Ring 01\u200d0190-12\u200d34", 6),
        ("👩\u200d👧 010190-1234", 5),
        ("99 99 99 0101 90 1234", 10),
        ("Hun har 311299-1234.", 9),
        ("cpr:290200-4567", 5),
        ("120345-0000 og 010190-1234", 1),
        ("(010190-1234)", 2),
        ("999999-9999 men 010190-1234", 17),
    ],
)
def test_what_looks_like_a_cpr_number_is_found_where_it_stands(text, position):
    assert cpr_position(text) == position


@pytest.mark.parametrize(
    "text",
    [
        "",
        "010190",
        "320190-1234",
        "011390-1234",
        "300299-1234",
        "0101901-1234",
        "010190-12345",
        "10010190-1234",
        "01 01 90 12 34",
        "EAN 5790000123456",
        "2026-03-02",
        "72 30 41 17",
        "+45 72304117",
        "+45 72 30 41 17",
        "+45 20 10 12 34",
        "0045 20 10 12 34",
        "20 30 40 50 60",
        "20 10 12 34 og 20 10 12 35",
        "2026-03-02 12:00",
        "2026-03-02T12:00:00Z",
        "02.03.2026 kl. 12.00",
        "02-03-2026 til 05-03-2026",
        "10.000.000 kr.",
        "1.012.101.234,50 kr.",
        "17½ og 60 minutter",
    ],
)
def test_other_numbers_are_left_in_peace(text):
    assert cpr_position(text) is None


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.integers(0, 9999), st.text(max_size=20))
def test_every_date_with_four_digits_after_is_a_cpr_number_wherever_it_stands(day, serial, before):
    if before and before[-1].isdecimal():
        before += " "
    text = f"{before}{day:%d%m%y}-{serial:04}"

    assert cpr_position(text) is not None
    assert refusal(OptionalProse, text) in {"cpr_number", "unreadable_character"}


@pytest.mark.parametrize(
    "character",
    [
        *("\0", "\x07", "\x1b", "\x7f", "\x85", "\xad", "\u200b", "\u200c", "\u200e", "\u200f"),
        *("\u202e", "\u2060", "\u2064", "\u2066", "\ufeff", "\ufff9", "\ufffb"),
    ],
)
def test_what_nobody_can_see_is_refused_where_it_stands(character):
    assert unreadable_position(f"abc{character}") == 4
    for kind in (Line, Prose, OptionalProse, Mail, Phone, Words):
        assert refusal(kind, f"a{character}b") == "unreadable_character"


def test_half_a_character_is_refused():
    assert unreadable_position("a\ud800") == 2
    assert refusal(Prose, "a\ud800") in {"string_unicode", "unreadable_character"}


@pytest.mark.parametrize("text", ["Æblegrød på Ærø", "👩‍👧 og 🎁", "naïve — café", "שלום", "5 < 6"])
def test_what_people_write_is_kept_as_they_wrote_it(text):
    assert read(Prose, text) == text
    assert read(Line, text) == text


def test_text_is_kept_composed_trimmed_and_with_one_kind_of_line_break():
    assert read(Prose, "  A\u030arsplan\r\nog mere\t \n") == "Årsplan\nog mere"


def test_a_line_is_one_line_and_prose_may_be_more():
    assert read(Prose, "to\nlinjer") == "to\nlinjer"
    assert refusal(Line, "to\nlinjer") == "several_lines"
    assert refusal(Line, "to\rlinjer") == "several_lines"
    assert read(Line, "en linje\n") == "en linje"


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\r\n"])
def test_what_must_be_written_cannot_be_blank(blank):
    assert refusal(Line, blank) == "empty"
    assert refusal(Prose, blank) == "empty"
    assert read(OptionalProse, blank) == ""


def test_texts_have_a_longest_length():
    assert read(Line, "x" * 200)
    assert read(Prose, "x" * 4000)
    assert refusal(Line, "x" * 201) == "string_too_long"
    assert refusal(Prose, "x" * 4001) == "string_too_long"
    assert refusal(Words, "x" * 101) == "string_too_long"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_a_text_that_is_taken_can_be_read_back_and_stored(text):
    try:
        kept = read(OptionalProse, text)
    except ValidationError:
        return
    assert kept == unicodedata.normalize("NFC", kept) == kept.strip()
    assert unreadable_position(kept) is None
    assert cpr_position(kept) is None
    kept.encode()


@pytest.mark.parametrize(
    ("one", "other"), [("ÆRØ", "ærø"), ("ÅRHUS", "årHus"), ("A\u030a", "å"), ("Ø", "ø")]
)
def test_searching_does_not_see_the_difference_between_large_and_small_letters(one, other):
    assert folded(one) == folded(other)


def test_searching_keeps_danish_letters_apart_from_those_they_resemble():
    assert len({folded(letter) for letter in "aåoøæ"}) == 5


@pytest.mark.parametrize("day", ["2000-01-01", "2026-02-28", "2024-02-29", "2100-12-31"])
def test_a_day_is_read_as_it_is_written_in_iso(day):
    assert read(Day, day) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-02-30", "date_from_datetime_parsing"),
        ("2026-13-01", "date_from_datetime_parsing"),
        ("1999-12-31", "day_out_of_range"),
        ("2101-01-01", "day_out_of_range"),
        ("0001-01-01", "day_out_of_range"),
        ("9999-12-31", "day_out_of_range"),
        ("", "day_type"),
        ("i morgen", "day_type"),
        ("02-03-2026", "day_type"),
        ("2026-3-2", "day_type"),
        ("20260302", "day_type"),
        ("1772409600", "day_type"),
        ("2026-03-02T00:00:00Z", "day_type"),
        ("٢٠٢٦-٠٣-٠٢", "day_type"),
        (1772409600, "day_type"),
        (True, "day_type"),
        (1.5, "day_type"),
    ],
)
def test_what_is_no_day_is_refused(value, code):
    assert refusal(Day, value) == code


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1999-12-31T23:59:59Z"]
)
def test_a_moment_far_away_is_refused(value):
    assert refusal(Instant, value) == "day_out_of_range"


def test_a_moment_says_its_time_zone():
    assert refusal(Instant, "2026-03-02T12:00:00") == "timezone_aware"
    assert read(Instant, "2026-03-02T12:00:00+01:00").isoformat() == "2026-03-02T12:00:00+01:00"


@pytest.mark.parametrize("value", [0, -1, LARGEST_ID + 1, 2**63, 2**70, True, "7", 7.0, None])
def test_an_id_is_a_whole_number_that_every_client_can_hold(value):
    assert refusal(Id, value)


def test_ids_go_as_far_as_numbers_are_exact_in_browsers():
    assert read(Id, LARGEST_ID) == 2**53 - 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Signe@Lindborg.Example", "signe@lindborg.example"),
        (" signe.aaskov+gave@ung.lindborg.dk ", "signe.aaskov+gave@ung.lindborg.dk"),
        ("Soren@ærø.dk", "soren@ærø.dk"),
        ("per@xn--kge-0na.dk", "per@xn--kge-0na.dk"),
    ],
)
def test_a_mail_address_is_kept_in_small_letters(sent, kept):
    assert read(Mail, sent) == kept


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "signe",
        "@a.dk",
        "a@",
        "a@b",
        "a@b.",
        "a b@c.dk",
        "a@b.dk,c@d.dk",
        "<a@b.dk>",
        "a@b@c.dk",
        "a@ø_ø.dk",
        "a@-ø.dk",
        f"a@{'ø' * 64}.dk",
        f"a@{'.'.join(['ø' * 40] * 6)}.dk",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(sent):
    assert refusal(Mail, sent) == "mail_address"


@pytest.mark.parametrize("sent", ["søren@aeroe.dk", "pær@køge.dk", "renée@a.dk"])
def test_before_the_at_only_letters_stand_that_every_mail_server_takes(sent):
    assert refusal(Mail, sent) == "mail_letters"


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("per@køge.dk", "per@xn--kge-0na.dk"),
        ("per@Post.KØGE.dk", "per@post.xn--kge-0na.dk"),
        ("per@lindborg.example", "per@lindborg.example"),
        ("per@ø_ø.dk", None),
    ],
)
def test_a_domain_is_sent_to_as_it_is_looked_up(address, sent_to):
    assert sendable(address) == sent_to


@pytest.mark.parametrize("sent", ["72304117", "72 30 41 17", "+45 72 30 41 17", " 112 112 "])
def test_a_phone_number_is_digits_with_room_between(sent):
    assert read(Phone, sent) == sent.strip()


@pytest.mark.parametrize("sent", ["", "12", "ring", "72-30-41-17", "72304117 lok. 4", "٧٢٣٠٤١١٧"])
def test_what_cannot_be_called_is_refused(sent):
    assert refusal(Phone, sent) == "phone_number"


def test_a_cpr_number_is_one_also_where_a_phone_number_or_mail_is_asked_for():
    assert refusal(Phone, "010190 1234") == "cpr_number"
    assert refusal(Mail, "010190-1234@a.dk") == "cpr_number"
