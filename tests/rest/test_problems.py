"""A refusal is a problem document, in the language of whoever is refused."""

import pytest
from fastapi.testclient import TestClient

from app import docs
from app.errors import Message, NotFound
from app.i18n import translate
from app.main import create_app
from app.settings import Settings
from tests.rest.refusals import is_problem

UNITS = "/api/v1/units"


@pytest.fixture
def own_app():
    """An application that a test may add addresses to; it asks its database nothing."""
    app = create_app(Settings(database_url="sqlite:///:memory:", _env_file=None))
    yield app
    app.state.places.close()
    app.state.database.close()


def test_a_refusal_says_what_why_and_where(make, signed_in):
    refused = signed_in(make.person()).post(UNITS, json={"name": "Ny"})

    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    body = refused.json()
    assert body == {
        "type": "urn:gavebord:problem:not_allowed",
        "title": "Det må du ikke",
        "status": 403,
        "code": "not_allowed",
        "detail": body["detail"],
        "instance": UNITS,
    }


def test_what_is_wrong_with_the_input_is_listed_with_a_pointer_for_each(make, signed_in):
    refused = signed_in(make.secretary()).post(
        UNITS, json={"name": "", "parent_id": "x", "farve": "rød"}
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    errors = {error["pointer"]: error["code"] for error in refused.json()["errors"]}
    assert errors == {
        "#/name": "empty",
        "#/parent_id": "int_type",
        "#/farve": "extra_forbidden",
    }
    assert all("parameter" not in error for error in refused.json()["errors"])


def test_a_single_fault_is_also_the_detail_of_the_whole(make, signed_in):
    body = signed_in(make.secretary()).post(UNITS, json={"name": ""}).json()

    assert body["detail"] == body["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("header", "language"), [("da", "da"), ("en-GB, da;q=0.5", "en"), ("", "da"), ("fr", "da")]
)
def test_the_texts_are_danish_or_english_and_the_codes_are_the_same(
    make, signed_in, header, language
):
    client = signed_in(make.secretary())
    headers = {"Accept-Language": header}

    missing = client.get(f"{UNITS}/4711", headers=headers)
    wrong = client.post(UNITS, json={"name": ""}, headers=headers)

    for refused in (missing, wrong):
        assert refused.headers["Content-Language"] == language
    assert missing.json()["code"] == "not_found"
    assert missing.json()["title"] == translate(NotFound.title, language)
    assert wrong.json()["errors"][0]["code"] == "empty"
    danish = client.post(UNITS, json={"name": ""}).json()["errors"][0]["detail"]
    assert (wrong.json()["errors"][0]["detail"] == danish) == (language == "da")


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v2/units", "/api/v1", "/nothing", "/api/v1/units/1/nothing"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_does_not_exist_is_a_problem_document_too(client, method, path):
    refused = client.request(method, path)

    assert refused.status_code == 404
    is_problem(refused)
    assert refused.json()["code"] == "no_such_page"


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("DELETE", UNITS, "GET, HEAD, POST"),
        ("PUT", UNITS, "GET, HEAD, POST"),
        ("POST", f"{UNITS}/1", "GET, HEAD, PATCH"),
        ("GET", f"{UNITS}/1/closing", "POST"),
        ("GET", "/api/v1/handovers/1/pause", "POST, DELETE"),
        ("POST", "/health/live", "GET, HEAD"),
        ("HEAD", f"{UNITS}/1/closing", "POST"),
    ],
)
def test_a_verb_that_an_address_does_not_know_is_refused_with_those_it_knows(
    client, method, path, known
):
    refused = client.request(method, path)

    assert refused.status_code == 405
    if method != "HEAD":
        is_problem(refused)
    assert refused.headers["Allow"] == known


NOT_PLAIN = ["1_0", "1.0", "+1", "%201", "1%20", "%0a1", "1e1", "0x1", "%D9%A1", "%C2%B9"]


@pytest.mark.parametrize("number", NOT_PLAIN)
def test_a_number_in_an_address_is_written_in_plain_digits(make, signed_in, number):
    client = signed_in(make.secretary())
    handovers = [make.handover() for _ in range(10)]
    assert client.get(f"/api/v1/handovers/{handovers[9].id}").status_code == 200

    for path in (
        f"/api/v1/handovers/{number}",
        f"/api/v1/gifts/{number}/materials",
        f"/api/v1/units?under_id={number.replace('+', '%2B')}",
        f"/api/v1/handovers?limit={number.replace('+', '%2B')}",
    ):
        refused = client.get(path)
        assert refused.status_code == 422, path
        (error,) = refused.json()["errors"]
        assert error["code"] == "int_parsing"
        assert error["detail"] == "Her skal stå et helt tal."


@pytest.mark.parametrize("path", ["/sign-in", "/api"])
def test_a_page_is_framed_by_nobody_and_is_what_it_says_it_is(client, path):
    headers = client.get(path, follow_redirects=False).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_page_whose_files_were_never_fetched_says_so(own_app, monkeypatch, tmp_path):
    monkeypatch.setattr(docs, "STATIC", tmp_path)

    refused = TestClient(own_app).get("/api")

    assert (refused.status_code, refused.json()["code"]) == (503, "not_fetched")
    is_problem(refused)
    assert refused.json()["detail"] == str(docs.NOT_FETCHED)
    assert "Retry-After" not in refused.headers


def test_an_address_with_strange_characters_is_answered_like_any_other(client):
    for path in ("/%00", "/%ff", "/%0d%0aSet-Cookie:%20a=b", "/æøå", "/" + "x" * 5000, "//etc"):
        refused = client.get(str(client.base_url).rstrip("/") + path)
        assert refused.status_code == 404
        is_problem(refused)
        assert len(refused.json()["instance"]) <= 300
        assert "Set-Cookie" not in refused.headers


def test_an_accident_of_ours_tells_no_secrets(own_app, caplog):
    async def breaks() -> None:
        raise RuntimeError("kodeordet er hemmeligt")

    own_app.add_api_route("/breaks", breaks)
    broken = TestClient(own_app, raise_server_exceptions=False).get("/breaks")

    assert broken.status_code == 500
    is_problem(broken)
    assert broken.json()["code"] == "unexpected"
    assert "hemmeligt" not in broken.text
    assert "hemmeligt" in caplog.text


def test_what_goes_with_a_refusal_is_part_of_it(own_app):
    class Occupied(NotFound):
        """The table is taken."""

    async def refuses() -> None:
        raise Occupied(Message("Bord %(number)s er taget.", number=4), number=4)

    own_app.add_api_route("/refuses", refuses)
    body = TestClient(own_app).get("/refuses").json()

    assert (body["code"], body["detail"], body["number"]) == ("occupied", "Bord 4 er taget.", 4)
