"""What commands are told that cannot be: it is said in a line, and nothing is done."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from sqlmodel import select

from app.cli import cli
from app.db import Database
from app.people.models import ApiKey
from app.text import LARGEST_ID
from app.units.models import Post
from tests.conftest import NOON
from tests.make import Make
from tests.test_cli import gavebord, said_by_main

MAIL = "signe@lindborg.example"
SAID = {"mail": MAIL, "kind": "substitute"}


@pytest.fixture
def signe(own_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database of the commands, with somebody in it, a unit and a network, all number 1."""
    settings = own_database.info["settings"]
    monkeypatch.setenv("GAVEBORD_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GAVEBORD_DATABASE_URL", settings.url)
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        make.person(mail=MAIL)
        make.unit()
        make.network()
    return own_database


def commands(group: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its names, `post fill`."""
    context = typer.Context(typer.main.get_command(cli))
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield (*names, name), command


def numbered() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The commands that take numbers, with each of these as `{}` and the other arguments right."""
    for names, command in commands(typer.main.get_command(cli)):
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        numbers = [one.name for one in arguments if one.type.name.startswith("int")]
        for number in numbers:
            rights = {**SAID, **dict.fromkeys(numbers, "1")}
            if names[0] == "member":
                rights["role"] = "participant"
            words = ["{}" if one.name == number else rights[one.name] for one in arguments]
            yield names, tuple(words)


NUMBERED = list(numbered())


def test_these_commands_take_numbers():
    assert {names for names, _ in NUMBERED} == {
        ("key", "revoke"),
        ("member", "end"),
        ("member", "join"),
        ("member", "list"),
        ("post", "end"),
        ("post", "fill"),
        ("post", "list"),
    }
    assert len(NUMBERED) == 9


def test_a_number_that_nothing_can_have_is_refused_in_a_line(signe, monkeypatch, capsys):
    for names, words in NUMBERED:
        for number in (LARGEST_ID, LARGEST_ID + 1, 2**63, 10**40):
            told = [word.format(number) for word in words]
            code, said = said_by_main([*names, *told], monkeypatch, capsys)
            assert code == 1, (names, told, said)
            assert said.count("\n") == 1, (names, told, said)


@pytest.mark.parametrize("label", ["Borger 010190-1234", "a\x07b", "a\nb", "x" * 201, " "])
def test_a_key_is_called_nothing_that_the_page_would_refuse(signe, monkeypatch, capsys, label):
    code, said = said_by_main(["key", "make", MAIL, "--label", label], monkeypatch, capsys)

    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith("label: ")
    with signe.reading() as session:
        assert session.exec(select(ApiKey)).all() == []


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "words",
    [
        ["post", "fill", MAIL, "1", "leader", "--from"],
        ["post", "fill", MAIL, "1", "leader", "--to"],
        ["post", "end", "1", "1", "--to"],
        ["member", "join", MAIL, "1", "participant", "--from"],
        ["member", "join", MAIL, "1", "participant", "--to"],
        ["member", "end", "1", "1", "--to"],
    ],
    ids=" ".join,
)
def test_a_day_that_the_api_refuses_the_command_refuses_too(signe, monkeypatch, capsys, words, day):
    said = said_by_main([*words, day], monkeypatch, capsys)

    assert said == (1, "Dagen skal ligge mellem år 2000 og 2100.\n")
    with signe.reading() as session:
        assert session.exec(select(Post)).all() == []


@pytest.mark.parametrize(
    "words",
    [["release"], ["role", "give", "{}", "auditor"], ["post", "fill", "{}", "1", "leader"]],
    ids=" ".join,
)
def test_a_mail_in_another_encoding_is_nobodys(signe, monkeypatch, capsys, words):
    broken = "sign\udce9@lindborg.example"
    told = [broken if word == "{}" else word for word in words]
    code, said = said_by_main(told if broken in told else [*told, broken], monkeypatch, capsys)

    assert (code, said.count("\n")) == (1, 1)


def test_the_first_day_that_there_can_be_is_taken(signe):
    filled = gavebord("post", "fill", MAIL, "1", "leader", "--from", "2000-01-01")

    assert filled.exit_code == 0
