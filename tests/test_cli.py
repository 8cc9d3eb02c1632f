"""The commands, in this process, on a SQLite file of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner, Result

from app import clock
from app.cli import cli, main
from app.db import Database
from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.handovers.rules import settings_in
from app.people import queries as people
from app.people.keys import signed_in
from app.people.models import Identity
from app.rows import Rows
from app.settings import Settings
from tests.conftest import NOON
from tests.databases import copied_database
from tests.make import Make
from tests.processes import ROOT

OPERATIONS = ROOT / "docs" / "operations.md"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAVEBORD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path


@pytest.fixture
def migrated(data_dir: Path) -> Iterator[Path]:
    """The same folder, with a database of this version and nothing in it."""
    with copied_database("sqlite", data_dir):
        yield data_dir


def gavebord(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def said_by_main(words: list[str], monkeypatch, capsys) -> tuple[int, str]:
    """The exit code and what was said on stderr, with errors as people meet them."""
    monkeypatch.setattr("sys.argv", ["gavebord", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().err


def test_migrating_twice_is_the_same_as_once(data_dir):
    assert gavebord("migrate").exit_code == 0
    assert gavebord("migrate").stdout == "Databasen er klar.\n"


def test_the_first_administrator_gets_a_key_that_can_be_revoked(migrated):
    assert gavebord("administrator", "niels@lindborg.example", "--name", "Niels").exit_code == 0

    made = gavebord("key", "make", "niels@lindborg.example", "--scope", "admin", "--days", "30")
    *_, secret = made.stdout.split()
    listed = gavebord("key", "list").stdout
    assert "Niels" in listed
    assert secret not in listed

    database = Database(Settings())
    with database.reading() as session:
        holder, use = signed_in(Rows(session.connection()), secret, now=NOON)
        assert holder.is_administrator
        assert use.scopes == {"admin"}
    database.close()

    assert "gælder ikke mere" in gavebord("key", "revoke", "1").stdout
    assert "revoked" in gavebord("key", "list").stdout


def test_a_key_for_nobody_is_refused_in_a_line(migrated, monkeypatch, capsys):
    code, said = said_by_main(["key", "make", "nobody@lindborg.example"], monkeypatch, capsys)
    assert (code, said) == (1, "Ingen har mailadressen nobody@lindborg.example.\n")


def test_an_account_is_released_by_the_mail_of_its_person(data_dir, monkeypatch, capsys):
    gavebord("demo")
    database = Database(Settings())
    with database.writing() as session:
        person = people.page(session, after_id=0, limit=1)[0]
        session.add(Identity(issuer="a", subject="b", person_id=person.key, created_at=NOON))
    assert person.name in gavebord("release", person.mail).stdout
    with database.reading() as session:
        assert session.get(Identity, ("a", "b")) is None
    database.close()
    code, said = said_by_main(["release", "nobody@lindborg.example"], monkeypatch, capsys)
    assert (code, said) == (1, "Ingen har mailadressen nobody@lindborg.example.\n")


def test_a_database_that_was_not_migrated_says_what_to_do(data_dir, monkeypatch, capsys):
    code, said = said_by_main(["key", "list"], monkeypatch, capsys)
    assert code == 1
    assert "gavebord migrate" in said


def test_a_setting_that_cannot_be_used_is_named(data_dir, monkeypatch, capsys):
    monkeypatch.setenv("GAVEBORD_PATIENCE_TRIAL", "soon")
    code, said = said_by_main(["migrate"], monkeypatch, capsys)
    assert code == 2
    assert said.startswith("GAVEBORD_PATIENCE_TRIAL: ")


@pytest.fixture
def settings_file(data_dir, monkeypatch) -> Path:
    """A file that says where the data is, which nothing else does; and one that nobody named."""
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    monkeypatch.delenv("GAVEBORD_DATA_DIR")
    monkeypatch.chdir(data_dir)
    (data_dir / ".env").write_text("GAVEBORD_DATA_DIR=unnamed")
    path = data_dir / "settings.env"
    path.write_text("GAVEBORD_DATA_DIR=named")
    return path


def test_the_settings_are_read_from_the_file_that_is_named(settings_file, data_dir):
    assert gavebord("--settings", str(settings_file), "migrate").exit_code == 0
    assert (data_dir / "named" / "gavebord.db").exists()
    assert not (data_dir / "unnamed").exists()


def test_the_environment_names_the_file_too_and_goes_before_what_is_in_it(
    settings_file, data_dir, monkeypatch
):
    monkeypatch.setenv("GAVEBORD_SETTINGS", str(settings_file))
    assert gavebord("migrate").exit_code == 0
    assert (data_dir / "named" / "gavebord.db").exists()
    monkeypatch.setenv("GAVEBORD_DATA_DIR", "said")
    assert gavebord("migrate").exit_code == 0
    assert (data_dir / "said" / "gavebord.db").exists()


@pytest.mark.parametrize("name", ["nowhere.env", "."])
def test_a_file_of_settings_that_cannot_be_read_is_named_and_nothing_is_done(
    settings_file, data_dir, name
):
    refused = gavebord("--settings", name, "migrate")
    assert refused.exit_code == 2
    assert f"'{name}'" in refused.stderr
    assert sorted(path.name for path in data_dir.iterdir()) == [".env", "settings.env"]


def test_the_demo_fills_an_empty_database_only(data_dir):
    first = gavebord("demo")
    assert first.exit_code == 0, first.output
    assert first.stdout.count("gvb_") == 2

    database = Database(Settings())
    with database.reading() as session:
        count = len(people.page(session, after_id=0, limit=1000))
    assert gavebord("demo").stdout.count("gvb_") == 2
    with database.reading() as session:
        assert len(people.page(session, after_id=0, limit=1000)) == count
    database.close()


def test_the_demo_has_its_name_a_gift_that_is_asked_for_and_one_that_was_thought_of_again(data_dir):
    gavebord("demo")
    database = Database(Settings())
    with database.reading() as session:
        assert settings_in(session).organisation == "Lindborg Kommune"
        kinds = set(session.exec(select(Event.type)).all())
        asked_for = session.exec(select(Handover).where(Handover.request != "")).all()
    database.close()
    assert {"handover.requested", "handover.reconsidered"} <= kinds
    assert [one.state for one in asked_for] == [State.DRAFT]


def test_the_demos_keys_are_for_the_owner_of_the_files_only(data_dir):
    gavebord("demo")
    assert (data_dir / "demo-keys.json").stat().st_mode & 0o077 == 0


def test_demo_does_not_touch_a_database_with_data_of_its_own(migrated):
    gavebord("administrator", "niels@lindborg.example")
    assert "key make" in gavebord("demo").stdout


def test_demo_does_not_fill_a_database_where_something_has_happened(migrated):
    database = Database(Settings())
    with database.writing() as session:
        Make(session, now=NOON).unit()
    assert "key make" in gavebord("demo").stdout
    with database.reading() as session:
        assert not people.page(session, after_id=0, limit=1)
    database.close()


def test_the_demos_keys_are_shown_only_where_they_open(data_dir):
    gavebord("demo")
    (data_dir / "gavebord.db").unlink()
    gavebord("migrate")
    gavebord("administrator", "niels@lindborg.example")

    shown = gavebord("demo").stdout

    assert "gvb_" not in shown
    assert "key make" in shown


def test_doctor_finds_a_healthy_installation_well(migrated):
    examined = gavebord("doctor")
    assert examined.exit_code == 0, examined.stdout
    assert "galt" not in examined.stdout


def test_doctor_says_when_tables_are_missing_and_how_to_mend_it(data_dir):
    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "Kør gavebord migrate" in examined.stdout


def test_doctor_says_what_is_wrong_with_the_look(migrated, monkeypatch, capsys):
    monkeypatch.setenv("GAVEBORD_LOGO", str(migrated / "gone.svg"))
    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "GAVEBORD_LOGO kan ikke bruges: filen kan ikke læses" in examined.stdout

    monkeypatch.setenv("GAVEBORD_COLOUR_DARK", "#ffcc00")
    code, said = said_by_main(["doctor"], monkeypatch, capsys)
    assert code == 2
    assert said.startswith("GAVEBORD_COLOUR_DARK: Hvid tekst på farven har kontrasten 1,")


def test_doctor_sees_a_damaged_database_file(data_dir):
    (data_dir / "gavebord.db").write_bytes(b"this is not a database" * 100)
    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "galt" in examined.stdout


def test_doctor_sees_a_folder_that_cannot_be_made_and_looks_on(data_dir, monkeypatch):
    (data_dir / "fil").write_text("")
    monkeypatch.setenv("GAVEBORD_DATA_DIR", str(data_dir / "fil" / "data"))
    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "Der kan ikke skrives" in examined.stdout
    assert "Den svarer ikke" in examined.stdout


def test_doctor_sees_a_folder_where_the_database_file_should_be(data_dir):
    (data_dir / "gavebord.db").mkdir()
    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "Den svarer ikke" in examined.stdout


def test_doctor_sees_a_database_that_is_not_there(data_dir, monkeypatch):
    monkeypatch.setenv("GAVEBORD_DATABASE_URL", "postgresql://127.0.0.1:1/gavebord")
    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "Den svarer ikke" in examined.stdout


def test_doctor_on_postgresql_compares_the_clocks(database: Database, data_dir, monkeypatch):
    monkeypatch.setenv("GAVEBORD_DATABASE_URL", database.info["settings"].url)
    examined = gavebord("doctor")
    assert examined.exit_code == 0, examined.stdout


def test_doctor_says_when_the_counts_are_not_of_the_handovers_and_how_to_count_again(
    own_database: Database, data_dir, monkeypatch
):
    monkeypatch.setenv("GAVEBORD_DATABASE_URL", own_database.info["settings"].url)
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        handover, other = make.handover(), make.handover()
        session.flush()
        session.execute(_MISCOUNTED, {"unit_id": handover.unit_id})
        session.execute(_UNCOUNTED, {"unit_id": other.unit_id})

    examined = gavebord("doctor")
    assert examined.exit_code == 1
    assert "passer ikke med overrækkelserne i 2 enheder" in examined.stdout
    assert "docs/operations.md" in examined.stdout

    (again,) = re.findall(r"```sql\nBEGIN;\n(.*?)COMMIT;\n```", OPERATIONS.read_text(), re.DOTALL)
    with own_database.writing() as session:
        for statement in again.split(";")[own_database.is_sqlite : -1]:
            session.execute(text(statement))
    assert gavebord("doctor").exit_code == 0


_MISCOUNTED = text("UPDATE handover_count SET handovers = 2 WHERE unit_id = :unit_id")
_UNCOUNTED = text("DELETE FROM handover_count WHERE unit_id = :unit_id")


def test_an_english_terminal_is_answered_in_english(data_dir, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert gavebord("migrate").stdout == "The database is ready.\n"


def test_roles_are_given_taken_and_listed(migrated, monkeypatch, capsys):
    gavebord("administrator", "niels@lindborg.example", "--name", "Niels")

    given = gavebord("role", "give", "Niels@lindborg.example", "secretariat")
    assert given.stdout == "Niels har nu rollerne: administrator secretariat.\n"
    assert gavebord("role", "give", "niels@lindborg.example", "secretariat").exit_code == 0
    assert (
        gavebord("role", "list").stdout
        == "niels@lindborg.example  Niels  administrator secretariat\n"
    )
    taken = gavebord("role", "take", "niels@lindborg.example", "secretariat")
    assert taken.stdout == "Niels har nu rollerne: administrator.\n"


def test_a_role_that_cannot_be_given_or_taken_is_refused_with_the_reason(
    migrated, monkeypatch, capsys
):
    gavebord("administrator", "niels@lindborg.example", "--name", "Niels")

    def refused(*words: str) -> str:
        code, said = said_by_main(["role", *words], monkeypatch, capsys)
        assert code == 1
        return said

    niels = "niels@lindborg.example"
    assert "ingen andre roller" in refused("give", niels, "auditor")
    assert "mindst én administrator" in refused("take", niels, "administrator")
    assert "har ikke rollen" in refused("take", niels, "auditor")
    assert "Ingen har mailadressen" in refused("give", "nobody@lindborg.example", "auditor")
    assert gavebord("role", "give", niels, "king").exit_code == 2


@pytest.fixture
def municipality(migrated):
    """A unit, a network, and somebody to be something in them: nr. 1 of each."""
    database = Database(Settings())
    with database.writing() as session:
        make = Make(session, now=clock.now())
        signe = make.person(name="Signe Aaskov", mail="signe@lindborg.example")
        found = make.unit(name="Ungeenheden").key, make.network().key, signe.key
    database.close()
    return found


def test_posts_are_filled_ended_and_listed(municipality, monkeypatch, capsys):
    unit = str(municipality[0])
    words = ("signe@lindborg.example", unit, "substitute")
    filled = gavebord("post", "fill", *words, "--from", "2026-03-01", "--to", "2026-03-31")
    assert filled.stdout == "Signe Aaskov har nu post nr. 1.\n"
    ended = gavebord("post", "end", unit, "1", "--to", "2026-03-15")
    assert ended.stdout == "Post nr. 1 slutter 15. marts 2026.\n"
    listed = gavebord("post", "list", unit).stdout
    assert listed == "    1  substitute  Signe Aaskov  2026-03-01  2026-03-15\n"

    assert gavebord("post", "fill", words[0], unit, "leader").exit_code == 0
    today = clock.local_day(clock.now())
    assert f"leader  Signe Aaskov  {today}  -" in gavebord("post", "list", unit).stdout
    code, said = said_by_main(["post", "fill", words[0], unit, "leader"], monkeypatch, capsys)
    assert (code, said) == (1, "Signe Aaskov har allerede den post.\n")
    assert gavebord("post", "fill", *words, "--from", "31-03-2026").exit_code == 2


def test_people_join_networks_leave_and_are_listed(municipality, monkeypatch, capsys):
    network = str(municipality[1])
    words = ("signe@lindborg.example", network, "co_driver")
    joined = gavebord("member", "join", *words, "--from", "2026-03-01")
    assert joined.stdout == "Signe Aaskov er nu medlem nr. 1.\n"
    assert gavebord("member", "end", network, "1", "--to", "2026-03-15").exit_code == 0
    listed = gavebord("member", "list", network).stdout
    assert listed == "    1  co_driver  Signe Aaskov  2026-03-01  2026-03-15\n"
    code, said = said_by_main(
        ["member", "join", "nobody@lindborg.example", network, "leader"], monkeypatch, capsys
    )
    assert code == 1
    assert "Ingen har mailadressen" in said


def test_what_the_machine_does_is_in_the_log_without_anybody(municipality):
    unit, network, signe = municipality
    gavebord("post", "fill", "signe@lindborg.example", str(unit), "leader")
    gavebord("member", "join", "signe@lindborg.example", str(network), "leader")

    database = Database(Settings())
    with database.reading() as session:
        told = {event.type: event for event in session.exec(select(Event))}
    database.close()
    for kind in ("unit.post_filled", "network.member_joined"):
        assert told[kind].actor_id is None
        assert told[kind].data["person_id"] == signe
