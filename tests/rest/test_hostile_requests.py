"""Every route, from the OpenAPI document, with paths, queries, headers and keys that are wrong."""

import json

import pytest

from app.text import LARGEST_ID
from tests.databases import ON_ONE
from tests.rest.described import fields, kinds, operations, right
from tests.rest.refusals import is_problem, places

WRITES = operations("post", "put", "patch", "delete")
BODILESS = [route for route in WRITES if not route.body]
READS = operations("get")
ASKING = [
    (route, sorted(query["name"] for query in route.named("query") if query["required"]))
    for route in [*READS, *WRITES]
]


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_what_points_at_nothing_is_refused_and_changes_nothing(world, route):
    before = world.rows()
    body = json.dumps(right(route.body)).encode() if route.body else b""

    if route.body and "integer" in {
        kind for field in fields(route.body).values() for kind in kinds(field)
    }:
        answer = world.send(route, body)
        assert answer.status_code in (404, 409, 422), answer.text
        is_problem(answer)
    for parameter in route.named("path"):
        name = parameter["name"]
        for wrong in (
            "x",
            "0",
            "-1",
            "1.5",
            "1e3",
            "%00",
            "%ED%A0%80",
            2**53,
            2**63,
            2**70,
            "9" * 5000,
        ):
            path = world.path(route, **{name: wrong})
            answer = world.client.request(
                route.method, path, content=body, headers={"If-Match": "*"}
            )
            assert answer.status_code == 422, path
            assert name in places(answer)
        path = world.path(route, **{name: LARGEST_ID})
        answer = world.client.request(
            route.method,
            path,
            params={"filename": "a.txt"},
            content=body,
            headers={"If-Match": "*"},
        )
        assert answer.status_code in (404, 422), (path, answer.text)
        is_problem(answer)

    assert world.rows() == before


@ON_ONE
@pytest.mark.parametrize("route", WRITES, ids=str)
def test_headers_that_cannot_be_read_are_refused_by_name(world, route):
    before = world.rows()
    headers = {parameter["name"] for parameter in route.named("header")}
    body = json.dumps(right(route.body)).encode() if route.body else b""

    if "if-match" in headers:
        for wrong in ("3", 'W/"3"', '"x"', '""', '"-1"', '"٣"', f'"{2**70}"', '"1", "2"', ""):
            answer = world.send(route, body, **{"If-Match": wrong.encode()})
            assert answer.status_code == 422, wrong
            assert "If-Match" in places(answer)
    if "idempotency-key" in headers:
        for wrong in ("", "to ord", "æ", "x" * 201):
            answer = world.send(route, body, **{"Idempotency-Key": wrong.encode()})
            assert answer.status_code == 422, wrong
            assert "idempotency-key" in {place.lower() for place in places(answer)}

    assert world.rows() == before


_REQUIRED = {"kind": {"filename": "a.csv"}, "filename": {"kind": "units"}}
QUERY_VALUES = {
    "integer": ["", "x", "0", "-1", "1.5", "true", "\0", "٣", 2**53, 2**63, 2**70, "9" * 5000],
    "boolean": ["", "x", "2", "\0", "null"],
    "choice": ["", "x", "\0", "\u202e", "5"],
    "array": ["", "x", "\0"],
    "date": ["", "x", "5", "20260302", "2026-02-30", "0001-01-01", "9999-12-31", "\0"],
    "instant": [
        "",
        "x",
        "2026-03-02",
        "2026-03-02T12:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "-1",
        "1e300",
        "\0",
    ],
    "text": ["\0", "a\u202eb", "x" * 10_000, "010190-1234"],
    "cursor": ["", "x", "\0", "æ", "====", "A" * 399, "A" * 10_000, "bnVsbA"],
}


@ON_ONE
@pytest.mark.parametrize(
    ("route", "parameter"),
    [
        pytest.param(route, parameter, id=f"{route} {parameter['name']}")
        for route in [*READS, *BODILESS]
        for parameter in route.named("query")
    ],
)
def test_a_query_that_is_wrong_is_refused_by_name(world, route, parameter):
    name = parameter["name"]
    kind = "cursor" if name == "cursor" else next(iter(kinds(parameter["schema"]) - {"null"}))
    others = _REQUIRED.get(name if route.path.endswith("/imports") else "", {})
    if name == "title":
        others = {"filename": "a.txt"}
    is_read = any(read.path == route.path for read in READS)

    for value in QUERY_VALUES[kind]:
        answer = world.client.request(
            route.method,
            world.path(route),
            params={**others, name: value},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 422, (value, answer.text)
        assert name in places(answer)
    for raw in ("%ff", "%ED%A0%80", "%F0%9F%8E%81", "%25%5F", "%27%22%5C"):
        answer = world.client.get(f"{world.path(route)}?{name}={raw}")
        assert answer.status_code in ((200, 422) if is_read else (405,))


@ON_ONE
@pytest.mark.parametrize(
    ("route", "required"), [(route, named) for route, named in ASKING if named], ids=str
)
def test_what_must_be_asked_with_is_missed_when_nothing_is_asked_with(world, route, required):
    answer = world.send(route, b"")

    assert answer.status_code == 422
    assert sorted(places(answer)) == required
    assert {error["code"] for error in answer.json()["errors"]} == {"missing"}


@pytest.mark.parametrize("route", READS, ids=str)
def test_reading_what_does_not_exist_is_refused_and_reading_what_does_is_not(world, route):
    before = world.rows()

    for parameter in route.named("path"):
        name = parameter["name"]
        for wrong in ("x", "0", "-1", "%00", 2**63, 2**70):
            answer = world.client.get(world.path(route, **{name: wrong}))
            assert answer.status_code == 422
            assert name in places(answer)
        answer = world.client.get(world.path(route, **{name: LARGEST_ID}))
        assert answer.status_code == 404
        is_problem(answer)
    if not route.path.endswith("/content"):
        assert world.client.get(world.path(route)).status_code == 200

    assert world.rows() == before


NO_PROXY_PASSES = pytest.mark.in_process("neither clients nor proxies pass such a header on")


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", marks=NO_PROXY_PASSES),
        "x",
        "gvb_",
        "gvb_" + "0" * 38,
        "gvb_" + "æ" * 38,
        pytest.param("gvb_" + "A" * 100_000, marks=NO_PROXY_PASSES),
        pytest.param("\x7f", marks=NO_PROXY_PASSES),
        "a b c",
    ],
)
def test_a_key_that_is_no_key_is_refused_on_reading_and_writing(world, secret):
    before = world.rows()
    headers = {"Authorization": f"Bearer {secret}".encode()}

    for answer in (
        world.client.get("/api/v1/people", headers=headers),
        world.client.post("/api/v1/people", headers=headers, json={"name": "Ny"}),
    ):
        assert answer.status_code == 401
        is_problem(answer)
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    assert world.rows() == before
