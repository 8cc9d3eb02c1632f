"""How large a body may be, whether or not it says how large it is."""

import asyncio
import json
from itertools import repeat
from types import SimpleNamespace

import pytest
from sqlmodel import select

from app.units.models import Unit
from tests.rest.refusals import is_problem

UNITS = "/api/v1/units"
JSON = {"Content-Type": "application/json"}
CHUNK = b" " * 65536


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


@pytest.fixture
def limit(app):
    return app.state.settings.max_body_kib * 1024


@pytest.fixture
def in_pieces(app, make):
    """Posts the pieces one by one, as a client does that does not know the size beforehand."""
    key = make.key(make.secretary())

    def post(path, pieces, **headers):
        asked = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
        return asyncio.run(_post(app, path, iter(pieces), asked))

    return post


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


def test_a_body_in_pieces_is_read_whole(in_pieces):
    made = in_pieces(UNITS, [b'{"na', b'me": "S', b"\xc3", b'\xb8huset"}'])

    assert (made.status_code, made.json()["name"]) == (201, "Søhuset")


def test_a_body_that_goes_on_and_on_is_counted_and_not_read_on(in_pieces, limit, session):
    refused = in_pieces(UNITS, _long(b'{"name": "Ny"'))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert refused.pieces_read <= limit // len(CHUNK) + 2
    assert not session.exec(select(Unit)).all()


def test_an_upload_that_goes_on_and_on_is_counted_and_not_read_on(app, make, in_pieces):
    limit = app.state.settings.max_upload_mib * 1024 * 1024

    refused = in_pieces(f"/api/v1/gifts/{make.gift().id}/files", _long(b"%PDF-1.7\n"))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert refused.pieces_read <= limit // len(CHUNK) + 2


@pytest.mark.parametrize("declared", ["1048577", "99999999999", "9" * 19])
def test_a_body_that_says_it_is_too_large_is_not_read_at_all(in_pieces, declared):
    refused = in_pieces(UNITS, [b"{}"], **{"content-length": declared})

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert refused.pieces_read == 0


@pytest.mark.parametrize("declared", ["x", "-1", "1.5", "9" * 5000, "0", ""])
def test_a_size_that_is_not_true_is_not_believed(in_pieces, declared):
    refused = in_pieces(UNITS, _long(b"{"), **{"content-length": declared})

    assert 400 <= refused.status_code < 500
    is_problem(refused)


def _long(start):
    yield start
    yield from repeat(CHUNK, 1000)


async def _post(app, path, pieces, headers):
    sent, read = [], 0

    async def receive():
        nonlocal read
        piece = next(pieces, None)
        if piece is None:
            return {"type": "http.request", "body": b"", "more_body": False}
        read += 1
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "server": ("testserver", 80),
        "path": path,
        "query_string": b"filename=a.pdf" if path.endswith("/files") else b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return SimpleNamespace(
        status_code=sent[0]["status"],
        headers={"Content-Type": dict(sent[0]["headers"])[b"content-type"].decode()},
        json=lambda: json.loads(body),
        pieces_read=read,
    )
