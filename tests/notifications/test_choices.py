"""Each chooses when mail comes and how much; a link in the mail stops it, and does nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import NotFound, Stale
from app.eventlog.log import By
from app.notifications import choices, stop_links
from app.notifications.choices import UNCHOSEN, Choice
from app.notifications.models import HowMuch
from app.people import service as people
from app.rows import rows_of
from tests.conftest import NOON
from tests.make import Make

PATH = "/api/v1/me/mail"


def put(client, hour=7, how_much="needed", version='"1"'):
    headers = {"If-Match": version} if version else {}
    return client.put(PATH, json={"hour": hour, "how_much": how_much}, headers=headers)


@pytest.fixture
def signe(make):
    return make.person(name="Signe Aaskov", mail="signe@lindborg.example")


@pytest.fixture
def client(signed_in, signe):
    return signed_in(signe)


def test_who_has_chosen_nothing_gets_everything_at_eight(client) -> None:
    answer = client.get(PATH)
    assert answer.json() == {"version": 1, "hour": 8, "how_much": "all"}
    assert answer.headers["ETag"] == '"1"'


def test_what_is_chosen_is_kept_for_that_person_alone(client, signed_in, make) -> None:
    chosen = {"version": 2, "hour": 7, "how_much": "needed"}
    assert put(client).json() == chosen
    assert client.get(PATH).json() == chosen
    assert signed_in(make.person()).get(PATH).json()["version"] == 1


def test_chosen_again_is_the_same_and_another_choice_is_a_new_version(client) -> None:
    put(client)
    assert put(client, version='"2"').json()["version"] == 2
    assert put(client, hour=23, how_much="none", version='"2"').json() == {
        "version": 3,
        "hour": 23,
        "how_much": "none",
    }


def test_who_has_not_seen_the_choice_does_not_change_it(client) -> None:
    put(client)
    assert put(client, hour=9).status_code == 412
    assert put(client, hour=9, version=None).status_code == 428
    assert client.get(PATH).json()["hour"] == 7
    assert put(client, hour=9, version="*").json()["version"] == 3


@pytest.mark.parametrize(
    ("hour", "how_much", "pointer"),
    [
        (24, "all", "#/hour"),
        (-1, "all", "#/hour"),
        (True, "all", "#/hour"),
        ("7", "all", "#/hour"),
        (7.5, "all", "#/hour"),
        (10**30, "all", "#/hour"),
        (None, "all", "#/hour"),
        (7, "some", "#/how_much"),
        (7, None, "#/how_much"),
    ],
)
def test_what_is_no_choice_is_said_and_changes_nothing(client, hour, how_much, pointer) -> None:
    answer = put(client, hour, how_much)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert client.get(PATH).json()["version"] == 1


def test_two_who_choose_at_once_do_so_one_after_the_other(own_database) -> None:
    with own_database.writing() as session:
        person_id = Make(session, now=NOON).person().key

    def choose(hour: int) -> bool:
        with own_database.writing() as session:
            try:
                choices.choose(
                    session, person_id, hour=hour, how_much=HowMuch.ALL, version=1, now=NOON
                )
            except Stale:
                return False
            return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(choose, (6, 7))) == [False, True]
    with own_database.reading() as session:
        assert choices.choice_of(rows_of(session), person_id).version == 2


@pytest.fixture
def token(session, signe) -> str:
    return stop_links.token_of(stop_links.make_key(session), signe.key, signe.mail)


def test_the_link_stops_the_mail_and_keeps_the_hour(session, make, signe, token) -> None:
    make.mail_choice(signe, hour=6)
    for _ in range(2):
        assert choices.stop(session, token, now=NOON) is signe
        assert choices.choice_of(rows_of(session), signe.key) == Choice(6, HowMuch.NONE, 3)


def test_nobody_makes_a_link_of_their_own(session, make, signe, token) -> None:
    other = make.person(mail="bo@lindborg.example")
    key = stop_links.make_key(session)
    number, _, signature = token.partition(".")
    for wrong in (
        "",
        ".",
        number,
        f"{number}.",
        signature,
        f"{other.key}.{signature}",
        f"{number}.{signature[:-1]}",
        f"{number}.{signature}=",
        f"0{number}.{signature}",
        f"{number}.\udc80",
        f"{10**30}.{signature}",
        f"{2**62}.{signature}",
        stop_links.token_of("another key", signe.key, signe.mail),
        stop_links.token_of(key, signe.key, "former@lindborg.example"),
    ):
        with pytest.raises(NotFound):
            choices.stop(session, wrong, now=NOON)
    for person in (signe, other):
        assert choices.choice_of(rows_of(session), person.key) == UNCHOSEN


def test_before_the_first_mail_there_is_no_link(session, signe) -> None:
    with pytest.raises(NotFound):
        stop_links.holder(session, f"{signe.key}.abc")


def test_a_link_to_an_address_that_one_has_no_more_does_nothing(session, signe, token) -> None:
    fields = {"mail": "signe.b@lindborg.example"}
    people.change(session, signe.key, fields, version=None, by=By(), now=NOON)
    with pytest.raises(NotFound):
        stop_links.holder(session, token)


def test_a_link_to_somebody_who_has_left_does_nothing(session, signe, token) -> None:
    people.leave(session, signe.key, version=None, by=By(), now=NOON)
    with pytest.raises(NotFound):
        stop_links.holder(session, token)
