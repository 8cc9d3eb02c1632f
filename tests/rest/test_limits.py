"""How large a body may be, whether or not it says how large it is."""

import asyncio
import json
import re
from contextlib import nullcontext
from itertools import repeat

import pytest
from sqlmodel import select

from app.errors import Busy, TooLarge
from app.rest.limits import BodyLimit
from app.rest.parameters import MOST_VALUES
from app.units.models import Unit
from tests.rest.pieces import sent
from tests.rest.refusals import codes, is_problem

UNITS = "/api/v1/units"
JSON = {"Content-Type": "application/json"}
CHUNK = b" " * 65536
IN_PIECES = pytest.mark.in_process("counts the pieces that the application itself asks for")


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


@pytest.fixture
def limit(app):
    return app.state.settings.max_body_kib * 1024


@pytest.fixture
def in_pieces(app, make):
    """Sends the pieces one by one, as a client does that does not know the size beforehand."""
    key = make.key(make.secretary())

    def send(path, pieces, *, method="POST", **headers):
        asked = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
        return asyncio.run(sent(app, method, path, iter(pieces), asked))

    return send


def test_a_body_up_to_the_limit_is_read(secretary, limit):
    body = json.dumps({"name": "Ny"}).encode()

    assert secretary.post(UNITS, content=body.ljust(limit), headers=JSON).status_code == 201


def test_a_body_over_the_limit_is_refused_with_the_limit(secretary, limit, session):
    body = json.dumps({"name": "Ny"}).encode()

    refused = secretary.post(UNITS, content=body.ljust(limit + 1), headers=JSON)

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert "1 MiB" in refused.json()["detail"]
    assert not session.exec(select(Unit)).all()


@IN_PIECES
def test_a_body_in_pieces_is_read_whole(in_pieces):
    made = in_pieces(UNITS, [b'{"na', b'me": "S', b"\xc3", b'\xb8huset"}'])

    assert (made.status_code, made.json()["name"]) == (201, "Søhuset")


@IN_PIECES
def test_a_body_that_goes_on_and_on_is_counted_and_not_read_on(in_pieces, limit, session):
    refused = in_pieces(UNITS, _long(b'{"name": "Ny"'))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert refused.pieces_read <= limit // len(CHUNK) + 2
    assert not session.exec(select(Unit)).all()


@IN_PIECES
def test_an_upload_that_goes_on_and_on_is_counted_and_not_read_on(app, make, in_pieces):
    limit = app.state.settings.max_upload_mib * 1024 * 1024

    refused = in_pieces(f"/api/v1/gifts/{make.gift().id}/files", _long(b"%PDF-1.7\n"))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert limit // len(CHUNK) <= refused.pieces_read <= limit // len(CHUNK) + 2


@IN_PIECES
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/api/v1/handovers/files"),
        ("PATCH", "/api/v1/gifts/files"),
        ("PATCH", "/api/v1/units/files"),
        ("PUT", "/api/v1/handovers/1/files"),
        ("POST", "/api/v1/gifts/files"),
        ("POST", "/api/v1/gifts/x/files"),
        ("POST", "/api/v1/files"),
        ("PATCH", "/api/v1/gifts/1/files"),
    ],
)
def test_what_looks_like_an_upload_may_be_no_larger_than_any_other_body(
    in_pieces, limit, method, path
):
    said = {"content-length": str(limit + 1)}
    declared = in_pieces(path, [b"{}"], method=method, **said)
    counted = in_pieces(path, _long(b"{"), method=method)

    assert (declared.status_code, declared.json()["detail"]) == (413, "Højst 1 MiB ad gangen.")
    assert counted.status_code >= 400
    assert counted.pieces_read <= limit // len(CHUNK) + 2


@IN_PIECES
@pytest.mark.parametrize("declared", ["1048577", "99999999999", "9" * 19])
def test_a_body_that_says_it_is_too_large_is_not_read_at_all(in_pieces, declared):
    refused = in_pieces(UNITS, [b"{}"], **{"content-length": declared})

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert refused.pieces_read == 0


@IN_PIECES
@pytest.mark.parametrize("declared", ["x", "-1", "1.5", "9" * 5000, "0", ""])
def test_a_size_that_is_not_true_is_not_believed(in_pieces, declared):
    refused = in_pieces(UNITS, _long(b"{"), **{"content-length": declared})

    assert 400 <= refused.status_code < 500
    is_problem(refused)


@pytest.mark.parametrize("size", [0, 10, 11, 1000])
def test_what_was_held_of_a_body_is_let_go_however_the_request_ends(size):
    async def fails_after_reading(scope, receive, send):
        while (await receive())["more_body"]:
            assert limit.held.total() > 0
        assert limit.held.total() == size
        raise ConnectionError

    async def receive():
        return next(pieces)

    limit = BodyLimit(
        fails_after_reading, limit=10, upload_limit=10, uploads=re.compile("/files"), slow_seconds=1
    )
    whole = [b"x" * 5] * (size // 5) + [b"x" * (size % 5)]
    pieces = iter(
        [{"type": "http.request", "body": piece, "more_body": True} for piece in whole[:-1]]
        + [{"type": "http.request", "body": whole[-1], "more_body": False}]
    )
    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    with pytest.raises(TooLarge if size > 10 else ConnectionError):
        asyncio.run(limit(scope, receive, None))

    assert limit.held.total() == 0


@pytest.mark.parametrize(("path", "is_busy"), [("/sign-out", True), ("/api/v1/me", False)])
def test_forms_that_are_held_back_take_no_room_from_programs(path, is_busy):
    async def reads(scope, receive, send):
        await receive()

    async def receive():
        return {"type": "http.request", "body": b"x", "more_body": False}

    limit = BodyLimit(reads, limit=10, upload_limit=10, uploads=re.compile("/"), slow_seconds=1)
    limit.held[True] = limit.most_held
    scope = {"type": "http", "method": "POST", "path": path, "headers": []}
    with pytest.raises(Busy) if is_busy else nullcontext():
        asyncio.run(limit(scope, receive, None))


def _long(start):
    yield start
    yield from repeat(CHUNK, 1000)


def test_of_very_many_faults_no_more_are_told_than_a_person_can_read(make, signed_in):
    secretary = signed_in(make.secretary())
    body = {"name": "Ny"} | {f"field{number}": 1 for number in range(1000)}
    refused = secretary.post("/api/v1/units", json=body)
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == 100


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[]," * 340_000 + b"[]]",
        b"[" + b"{}," * (MOST_VALUES // 2) + b"{}]",
        b'{"a":' * (MOST_VALUES + 1),
        b"{" + b",".join(b'"f%d":1' % number for number in range(85_000)) + b"}",
    ],
    ids=["lists", "objects", "depths", "fields"],
)
def test_a_body_of_very_many_values_is_refused_as_a_whole(secretary, body):
    refused = secretary.post(UNITS, content=body, headers=JSON)

    assert refused.status_code == 422
    assert codes(refused) == [{"code": "too_many_values", "pointer": "#"}]
    assert str(MOST_VALUES) in refused.json()["detail"]


def test_a_misspelt_filter_does_not_give_the_whole_list(make, signed_in):
    refused = signed_in(make.person()).get("/api/v1/handovers?unit=7")
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["parameter"]) == (422, "unit")


def test_an_address_with_a_slash_too_many_leads_nowhere_else(make, signed_in):
    answer = signed_in(make.person()).get("/api/v1/me/", headers={"Host": "evil.example"})
    assert answer.status_code == 404
