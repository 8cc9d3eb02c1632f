"""Who holds no good key is told so: before a large body is read, and instead of what was wrong."""

import asyncio
from itertools import repeat

import pytest

from app.rest.limits import SMALL
from tests.house.test_lists import questions
from tests.people.test_keys import NOBODYS
from tests.rest.pieces import sent
from tests.rest.refusals import is_problem

CHANGES = [
    ("POST", "/api/v1/units"),
    ("PATCH", "/api/v1/units/1"),
    ("POST", "/api/v1/handovers/1/receipt"),
    ("POST", "/api/v1/gifts/1/files"),
]
JSON = {"content-type": "application/json"}
IN_PIECES = pytest.mark.in_process("counts the pieces that the application itself asks for")


def as_stranger(app, method, path, **headers):
    pieces = repeat(b" " * 65536, 100)
    return asyncio.run(sent(app, method, path, pieces, {**JSON, **headers}))


@IN_PIECES
@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("size", [{"content-length": "10"}, {"transfer-encoding": "chunked"}])
def test_who_sends_no_key_is_told_so_before_anything_is_read(app, method, path, size):
    refused = as_stranger(app, method, path, **size, **{"idempotency-key": "to ord"})

    assert (refused.status_code, refused.pieces_read) == (401, 0)
    is_problem(refused)


@IN_PIECES
@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("key", ["gvb_nonsense", NOBODYS])
@pytest.mark.parametrize(
    "size", [{"content-length": str(SMALL + 1)}, {"transfer-encoding": "chunked"}]
)
def test_who_sends_a_key_that_is_no_good_is_told_so_before_a_large_body_is_read(
    app, method, path, key, size
):
    headers = {"authorization": f"Bearer {key}", "idempotency-key": "to ord"}
    refused = as_stranger(app, method, path, **size, **headers)

    assert (refused.status_code, refused.pieces_read) == (401, 0)
    is_problem(refused)


@pytest.mark.parametrize("key", ["gvb_nonsense", NOBODYS])
@pytest.mark.parametrize(
    "asked",
    [
        ("POST", "/api/v1/units", {"content": b"{", "headers": JSON}),
        ("POST", "/api/v1/units", {"content": b"[" * 2000, "headers": JSON}),
        ("POST", "/api/v1/units", {"json": {"farve": 1}}),
        ("POST", "/api/v1/units", {"headers": {"Idempotency-Key": "to ord"}}),
        ("PATCH", "/api/v1/units/1", {"json": {"name": "Ny"}}),
        ("PATCH", "/api/v1/units/1", {"json": {"name": "Ny"}, "headers": {"If-Match": "x"}}),
        ("PATCH", "/api/v1/units/x", {"json": {"name": "Ny"}, "headers": {"If-Match": "*"}}),
        ("GET", "/api/v1/units?limit=x", {}),
        ("GET", "/api/v1/units?farve=1", {}),
    ],
    ids=str,
)
def test_a_stranger_is_not_told_what_else_is_wrong(holding, key, asked):
    method, path, sending = asked
    refused = holding(key).request(method, path, **sending)

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


@pytest.mark.in_process("counts what the application itself asks the database")
@pytest.mark.parametrize(
    ("body", "times"),
    [(b"", 1), (b"{}".ljust(SMALL), 1), (b"{}".ljust(SMALL + 1), 2)],
    ids=["none", "small", "large"],
)
def test_a_key_is_looked_up_twice_only_where_a_large_body_is_sent(
    database, make, signed_in, body, times
):
    leader = make.person()
    handover = make.handover(unit=make.unit(leader=leader))
    client = signed_in(leader)
    client.get("/api/v1/me")  # The first request of a minute takes the key's share of it.

    with questions(database) as asked:
        answer = client.post(f"/api/v1/handovers/{handover.id}/receipt", content=body, headers=JSON)

    assert answer.status_code == 200, answer.text
    assert len([question for question in asked if "WHERE api_key.hash =" in question]) == times
