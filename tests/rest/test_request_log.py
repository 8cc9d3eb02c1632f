"""One line for each request, by which it is found again, and nothing in it that is anybody's."""

import json
import logging
import re

import pytest
from fastapi.testclient import TestClient

from app.errors import Busy
from app.main import create_app
from app.rest import log_lines
from app.rest.log_lines import Lines
from app.settings import Settings
from tests.conftest import NOON, migrated
from tests.databases import DATABASES
from tests.make import Make

SECRET = "Hemmelighed"
CPR = "010190-1234"
OURS = {"Origin": "http://testserver"}
MARKED = (SECRET, SECRET.lower(), "gvb_", CPR, "signe", "Aaskov", "72304117", "kladde")
OWN_ID = "[0-9a-f]{16}"


@pytest.fixture
def own_database(tmp_path):
    """The log does not know which it is."""
    with migrated(DATABASES[0], tmp_path) as database:
        yield database


@pytest.fixture
def told(own_database, capfd):
    """Runs what a client does against an application with the settings; the lines of the log."""

    def run(does, **settings) -> list[str]:
        chosen = own_database.info["settings"].model_copy(update={"log_requests": True, **settings})
        app = create_app(chosen, database=own_database, now=lambda: NOON)

        @app.get("/breaks/{word}")
        def breaks(word: str) -> None:
            raise ValueError(f"invalid literal: {word} {SECRET}")

        with TestClient(app, raise_server_exceptions=False) as client:
            does(client)
        return [line for line in capfd.readouterr().err.splitlines() if line]

    return run


def secretary_of(database) -> dict[str, str]:
    with database.writing() as session:
        make = Make(session, now=NOON)
        person = make.person(name="Signe Aaskov", mail="signe@lindborg.example", role="secretariat")
        return {"Authorization": f"Bearer {make.key(person)}"}


def test_a_request_is_one_line_that_says_how_it_went(told, own_database):
    holder = secretary_of(own_database)
    answers = []

    def does(client):
        answers.append(client.get("/api/v1/people/1?", headers=holder))
        answers.append(client.post("/api/v1/people", json={"name": "Ny"}, headers=holder))
        answers.append(client.get("/nowhere/010190-1234"))
        answers.append(client.get("/health/live"))

    lines = [json.loads(line) for line in told(does)]

    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/api/v1/people/{person_id}", 200),
        ("POST", "/api/v1/people", 201),
        ("GET", "-", 404),
        ("GET", "/health/live", 200),
    ]
    for line, answer in zip(lines, answers, strict=True):
        assert line.keys() == {"at", "level", "request_id", "method", "route", "status", "ms"}
        assert answer.headers["X-Request-Id"] == line["request_id"]
        assert re.fullmatch(OWN_ID, line["request_id"])
        assert 0 <= line["ms"] < 60_000
    assert len({line["request_id"] for line in lines}) == 4


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_name_mail_or_cpr_number_is_ever_in_a_line(told, own_database, form):
    holder = secretary_of(own_database)
    forged = {"X-Request-Id": f"signe-{CPR}", "User-Agent": SECRET, "Cookie": f"a={SECRET}"}
    body = {"name": f"Signe {SECRET}", "mail": f"{SECRET}@lindborg.example", "phone": "72304117"}

    def does(client):
        for headers in ({**holder, **forged}, forged, {"Authorization": f"Bearer gvb_{SECRET}"}):
            for path in (f"/{SECRET}", "/api/v1/people", f"/api/v1/gifts?q={SECRET}", "/api/v1/me"):
                client.get(path, headers=headers)
                client.post(path, headers={**headers, "Idempotency-Key": SECRET}, json=body)
        client.get("/api/v1/people?q=signe@lindborg.example", headers=holder)
        client.get(f"/mail/answer?token={SECRET}")
        client.post("/mail/answer", data={"token": SECRET}, headers=OURS)
        client.post("/api/v1/people", headers=holder, json={"name": f"Kim {CPR}"})
        client.request(SECRET.upper(), "/api/v1/me", headers=holder)
        client.patch("/api/v1/people/1", headers=holder, json={"name": SECRET})
        client.get(f"/breaks/{SECRET}")
        raise_at_the_database(client, holder)

    logged = told(does, log_format=form, trust_request_id=True)

    assert len(logged) > 30
    for line in logged:
        for mark in MARKED:
            assert mark not in line


