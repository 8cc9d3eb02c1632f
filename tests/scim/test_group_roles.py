"""Groups give roles, and take back what they gave and nothing else."""

from json import dumps

import pytest
from pydantic import ValidationError
from sqlmodel import select

from app.errors import Invalid
from app.eventlog.models import Event
from app.main import create_app
from app.people.models import Person, WebSession
from app.people.signed_in import Role
from app.scim.models import ScimAccount
from app.settings import Settings
from tests.scim.conftest import refusal, replace
from tests.scim.test_groups import add, remove

ROLES = {"Sekretariatet": "secretariat", "0A21F0F2": "administrator"}
pytestmark = pytest.mark.in_process("each test has its own setting of what groups give")


@pytest.fixture
def give(session):
    """Sets what groups give from now on."""

    def to(roles):
        settings = session.info["settings"].model_copy(update={"group_roles": dumps(roles)})
        session.info["settings"] = settings

    to(ROLES)
    return to


@pytest.fixture
def signe(make):
    return make.person(name="Signe")


def roles(session, person):
    session.expire_all()
    return session.get(Person, person.id).roles


def test_a_role_comes_and_goes_with_the_group(directory, session, make, give, signe):
    make.web_session(signe)
    group = directory.group(displayName="SEKRETARIATET")
    path = f"Groups/{group['id']}"

    directory.patch(path, add(str(signe.id)))
    assert roles(session, signe) == "secretariat"
    assert session.exec(select(WebSession)).one().ended_at is None

    directory.patch(path, remove(str(signe.id)))
    assert roles(session, signe) == ""
    assert session.exec(select(WebSession)).one().ended_by == "roles"
    changes = session.exec(select(Event).where(Event.type == "person.roles_changed")).all()
    assert [change.data["roles"] for change in changes] == [["secretariat"], []]


@pytest.mark.parametrize("way", ["delete", "rename", "put", "remove person"])
def test_it_goes_in_whatever_way_the_membership_ends(directory, session, give, signe, way):
    group = directory.group(str(signe.id), displayName="Sekretariatet")
    assert roles(session, signe) == "secretariat"
    path = f"Groups/{group['id']}"

    answer = {
        "delete": lambda: directory.delete(path),
        "rename": lambda: directory.patch(path, replace("displayName", "Andre")),
        "put": lambda: directory.put(path, {"displayName": "Sekretariatet"}),
        "remove person": lambda: directory.delete(f"Users/{signe.id}"),
    }[way]()

    assert answer.is_success
    assert roles(session, signe) == ""


def test_what_was_given_by_hand_is_left_alone(directory, session, make, give):
    signe = make.person(role=Role.SECRETARIAT)
    group = directory.group(str(signe.id), displayName="Sekretariatet")

    directory.delete(f"Groups/{group['id']}")

    assert roles(session, signe) == "secretariat"


def test_an_auditor_who_is_something_else_too_is_that(directory, session, make, give):
    give({"Revisorerne": "auditor"})
    secretary, plain = make.secretary(), make.person()

    directory.group(str(secretary.key), str(plain.key), displayName="Revisorerne")

    assert roles(session, secretary) == "secretariat"
    assert roles(session, plain) == "auditor"


def test_a_role_that_two_groups_give_stays_until_both_are_gone(directory, session, give, signe):
    give({"A": "secretariat", "B": "secretariat"})
    first = directory.group(str(signe.id), displayName="A")
    second = directory.group(str(signe.id), displayName="B")

    directory.delete(f"Groups/{first['id']}")
    assert roles(session, signe) == "secretariat"
    directory.delete(f"Groups/{second['id']}")
    assert roles(session, signe) == ""


def test_the_id_of_a_group_counts_before_its_name(directory, session, give, signe):
    directory.group(str(signe.id), displayName="Sekretariatet", externalId="0a21f0f2")

    assert roles(session, signe) == "administrator"


def test_a_group_that_is_given_a_name_gives_its_role_from_then_on(directory, session, give, signe):
    group = directory.group(str(signe.id), displayName="Andre")
    assert roles(session, signe) == ""

    directory.patch(f"Groups/{group['id']}", replace("displayName", "Sekretariatet"))

    assert roles(session, signe) == "secretariat"


def test_the_roles_are_back_when_the_person_is(directory, session, give, signe):
    directory.group(str(signe.id), displayName="Sekretariatet")
    path = f"Users/{signe.id}"

    directory.patch(path, replace("active", False))
    assert roles(session, signe) == ""
    directory.patch(path, replace("active", True))

    assert roles(session, signe) == "secretariat"


def test_who_has_left_is_in_a_group_without_its_role(directory, session, make, give):
    gone = make.person(left_at=make.now)

    group = directory.group(str(gone.id), displayName="Sekretariatet")

    assert roles(session, gone) == ""
    assert [member["value"] for member in group["members"]] == [str(gone.id)]


def test_the_last_administrator_is_not_taken_out_of_their_group(directory, session, give, signe):
    group = directory.group(str(signe.id), displayName="Chefer", externalId="0a21f0f2")
    path = f"Groups/{group['id']}"

    for refused in (
        directory.patch(path, remove(str(signe.id))),
        directory.put(path, {"displayName": "Chefer", "externalId": "0a21f0f2"}),
        directory.delete(path),
        directory.patch(path, replace("externalId", "another")),
    ):
        assert refusal(refused) == (409, None)
        assert "administrator" in refused.json()["detail"]

    assert roles(session, signe) == "administrator"
    assert directory.get(path).json()["members"][0]["value"] == str(signe.id)


def test_a_group_that_is_not_named_in_the_settings_gives_nothing(directory, session, give, signe):
    directory.group(str(signe.id), displayName="administrator")

    assert roles(session, signe) == ""
    assert session.exec(select(ScimAccount)).all() == []


@pytest.mark.parametrize("written", ["{", "[]", "7", '{"a": 7}', "a=b", '{"a":' * 100_000])
def test_what_groups_give_is_written_as_json(monkeypatch, written):
    monkeypatch.setenv("GAVEBORD_GROUP_ROLES", written[:100_000])
    with pytest.raises(ValidationError):
        Settings(_env_file=None)


def test_a_role_that_is_not_there_is_no_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("GAVEBORD_GROUP_ROLES", '{"Chefer": "king"}')
    with pytest.raises(Invalid, match="GAVEBORD_GROUP_ROLES"):
        create_app(Settings(data_dir=tmp_path, _env_file=None))
