"""The secretariat brings in a file, without scripts."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.importing.columns import SheetKind
from app.importing.importer import Importer
from app.importing.models import ImportRun, Interruption, RunState
from app.importing.runs import ABANDONED_AFTER
from app.importing.samples import sample
from app.people import queries as people
from app.people.signed_in import Role
from app.units import queries as units
from tests.conftest import NOON
from tests.pages.desk import OURS
from tests.pages.test_will_hear import block

pytestmark = pytest.mark.in_process("does itself what the application leaves for later")

PEOPLE = "Mail;Navn;Titel\r\nsigne@lindborg.example;Signe Aaskov;Leder\r\n"

CONTENTS = {
    "units": "Id;Navn\r\nppr;PPR\r\n",
    "gifts": "Titel;Netværk\r\nMødet;Netværk for unge\r\n",
}


@pytest.fixture
def importer(app) -> Importer:
    return app.state.imports


@pytest.fixture
def desk(desk_of, make):
    return desk_of(make.person(role=Role.SECRETARIAT, name="Mette Møller"))


@pytest.fixture
def upload(desk, importer):
    """Sends the form with a file, and reads it; the page that it leads to."""

    def uploaded(content=PEOPLE, kind="people", filename="liste.csv", status=303):
        fields = dict(desk.form("/imports", "/imports").with_(kind=kind))
        data = content if isinstance(content, bytes) else content.encode()
        response = desk.client.post(
            "/imports",
            data=fields,
            files={"file": (filename, data)},
            headers=OURS,
            follow_redirects=False,
        )
        assert response.status_code == status, response.text
        if status != 303:
            return response.text
        importer.reading.do()
        return response.headers["Location"]

    return uploaded


@pytest.mark.parametrize(
    ("kind", "event_type", "who"),
    [
        ("units", "unit.post_filled", "nye ledere, hvis noget venter i deres enhed"),
        ("gifts", "gift.contact_added", "nye kontaktpersoner"),
    ],
)
def test_it_says_who_hears_of_what_is_in_the_file(desk, upload, make, kind, event_type, who):
    make.network(name="Netværk for unge")
    page = desk.get(upload(CONTENTS[kind], kind=kind)).text
    assert block(page, event_type) == f"Disse får besked: {who}."


def test_a_file_is_looked_through_applied_and_has_a_receipt(desk, upload, importer, session):
    page = upload()
    told = desk.get(page).text
    assert "Klar til" not in told
    assert "Det ville der ske" in told
    assert "Signe Aaskov" in told
    assert people.by_mail(session, "signe@lindborg.example") is None

    under_way = desk.done(page, f"{page}/application")
    assert "Filen indlæses" in under_way
    assert 'hx-trigger="every 1s"' in under_way
    assert "Se, hvor langt det er" in under_way
    importer.applying.do()

    receipt = desk.get(page).text
    assert "Det er indlæst" in receipt
    assert "Af Mette Møller, mandag den 2. marts 2026 kl. 13.00. Det tog et øjeblik." in receipt
    assert "hx-trigger" not in receipt
    assert people.by_mail(session, "signe@lindborg.example").title == "Leder"
    assert "liste.csv" in desk.get("/imports").text


def test_the_examples_can_be_brought_in_as_they_are(desk, upload, make, importer, session):
    make.network(name="Fra ung til voksen")
    for kind in ("units", "people", "gifts"):
        example = desk.get(f"/imports/example/{kind}.csv")
        assert example.headers["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
        assert example.content == sample(SheetKind(kind))
        assert example.content.startswith(b"\xef\xbb\xbf")
        assert b";" in example.content.splitlines()[0]
        page = upload(example.content, kind, f"{kind}.csv")
        desk.press(page, f"{page}/application")
        importer.applying.do()
        assert "Det er indlæst" in desk.get(page).text
    assert units.by_external_id(session, "1210").short_name == "Unge"
    assert people.by_mail(session, "signe@lindborg.example").unit_id is not None


@pytest.mark.parametrize("name", ["units.xlsx", "units", "kommuner.csv", "..csv"])
def test_there_is_no_other_example(desk, name):
    desk.get(f"/imports/example/{name}", status=404)


def test_what_has_to_be_corrected_is_told_by_row_and_column_and_can_be_taken_along(desk, upload):
    page = upload("Mail;Navn;=1+1\r\nsigne;<script>alert(1)</script>;x\r\n")
    told = desk.get(page).text
    assert "Intet er ændret. Ret filen" in told
    assert "Indlæs nu" not in told
    assert "<script>alert" not in told
    csv = desk.get(f"{page}/problems.csv")
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Række;Kolonne;Hvad der skal rettes"
    assert lines[1].startswith("1;'=1+1;Kolonnen kendes ikke.")
    assert lines[2].startswith("2;Mail;")


def test_200_problems_are_shown_and_the_rest_are_counted_and_in_the_list(desk, upload):
    page = upload("Mail;Navn\r\n" + "forkert;Nej\r\n" * 250)
    told = desk.get(page).text
    assert "250 ting skal rettes i filen" in told
    assert "… og 50 til." in told
    assert told.count("<td>") < 900
    csv = desk.get(f"{page}/problems.csv").content.decode("utf-8-sig")
    assert len(csv.splitlines()) == 251


def test_a_change_is_shown_as_it_is_and_as_it_will_be(desk, upload, make):
    make.person(mail="signe@lindborg.example", name="Signe Aaskov", title="<b>Teamleder</b>")
    told = desk.get(upload()).text
    assert "<del>&lt;b&gt;Teamleder&lt;/b&gt;</del> <ins>Leder</ins>" in told


def test_where_there_is_nothing_to_do_there_is_nothing_to_press(desk, upload, make):
    make.person(mail="signe@lindborg.example", name="Signe Aaskov", title="Leder")
    told = desk.get(upload()).text
    assert "Der er intet at gøre." in told
    assert "Indlæs nu" not in told


def test_a_form_without_file_or_kind_is_drawn_again_with_what_is_missing(desk, upload):
    told = upload(b"", kind="", filename="", status=422)
    assert "Vælg, hvad filen handler om." in told
    assert "Vælg en fil, der står noget i." in told
    told = upload(b"", status=422)
    assert "Vælg en fil, der står noget i." in told
    assert 'value="people" checked' in told


@pytest.mark.parametrize("name", ["010203-1234.csv", "x" * 130 + ".csv"])
def test_a_name_that_cannot_be_kept_is_told_at_the_file(upload, session, name):
    told = upload(filename=name, status=422)
    assert 'aria-invalid="true"' in told
    assert session.exec(select(ImportRun)).all() == []


def test_a_file_that_is_too_large_is_refused_on_a_page(upload):
    assert "højst 10 MB" in upload(b"x" * (10 * 1024 * 1024 + 1), status=413)


def test_pressed_twice_it_is_applied_once_and_from_an_old_page_it_is_told(desk, upload, importer):
    page = upload()
    action = f"{page}/application"
    form = desk.form(page, action)
    old = desk.form(page, action)
    for _ in range(2):
        assert desk.send(action, form.with_()).status_code == 303
    assert importer.applying.do() == 1
    late = desk.send(action, old.with_())
    assert late.status_code == 409
    assert "Filen er allerede indlæst." in late.text
    assert "Det er indlæst" in late.text


def test_while_one_is_applied_another_has_to_wait(desk, upload, importer):
    first, second = upload(), upload(PEOPLE.replace("signe", "sine"))
    desk.press(first, f"{first}/application")
    refused = desk.press(second, f"{second}/application")
    assert refused.status_code == 409
    assert "En anden fil er ved at blive indlæst." in refused.text
    importer.applying.do()
    assert desk.press(second, f"{second}/application").status_code == 303


def test_how_far_it_is_stands_there_for_those_without_scripts_too(desk, make, importer, session):
    secretary = make.secretary()
    run = make.import_run(
        secretary,
        state=RunState.RUNNING,
        started_at=NOON,
        started_by_id=secretary.key,
        done=120,
        total=5000,
    )
    told = desk.get(f"/imports/{run.key}").text
    assert '<progress class="import-progress" aria-labelledby="progress-h" value="120"' in told
    assert "120 af 5.000 rækker" in told


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.READING])
def test_what_was_abandoned_says_so_and_what_to_do(desk, make, importer, state):
    secretary = make.secretary()
    run = make.import_run(
        secretary,
        state=state,
        started_at=NOON,
        started_by_id=secretary.key,
        heartbeat_at=NOON - ABANDONED_AFTER - timedelta(seconds=1),
    )
    page = f"/imports/{run.key}"
    told = desk.get(page).text
    assert "blev afbrudt" in told
    assert "hx-trigger" not in told
    assert "Afbrudt" in desk.get("/imports").text
    if state is RunState.RUNNING:
        desk.press(page, f"{page}/application")
        importer.applying.do()
        assert "Det er indlæst" in desk.get(page).text


@pytest.mark.parametrize("why", Interruption)
def test_why_nothing_came_of_it_is_told(desk, make, why):
    run = make.import_run(make.secretary(), interruption=why)
    assert "Filen kan indlæses igen." in desk.get(f"/imports/{run.key}").text


def test_on_one_machine_it_is_told_how_long_others_have_to_wait(desk, make, database):
    run = make.import_run(make.secretary(), rows_new=5000)
    told = desk.get(f"/imports/{run.key}").text
    assert ("Det tager omkring 10 sekunder." in told) == database.is_sqlite


def test_who_may_not_see_imports_is_told_so_and_sends_nothing(desk_of, make, importer):
    leader = desk_of(make.person())
    run = make.import_run(make.secretary())
    for path in ("/imports", f"/imports/{run.key}", "/imports/999", "/imports/example/units.csv"):
        leader.get(path, status=403)
    refused = leader.client.post("/imports", files={"file": ("a.csv", b"x")}, headers=OURS)
    assert refused.status_code == 403
    assert leader.send(f"/imports/{run.key}/application", []).status_code == 403
    assert importer.reading.do() + importer.applying.do() == 0


def test_gifts_are_applied_by_the_secretariat_and_seen_by_administrators(desk_of, make):
    run = make.import_run(make.secretary(), kind=SheetKind.GIFTS)
    administrator = desk_of(make.administrator())
    assert 'value="gifts"' not in administrator.get("/imports").text
    told = administrator.get(f"/imports/{run.key}").text
    assert "Det er sekretariatet, der indlæser den." in told
    assert administrator.send(f"/imports/{run.key}/application", []).status_code == 403


def test_an_auditor_reads_along_and_has_nothing_to_press(desk_of, make):
    run = make.import_run(make.secretary())
    auditor = desk_of(make.person(role=Role.AUDITOR))
    assert "Læg en fil op" not in auditor.get("/imports").text
    assert "Indlæs nu" not in auditor.get(f"/imports/{run.key}").text
    assert auditor.send(f"/imports/{run.key}/application", []).status_code == 403


def test_a_form_from_elsewhere_is_refused_before_the_file_is_read(desk, session):
    headers = {**OURS, "Origin": "https://andetsteds.example"}
    refused = desk.client.post(
        "/imports", data={"kind": "people"}, files={"file": ("a.csv", b"x")}, headers=headers
    )
    assert refused.status_code == 403
    assert session.exec(select(ImportRun)).all() == []


def test_the_list_goes_on_with_older_files(desk, make):
    ids = [make.import_run(make.secretary()).key for _ in range(25)]
    first = desk.get("/imports").text
    assert f'href="/imports/{ids[-1]}"' in first
    assert f'href="/imports/{ids[0]}"' not in first
    older = desk.get(f"/imports?before={ids[5]}").text
    assert f'href="/imports/{ids[0]}"' in older
    desk.get("/imports?before=ikke-et-tal")


@pytest.mark.parametrize("path", ["/imports/999", "/imports/x", "/imports/999/problems.csv"])
def test_what_does_not_exist_is_not_found(desk, path):
    desk.get(path, status=404)
