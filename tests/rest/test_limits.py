"""How large a body may be, whether or not it says how large it is."""

import json

import pytest
from sqlmodel import select

from app.units.models import Unit
from tests.rest.refusals import is_problem

UNITS = "/api/v1/units"
CHUNK = b" " * 65536


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


@pytest.fixture
def limit(app):
    return app.state.settings.max_body_kib * 1024


def test_a_body_up_to_the_limit_is_read(secretary, limit):
    body = json.dumps({"name": "Ny"}).encode()

    assert secretary.post(UNITS, content=body.ljust(limit)).status_code == 201


def test_a_body_over_the_limit_is_refused_with_the_limit(secretary, limit, session):
    body = json.dumps({"name": "Ny"}).encode()

    refused = secretary.post(UNITS, content=body.ljust(limit + 1))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert "1 MiB" in refused.json()["detail"]
    assert not session.exec(select(Unit)).all()


def test_a_body_that_does_not_say_its_size_is_counted_while_it_is_read(secretary, limit, session):
    sent = 0

    def endless():
        nonlocal sent
        yield b'{"name": "Ny"'
        while sent < 100 * limit:
            sent += len(CHUNK)
            yield CHUNK

    refused = secretary.post(UNITS, content=endless())

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    is_problem(refused)
    assert sent <= limit + 2 * len(CHUNK)
    assert not session.exec(select(Unit)).all()


def test_a_body_in_pieces_is_read_whole(secretary):
    made = secretary.post(UNITS, content=iter([b'{"na', b'me": "S', b"\xc3", b'\xb8huset"}']))

    assert (made.status_code, made.json()["name"]) == (201, "Søhuset")


def test_an_upload_that_does_not_say_its_size_is_counted_too(app, make, secretary):
    gift = make.gift()
    sent = 0

    def endless():
        nonlocal sent
        yield b"%PDF-1.7\n"
        while True:
            sent += len(CHUNK)
            yield CHUNK

    refused = secretary.post(f"/api/v1/gifts/{gift.id}/files?filename=a.pdf", content=endless())

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert sent <= app.state.settings.max_upload_mib * 1024 * 1024 + 2 * len(CHUNK)


@pytest.mark.parametrize("declared", ["99999999999", "9" * 19])
def test_a_body_that_says_it_is_too_large_is_not_read_at_all(secretary, declared):
    read = False

    def body():
        nonlocal read
        read = True
        yield b"{}"

    refused = secretary.post(UNITS, content=body(), headers={"Content-Length": declared})

    assert refused.status_code == 413
    assert refused.json()["code"] == "too_large"


@pytest.mark.parametrize("declared", ["x", "-1", "1.5", "9" * 5000, "٣", ""])
def test_a_size_that_is_no_number_is_not_believed(secretary, declared):
    answer = secretary.post(
        UNITS,
        content=b'{"name": "Ny"}',
        headers={"Content-Length": declared.encode(), "Content-Type": "application/json"},
    )

    assert answer.status_code in (201, 400, 413)
    if answer.status_code != 201:
        is_problem(answer)
