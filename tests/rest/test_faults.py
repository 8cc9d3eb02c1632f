"""Every fault that a form can find is a sentence, in Danish and in English."""

from decimal import Decimal
from typing import Annotated, Literal, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from app.follow_ups.forms import Measure
from app.gifts.forms import WebAddress
from app.handovers.forms import RippleForm
from app.i18n import translate
from app.networks.models import NetworkKind
from app.rest import faults
from app.rest.faults import invalid, sentence
from app.settings import Settings
from app.text import Day, Id, Instant, Line, Mail, Phone, Prose


class Empty(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filled(BaseModel):
    name: str


Few = Annotated[list[int], Field(min_length=1, max_length=2)]

FOUND = [
    (Filled, {}, "missing", "Feltet mangler."),
    (Line, 5, "string_type", "Her skal stå tekst."),
    (Line, "x" * 201, "string_too_long", "Teksten er for lang: højst 200 tegn."),
    (Line, "", "empty", "Skriv noget her."),
    (Line, "a\nb", "several_lines", "Skriv det på én linje."),
    (Prose, "a\ud800", "string_unicode", None),
    (Prose, "ab\0", "unreadable_character", None),
    (Prose, "ring 010190-1234", "cpr_number", None),
    (Mail, "x", "mail_address", "Det er ikke en mailadresse."),
    (
        Mail,
        "søren@a.dk",
        "mail_letters",
        "Før @ kan der ikke stå æ, ø, å eller bogstaver med accent.",
    ),
    (Phone, "x", "phone_number", None),
    (Id, "7", "int_type", "Her skal stå et helt tal."),
    (Id, True, "int_type", "Her skal stå et helt tal."),
    (Id, 0, "greater_than_equal", "Tallet skal være mindst 1."),
    (Id, 2**70, "less_than_equal", "Tallet skal være højst 9007199254740991."),
    (int, "x", "int_parsing", "Her skal stå et helt tal."),
    (int, "9" * 5000, "int_parsing_size", "Tallet er for stort."),
    (int, 1.5, "int_from_float", "Her skal stå et helt tal."),
    (bool, "måske", "bool_parsing", "Her skal stå true eller false."),
    (bool, 1.5, "bool_type", "Her skal stå true eller false."),
    (bool, [], "bool_type", "Her skal stå true eller false."),
    (Measure, "x", "decimal_parsing", "Her skal stå et tal."),
    (Measure, [], "decimal_type", "Her skal stå et tal."),
    (Measure, "NaN", "finite_number", "Her skal stå et tal."),
    (Measure, "1.23456", "decimal_max_places", "Tallet har for mange decimaler: højst 4."),
    (Measure, Decimal(10) ** 18, "decimal_max_digits", "Tallet har for mange cifre."),
    (NetworkKind, "x", "enum", "Vælg en af: welfare, learning, innovation."),
    (Literal["da", "en"], "x", "literal_error", "Vælg en af: da, en."),
    (Day, 5, "day_type", "Skriv dagen som ÅÅÅÅ-MM-DD."),
    (Day, "1/2", "day_type", "Skriv dagen som ÅÅÅÅ-MM-DD."),
    (Day, [], "date_type", "Skriv dagen som ÅÅÅÅ-MM-DD."),
    (Day, "2026-02-30", "date_from_datetime_parsing", None),
    (Day, "1999-12-31", "day_out_of_range", "Dagen skal ligge mellem år 2000 og 2100."),
    (Instant, [], "datetime_type", "Skriv tidspunktet som 2026-03-02T12:00:00Z."),
    (Instant, "x", "datetime_from_date_parsing", "Skriv tidspunktet som 2026-03-02T12:00:00Z."),
    (Instant, "2026-03-02T99", "datetime_from_date_parsing", None),
    (Instant, "2026-03-02T12:00", "timezone_aware", None),
    (WebAddress, 5, "url_type", "Her skal stå tekst."),
    (WebAddress, "x", "url_parsing", None),
    (WebAddress, "ftp://a", "url_scheme", None),
    (WebAddress, "https://a/" + "x" * 1000, "url_too_long", None),
    (Few, 5, "list_type", "Her skal stå en liste."),
    (Few, [], "too_short", "Listen er for kort: mindst 1."),
    (Few, [1, 2, 3], "too_long", "Listen er for lang: højst 2."),
    (Filled, [], "model_type", "Her skal stå et objekt."),
    (dict, [], "dict_type", "Her skal stå et objekt."),
    (Empty, {"a": 1}, "extra_forbidden", None),
    (RippleForm, {"answer": "units"}, "ripple_contradicts", None),
    (RippleForm, {"answer": "none", "unit_ids": [1]}, "ripple_contradicts", None),
    (Settings, {"database_url": "mysql://a/b"}, "database_url", None),
    (Settings, {"public_url": "gavebordet.dk"}, "public_url", None),
    (Settings, {"group_roles": "[]"}, "group_roles", None),
    (Settings, {"oidc_issuer": "ftp://a.dk"}, "oidc_issuer", None),
    (Settings, {"oidc_issuer": "https://a.dk"}, "oidc_client_id", None),
    (Settings, {"oidc_scopes": "email"}, "oidc_scopes", None),
    (Settings, {"oidc_role_names": "[]"}, "oidc_role_names", None),
    (Settings, {"webhook_allowed": "a.dk 10.0.0.0/8"}, "webhook_allowed", None),
    (Settings, {"colour": "blå"}, "colour", None),
    (Settings, {"colour": "#ffee00"}, "pale_on_white", None),
    (Settings, {"colour": "#767676"}, "pale_on_wash", None),
    (Settings, {"quiet_weeks": "uge 28"}, "week_numbers", None),
    (Settings, {"quiet_weeks": ",".join(map(str, range(1, 30)))}, "too_quiet", None),
]


@pytest.mark.parametrize(("kind", "value", "code", "danish"), FOUND)
def test_each_fault_is_a_sentence_in_both_languages(kind, value, code, danish):
    with pytest.raises(ValidationError) as found:
        TypeAdapter(kind).validate_python(value)
    (fault,) = invalid(found.value.errors()).faults

    assert fault.code == code
    in_danish, in_english = translate(fault.detail, "da"), translate(fault.detail, "en")
    assert danish in (None, in_danish)
    for text in (in_danish, in_english):
        assert text[0].isupper()
        assert text.endswith(".")
        assert "%(" not in text
        assert "Value" not in text
    assert in_english != in_danish
    assert in_danish != str(sentence("no such kind of fault", {}))


def test_every_sentence_belongs_to_a_fault_that_is_found_here_or_by_pydantic():
    found = {code for _, _, code, _ in FOUND}

    assert set(faults._SENTENCES) - found <= set(get_args(ErrorType))


def test_a_fault_that_nobody_has_a_sentence_for_is_still_a_sentence():
    assert str(sentence("no such kind of fault", {"ctx": 1})).endswith(".")


def test_a_position_is_counted_as_people_count():
    with pytest.raises(ValidationError) as found:
        TypeAdapter(Prose).validate_python("Ring 010190-1234")
    (fault,) = invalid(found.value.errors()).faults

    assert "6" in translate(fault.detail, "da")


@pytest.mark.parametrize(
    ("loc", "pointer", "parameter"),
    [
        (("body",), "", None),
        (("body", "name"), "/name", None),
        (("body", "ripple", "unit_ids", 3), "/ripple/unit_ids/3", None),
        (("body", "a/b~c"), "/a~1b~0c", None),
        (("body", "\ud800"), "/?", None),
        (("body", "x" * 1000), "/" + "x" * 100, None),
        (("query", "limit"), None, "limit"),
        (("path", "unit_id"), None, "unit_id"),
        (("header", "if-match"), None, "if-match"),
    ],
)
def test_a_fault_is_placed_where_it_was_found(loc, pointer, parameter):
    (fault,) = invalid([{"type": "missing", "loc": loc}]).faults

    assert (fault.pointer, fault.parameter) == (pointer, parameter)


def test_a_body_that_is_no_json_is_at_fault_as_a_whole():
    (fault,) = invalid([{"type": "json_invalid", "loc": ("body", 17)}]).faults

    assert (fault.code, fault.pointer) == ("json_invalid", "")
