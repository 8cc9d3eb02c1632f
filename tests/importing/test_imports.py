"""Files that are sent, read, and applied when asked: as the API has it."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.eventlog.models import Event
from app.importing import files
from app.importing.columns import SheetKind
from app.importing.models import ImportRun, Interruption, RunState
from app.importing.runs import ABANDONED_AFTER
from app.people import queries as people
from app.people.signed_in import Role
from tests.conftest import NOON

pytestmark = pytest.mark.in_process("does itself what the application leaves for later")

IMPORTS = "/api/v1/imports"
PEOPLE = "Mail;Navn;Titel\r\nsigne@lindborg.example;Signe Aaskov;Leder\r\n"


@pytest.fixture
def importer(app):
    return app.state.imports


@pytest.fixture
def client(make, signed_in):
    return signed_in(make.person(role=Role.SECRETARIAT, name="Mette"))


@pytest.fixture
def send(client, importer):
    """Sends the file and reads it; the answer is what was found."""

    def sent(text: str | bytes = PEOPLE, kind="people", filename="liste.csv", by=client):
        content = text if isinstance(text, bytes) else text.encode()
        params = {"kind": kind, "filename": filename}
        answer = by.post(IMPORTS, params=params, content=content)
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "reading"
        assert importer.reading.do() == 1
        return by.get(answer.headers["Location"]).json()

    return sent


@pytest.fixture
def apply(client, importer):
    """Applies it, at once."""

    def applied(run_id: int, by=client):
        answer = by.post(f"{IMPORTS}/{run_id}/application")
        assert answer.status_code == 202, answer.text
        assert importer.applying.do() == 1
        return by.get(f"{IMPORTS}/{run_id}").json()

    return applied


def happened(session):
    statement = select(Event.type, Event.data).order_by(col(Event.id))
    return [(kind, data) for kind, data in session.exec(statement) if "api_key" not in kind]


def test_a_file_is_looked_through_and_nothing_is_changed_before_it_is_asked_for(
    send, apply, session
):
    found = send()
    assert (found["state"], found["uploaded_by"]) == ("ready", "Mette")
    assert (found["rows_new"], found["rows_changed"], found["problem_count"]) == (1, 0, 0)
    assert found["new"] == [{"row": 2, "name": "Signe Aaskov", "columns": []}]
    assert people.by_mail(session, "signe@lindborg.example") is None

    done = apply(found["id"])

    assert (done["state"], done["done"], done["total"]) == ("applied", 1, 1)
    assert (done["started_by"], done["finished_at"]) == ("Mette", "2026-03-02T12:00:00Z")
    assert people.by_mail(session, "signe@lindborg.example").name == "Signe Aaskov"
    assert happened(session) == [
        ("import.received", {"kind": "people"}),
        ("person.registered", {}),
        ("import.applied", {"kind": "people", "rows_new": 1, "rows_changed": 0}),
    ]


def test_what_is_changed_is_shown_as_it_is_and_as_it_will_be(send, make):
    make.person(mail="signe@lindborg.example", name="Signe Aaskov", title="Teamleder")
    found = send()
    assert found["changed"] == [
        {
            "row": 2,
            "name": "Signe Aaskov",
            "columns": [{"column": "Titel", "before": "Teamleder", "after": "Leder"}],
        }
    ]


def test_problems_are_told_by_row_and_column_in_the_language_that_is_asked_for(send, client):
    found = send("Mail;Navn\r\nsigne;Signe\r\n")
    assert (found["state"], found["problem_count"]) == ("faulty", 1)
    (problem,) = found["problems"]
    assert (problem["row"], problem["column"]) == (2, "Mail")
    english = client.get(f"{IMPORTS}/{found['id']}", headers={"Accept-Language": "en"}).json()
    assert english["problems"][0]["problem"] != problem["problem"]
    refused = client.post(f"{IMPORTS}/{found['id']}/application")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "rettes" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 \x00\x01", "ikke en CSV- eller XLSX-fil"),
        (b"PK\x03\x04 og ikke mere", "ikke en CSV- eller XLSX-fil"),
        (b"\xd0\xcf\x11\xe0", "gammel XLS-fil"),
        ("Mail;Navn\r\n".encode("utf-16"), "ikke en CSV- eller XLSX-fil"),
        (b"Farve;Form\r\nr\xf8d;rund\r\n", "kendes ikke"),
    ],
)
def test_what_is_no_such_list_is_told_so(send, content, said):
    found = send(content)
    assert found["state"] == "faulty"
    assert said in found["problems"][0]["problem"]


def test_no_more_problems_are_shown_than_one_can_read(send):
    found = send("Mail;Navn\r\n" + "forkert;Nej\r\n" * 300)
    assert found["problem_count"] == 300
    assert len(found["problems"]) == 200


def test_an_empty_file_and_a_large_one_are_refused_and_leave_nothing(client, session):
    params = {"kind": "people", "filename": "liste.csv"}
    empty = client.post(IMPORTS, params=params, content=b"")
    assert (empty.status_code, empty.json()["errors"][0]["pointer"]) == (422, "#/file")
    large = client.post(IMPORTS, params=params, content=b"x" * (files.LARGEST + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert session.exec(select(ImportRun)).all() == []
    folder = session.info["settings"].imports_dir
    assert not list(folder.glob("unfinished-*"))


def test_a_cpr_number_in_the_name_of_the_file_is_refused(client):
    params = {"kind": "people", "filename": "010203-1234.csv"}
    answer = client.post(IMPORTS, params=params, content=b"Mail")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "cpr_number"


def test_pressed_twice_it_is_done_once(send, client, importer):
    found = send()
    path = f"{IMPORTS}/{found['id']}/application"
    assert client.post(path).status_code == 202
    again = client.post(path)
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "Filen er allerede ved at blive indlæst.",
    )
    assert importer.applying.do() == 1
    late = client.post(path)
    assert (late.status_code, late.json()["detail"]) == (409, "Filen er allerede indlæst.")


def test_one_at_a_time_and_the_next_one_when_it_is_done(send, client, apply):
    first, second = send(), send(PEOPLE.replace("signe", "sine"))
    assert client.post(f"{IMPORTS}/{first['id']}/application").status_code == 202
    refused = client.post(f"{IMPORTS}/{second['id']}/application")
    assert refused.status_code == 409
    assert "En anden fil" in refused.json()["detail"]
    client.app.state.imports.applying.do()
    assert apply(second["id"])["state"] == "applied"


def test_whoever_began_and_is_gone_can_be_followed_by_another(make, client, apply, session):
    secretary = make.secretary()
    gone = make.import_run(
        secretary,
        state=RunState.RUNNING,
        attempt=1,
        started_at=NOON - timedelta(hours=1),
        started_by_id=secretary.key,
        heartbeat_at=NOON - ABANDONED_AFTER,
    )
    told = client.get(f"{IMPORTS}/{gone.key}").json()
    assert (told["state"], told["is_abandoned"]) == ("running", True)
    done = apply(gone.key)
    assert (done["state"], done["is_abandoned"]) == ("applied", False)
    session.refresh(gone)
    assert gone.attempt == 2


def test_another_file_frees_the_place_of_one_that_was_abandoned(make, send, apply, session):
    secretary = make.secretary()
    gone = make.import_run(
        secretary,
        state=RunState.RUNNING,
        started_at=NOON,
        started_by_id=secretary.key,
        heartbeat_at=NOON - ABANDONED_AFTER,
    )
    assert apply(send()["id"])["state"] == "applied"
    session.refresh(gone)
    assert (gone.state, gone.interruption) == (RunState.READY, Interruption.STOPPED)


def test_whoever_was_given_up_and_comes_back_changes_nothing(send, client, importer, session):
    found = send()
    assert client.post(f"{IMPORTS}/{found['id']}/application").status_code == 202
    run = session.get(ImportRun, found["id"])
    run.attempt += 1
    session.flush()
    importer.applying.do()
    assert people.by_mail(session, "signe@lindborg.example") is None
    session.refresh(run)
    assert (run.state, run.interruption) == (RunState.RUNNING, None)


def test_what_has_become_wrong_since_it_was_read_is_told_and_nothing_is_done(
    send, apply, make, session
):
    found = send(PEOPLE + "anne@lindborg.example;Anne;Leder\r\n")
    make.person(mail="anne@lindborg.example", name="Anne", left_at=NOON)
    done = apply(found["id"])
    assert (done["state"], done["problem_count"]) == ("faulty", 1)
    assert done["problems"][0]["row"] == 3
    assert people.by_mail(session, "signe@lindborg.example") is None


def test_a_file_that_is_gone_has_to_be_sent_again(make, client, session):
    run = make.import_run(make.secretary(), b"Mail;Navn\r\nx@lindborg.example;X")
    (session.info["settings"].imports_dir / run.digest).unlink()
    refused = client.post(f"{IMPORTS}/{run.key}/application")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "Filen er her ikke mere. Læg den op igen.",
    )


def test_gifts_are_for_the_secretariat_and_registered_in_the_name_of_who_applies_them(
    make, signed_in, send, apply, session
):
    make.network(name="Fra ung til voksen")
    text = "Netværk;Titel\r\nFra ung til voksen;Overgangsmødet\r\n"
    assert apply(send(text, kind="gifts")["id"])["state"] == "applied"
    kinds = [kind for kind, _ in happened(session)]
    assert kinds == ["import.received", "gift.registered", "import.applied"]
    administrator = signed_in(make.administrator())
    params = {"kind": "gifts", "filename": "gaver.csv"}
    assert administrator.post(IMPORTS, params=params, content=b"x").status_code == 403


def test_the_list_has_the_newest_first_in_pages(make, client):
    ids = [make.import_run(make.secretary()).key for _ in range(3)]
    first = client.get(IMPORTS, params={"limit": 2}).json()
    assert [run["id"] for run in first["items"]] == ids[:0:-1]
    second = client.get(IMPORTS, params={"limit": 2, "cursor": first["next"]}).json()
    assert [run["id"] for run in second["items"]] == ids[:1]


def test_an_idempotency_key_applies_once_and_gives_the_same_answer(send, client, importer):
    found = send()
    path, headers = f"{IMPORTS}/{found['id']}/application", {"Idempotency-Key": "en"}
    first = client.post(path, headers=headers)
    assert importer.applying.do() == 1
    again = client.post(path, headers=headers)
    assert (again.status_code, again.content) == (202, first.content)
    assert importer.applying.do() == 0


def test_every_kind_has_an_empty_list_of_nothing_to_do(send):
    for kind, text in ((SheetKind.UNITS, "Id;Navn\r\n"), (SheetKind.PEOPLE, "Mail\r\n")):
        found = send(text, kind=kind)
        assert (found["state"], found["rows_new"], found["rows_unchanged"]) == ("ready", 0, 0)
