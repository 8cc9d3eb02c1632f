"""What schemathesis checks of every answer beside its own checks. It loads this file itself."""

import os
from typing import Any

import schemathesis

# What a JSON schema can say of a value. Data that follows the schema is never refused for these;
# it may still be refused for what it means, as a CPR number or a day that has been. An If-Match
# that is no ETag is left out: schemathesis sends 0 there as if the description allowed it.
SHAPES = {
    "missing",
    "extra_forbidden",
    "string_type",
    "string_too_long",
    "string_too_short",
    "string_pattern_mismatch",
    "int_type",
    "int_parsing",
    "int_parsing_size",
    "int_from_float",
    "decimal_type",
    "decimal_parsing",
    "greater_than_equal",
    "less_than_equal",
    "bool_type",
    "bool_parsing",
    "enum",
    "literal_error",
    "date_type",
    "day_type",
    "date_parsing",
    "date_from_datetime_parsing",
    "datetime_type",
    "datetime_parsing",
    "datetime_from_date_parsing",
    "timezone_aware",
    "list_type",
    "too_long",
    "too_short",
    "dict_type",
    "model_type",
    "model_attributes_type",
    "json_invalid",
}
# Needed only in some states of the handover or gift, so no schema says that they are required.
SOMETIMES = {"#/read_back", "#/first_step", "#/change", "#/changes"}


@schemathesis.check
def what_follows_the_schema_is_refused_only_for_what_it_means(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    if response.status_code != 422 or not _follows_the_schema(case):
        return
    for error in response.json()["errors"]:
        place = error.get("pointer") or error.get("parameter")
        is_about_shape = error["code"] in SHAPES and place not in SOMETIMES
        assert not is_about_shape or _is_whole_decimal(case.body, place), error


@schemathesis.check
def without_a_good_key_nothing_is_answered(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """For the runs of strangers, whose every request must be refused before it is looked at."""
    if os.environ["GAVEBORD_HOSTILE_STRANGER"] and not case.path.startswith("/health/"):
        assert response.status_code >= 400, response.status_code


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Nobody ends the key that the run itself is signed in with."""
    person_id = str((case.path_parameters or {}).get("person_id"))
    return case.method == "GET" or person_id not in os.environ["GAVEBORD_HOSTILE_SPARED"].split()


def _follows_the_schema(case: schemathesis.Case) -> bool:
    """The links that schemathesis infers also follow an id that is null, into the address None."""
    meta = case.meta
    is_led_astray = "None" in map(str, (case.path_parameters or {}).values())
    return (
        not is_led_astray
        and meta is not None
        and all(part.mode.is_positive for part in (meta.generation, *meta.components.values()))
    )


def _is_whole_decimal(body: Any, pointer: str) -> bool:
    """7.0 is an integer to JSON Schema, and a mistake to us."""
    for step in pointer.removeprefix("#/").split("/"):
        match body:
            case list() if step.isdecimal():
                body = body[int(step)]
            case dict():
                body = body.get(step)
    return isinstance(body, float) and body.is_integer()
