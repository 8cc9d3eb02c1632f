"""The files of the pages on their way: small, and asked for no more often than need be."""

import gzip

import pytest
from fastapi.testclient import TestClient

from app.docs import STATIC

OWN = "/static/own/gavebord.css"


@pytest.fixture
def client(app) -> TestClient:
    return TestClient(app)


def asked(client, path, **headers):
    return client.get(path, headers={"Accept-Encoding": "identity", **headers})


def test_text_comes_compressed_to_those_who_take_it(client):
    plain = asked(client, OWN)
    small = client.get(OWN, headers={"Accept-Encoding": "br, gzip;q=0.5"})

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) < len(plain.content) / 2
    assert small.content == plain.content == (STATIC / "own" / "gavebord.css").read_bytes()
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["gzip;q=0", "br", ""])
def test_nobody_gets_what_they_do_not_take(client, accepted):
    assert "Content-Encoding" not in asked(client, OWN, **{"Accept-Encoding": accepted}).headers


def test_a_file_of_ours_is_asked_for_again_and_sent_if_it_has_changed(client):
    first = client.get(OWN)
    again = client.get(OWN, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_what_was_fetched_at_set_up_is_kept_for_ever(client):
    (css,) = (STATIC / "vendor").glob("dkfds-*/dkfds.min.css")
    path = f"/static/{css.relative_to(STATIC).as_posix()}"

    assert "immutable" in client.get(path).headers["Cache-Control"]
    assert len(gzip.compress(css.read_bytes())) < 60_000


def test_a_font_is_compressed_already(client):
    font = next((STATIC / "vendor").glob("dkfds-*/*.woff2"))
    path = f"/static/{font.relative_to(STATIC).as_posix()}"

    assert "Content-Encoding" not in client.get(path).headers


def test_nothing_outside_of_the_folder_is_a_file_of_the_pages(client):
    for path in ("/static/../docs.py", "/static/%2e%2e/docs.py", "/static/own/../../docs.py"):
        assert client.get(path).status_code == 404