def raise_at_the_database(client, holder) -> None:
    """A mail that is taken is refused by a rule of the database, if by nothing else."""
    for _ in range(2):
        client.post(
            "/api/v1/people",
            headers=holder,
            json={"name": SECRET, "mail": f"x{SECRET}@lindborg.example"},
        )


def test_an_accident_can_be_found_by_the_id_that_its_answer_has(told):
    answers = []

    lines = told(lambda client: answers.append(client.get(f"/breaks/{SECRET}")))

    (answer,) = answers
    request_id = answer.json()["request_id"]
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] == request_id
    requests = [json.loads(line) for line in lines if line.startswith("{")]
    (line,) = [line for line in requests if "route" in line]
    assert (line["request_id"], line["status"], line["level"]) == (request_id, 500, "error")
    assert line["route"] == "/breaks/{word}"


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [
        ("0b5e1f1c-6d2f-4c86-9a3e-0f5a3b1f2f11", True),
        ("0123456789ABCDEF0123456789abcdef", True),
        ("0123456789abcde", False),
        ("f" * 65, False),
        (f"signe-{CPR}", False),
        ('0123456789abcdef","level":"', False),
        ("", False),
    ],
)
def test_a_proxys_request_id_is_taken_over_only_where_it_is_safe(told, sent, is_taken):
    answers = []

    def does(client):
        answers.append(client.get("/health/live", headers={"X-Request-Id": sent}))

    (line,) = told(does, trust_request_id=True)

    echoed = answers[0].headers["X-Request-Id"]
    assert json.loads(line)["request_id"] == echoed
    assert (echoed == sent) is is_taken


def test_a_request_id_from_anybody_is_not_taken_over(told):
    sent = "0b5e1f1c-6d2f-4c86-9a3e-0f5a3b1f2f11"

    (line,) = told(lambda client: client.get("/health/live", headers={"X-Request-Id": sent}))

    assert re.fullmatch(OWN_ID, json.loads(line)["request_id"])


def test_lines_can_be_text_and_can_be_left_out(told):
    def does(client):
        assert "X-Request-Id" in client.get("/health/live").headers

    (line,) = told(does, log_format="text")
    assert re.fullmatch(rf"\S+Z?\S* info {OWN_ID} GET /health/live 200 [\d.]+", line)
    assert told(does, log_requests=False) == []


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_is_told_by_its_kind_and_place_and_not_by_what_it_says(form):
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise Busy from error
    except Busy as error:
        record = logging.LogRecord(
            "app", logging.ERROR, __file__, 1, "two\nlines", (), (type(error), error, None)
        )

    line = Lines(form).format(record)

    assert SECRET not in line
    assert "Busy at" in line
    assert "ValueError at" in line
    assert "test_request_log.py" in line
    assert "two lines" in line
    assert "\n" not in line


def test_what_the_libraries_say_is_a_line_of_the_same_form(capfd):
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        log_lines.begin("json")
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    finally:
        root.handlers, root.level = before[0], root.level
        root.setLevel(before[1])

    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert line["says"] == "Invalid HTTP request received."
    assert line["level"] == "warning"


def test_every_line_is_written_however_many_there_are(told):
    def does(client):
        for _ in range(450):
            client.get("/health/live")

    assert len(told(does)) == 450


def test_the_log_cannot_be_asked_to_be_in_a_form_that_is_not_known(monkeypatch):
    monkeypatch.setenv("GAVEBORD_LOG_FORMAT", "xml")
    with pytest.raises(ValueError, match="log_format"):
        Settings(_env_file=None)
