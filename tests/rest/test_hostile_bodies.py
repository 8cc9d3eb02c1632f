"""Every route that takes a body, from the OpenAPI document, with bodies that mean no good."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import ON_ONE
from tests.rest.described import Schema, fields, items, kinds, operations, right
from tests.rest.refusals import codes, is_problem, places

pytestmark = ON_ONE

WRITES = [route for route in operations("post", "put", "patch") if route.body]
# Each value, and the kinds of fields that it is not hostile to.
VALUES: list[tuple[Any, set[str]]] = [
    (5, {"integer", "number"}),
    (True, set()),
    (1.5, {"number"}),
    (float("nan"), set()),
    (None, {"null"}),
    ([], {"array"}),
    ({}, set()),
    (-1, {"number"}),
    (2**63, set()),
    (2**70, set()),
    ("a\0b", set()),
    ("\ud800", set()),
    ("\u202egpj.exe", set()),
    ("\u200fרע", set()),
    ("010190-1234", set()),
    ("0001-01-01", {"text"}),
    ("9999-12-31", {"text"}),
    ("2026-02-30", {"text"}),
    ("20260302", {"text", "number"}),
    ("1772409600", {"text", "number"}),
]
BODIES = [
    b"",
    b"[]",
    b"[{}]",
    b"5",
    b'"tekst"',
    b"null",
    b'{"a":',
    b"{'a': 1}",
    b"{} {}",
    b"\xff\xfe{}",
    b'{"a": "\xff"}',
    b'{"\\ud800": 1}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
]


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_body_that_is_wrong_is_refused_at_the_field_and_changes_nothing(world, route):
    before = world.rows()

    for value, fine_for in VALUES:
        for body, wanted in _wrong(route.body, value, fine_for):
            answer = world.send(route, json.dumps(body).encode())
            assert answer.status_code == 422, (body, answer.text)
            assert wanted <= places(answer), (body, answer.text)

    assert world.rows() == before


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_cpr_number_is_refused_in_every_text_and_said_to_be_one(world, route):
    before = world.rows()

    for name, schema in fields(route.body).items():
        # The numbers of weeks are text, and no words: they are refused for what they are not.
        if "text" in kinds(schema) and name != "quiet_weeks":
            text = {
                "mail": "0101901234@a.example",
                "phone": "0101901234",
                "url": "https://a/010190-1234",
            }
            body = {name: text.get(name, "Hun har 010190-1234 som nummer.")}
            answer = world.send(route, json.dumps(body).encode())
            assert answer.status_code == 422
            assert {"code": "cpr_number", "pointer": f"#/{name}"} in codes(answer)
            assert "0101901234" not in answer.text

    assert world.rows() == before


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_text_of_a_megabyte_is_refused_in_every_field(world, route):
    before = world.rows()
    big = "x" * 1_000_000

    for name in fields(route.body):
        answer = world.send(route, json.dumps({name: big}).encode())
        assert answer.status_code == 422
        assert f"#/{name}" in places(answer)
        assert len(answer.content) < 5000

    assert world.rows() == before


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_field_that_does_not_exist_is_refused_by_name(world, route):
    before = world.rows()

    for name, place in [
        ("farve", "#/farve"),
        ("a/b~c", "#/a~1b~0c"),
        ("x" * 100_000, "#/" + "x" * 100),
    ]:
        body = {**right(route.body), name: 1}
        answer = world.send(route, json.dumps(body).encode())
        assert answer.status_code == 422
        assert {"code": "extra_forbidden", "pointer": place} in codes(answer)

    assert world.rows() == before


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_body_that_is_no_object_is_refused_and_changes_nothing(world, route):
    before = world.rows()

    for body in BODIES:
        if not route.needs_body and body in (b"", b"null"):
            continue
        answer = world.send(route, body)
        assert answer.status_code in (400, 422), (body[:20], answer.text)
        is_problem(answer)
    answer = world.send(
        route, json.dumps(right(route.body)).encode(), **{"Content-Type": "text/plain"}
    )
    assert answer.status_code == 422
    is_problem(answer)

    assert world.rows() == before


def _wrong(schema: Schema, value: object, fine_for: set[str]) -> Iterator[tuple[Any, set[str]]]:
    """Bodies with the value in every field it is wrong for, and where each must be refused."""
    flat = {name: value for name, field in fields(schema).items() if not kinds(field) & fine_for}
    if flat:
        yield flat, {f"#/{name}" for name in flat}
    deep, wanted = _deep(schema, value, fine_for, "#")
    if deep != flat and wanted:
        yield deep, wanted


def _deep(schema: Schema, value: object, fine_for: set[str], place: str) -> tuple[Any, set[str]]:
    """The same, with the value inside the lists and objects of the body."""
    if inner := fields(schema):
        body, wanted = {}, set()
        for name, field in inner.items():
            body[name], found = _deep(field, value, fine_for, f"{place}/{name}")
            wanted |= found
        return body, wanted
    if part := items(schema):
        within, wanted = _deep(part, value, fine_for, f"{place}/0")
        return [within], wanted
    if kinds(schema) & fine_for:
        return right(schema, place.split("/")[-1]), set()
    return value, {place}
