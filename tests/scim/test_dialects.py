"""What Entra ID and others send in ways of their own is understood."""

import pytest

from app.scim.dialects import plain_patch, plain_user
from tests.scim.conftest import MESSAGES, USER, replace, user

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def test_a_user_as_entra_makes_it_is_taken(directory):
    made = directory.user(
        schemas=[USER, ENTERPRISE],
        externalId="0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        active="True",
        meta={"resourceType": "User"},
        addresses=[{"type": "work", "locality": "Lindborg"}],
        roles=[],
        **{ENTERPRISE: {"department": "PPR", "manager": {"value": "7"}}},
    )

    assert made["active"] is True
    assert ENTERPRISE not in made


@pytest.mark.parametrize("op", ["Replace", "replace", "REPLACE", "Add"])
def test_the_case_of_an_operation_is_nothing(directory, op):
    made = directory.user()

    patched = directory.patch(
        f"Users/{made['id']}",
        {"op": op, "path": 'emails[type eq "work"].value', "value": "SA@lindborg.example"},
    )

    assert patched.status_code == 200
    assert patched.json()["emails"] == [{"value": "sa@lindborg.example", "type": "work"}]


def test_what_is_not_there_yet_is_made_by_changing_it(directory):
    made = directory.user(emails=None)

    patched = directory.patch(
        f"Users/{made['id']}",
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "sa@lindborg.example"},
        {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "72 30 41 17"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "20 30 40 50"},
        {"op": "Add", "path": 'emails[type eq "work"].primary', "value": "True"},
    )

    assert patched.json()["emails"] == [{"value": "sa@lindborg.example", "type": "work"}]
    assert patched.json()["phoneNumbers"] == [{"value": "72 30 41 17", "type": "work"}]


def test_without_a_path_many_things_change_at_once(directory):
    made = directory.user()

    patched = directory.patch(
        f"Users/{made['id']}",
        {
            "op": "replace",
            "value": {
                "DisplayName": "Signe Å",
                "title": "Leder",
                "active": "False",
                'emails[type eq "work"].value': "sa@lindborg.example",
                "name.givenName": "Signe",
                f"{ENTERPRISE}:department": "PPR",
                f"{USER}:externalId": "a",
            },
        },
    )

    body = patched.json()
    assert (body["displayName"], body["title"], body["active"]) == ("Signe Å", "Leder", False)
    assert body["emails"][0]["value"] == "sa@lindborg.example"
    assert body["externalId"] == "a"


def test_what_is_not_kept_is_changed_without_a_word(directory):
    made = directory.user()

    patched = directory.patch(
        f"Users/{made['id']}",
        replace(f"{ENTERPRISE}:department", "PPR"),
        replace("name.familyName", "Å"),
        replace("nickName", "Sigge"),
    )

    assert patched.json() == made


def test_something_is_taken_away_by_removing_it(directory):
    made = directory.user(title="Leder", externalId="a")

    patched = directory.patch(
        f"Users/{made['id']}",
        {"op": "Remove", "path": "title"},
        {"op": "Remove", "path": 'emails[type eq "work"].value'},
        replace("externalId", ""),
    )

    assert patched.status_code == 200
    assert not {"title", "emails", "externalId"} & patched.json().keys()


def test_a_name_may_come_wrapped_in_a_list(directory):
    group = directory.group()

    patched = directory.patch(
        f"Groups/{group['id']}",
        {"op": "Replace", "path": "displayName", "value": [{"$ref": None, "value": "Ledelsen"}]},
    )

    assert patched.json()["displayName"] == "Ledelsen"


def test_parameters_that_nobody_knows_do_not_matter(directory):
    answer = directory.get("Users", filter='userName eq "x"', aadOptscim062020="")

    assert answer.json() == {
        "schemas": [f"{MESSAGES}:ListResponse"],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }


@pytest.mark.parametrize("kind", ["application/json", "application/scim+json; charset=utf-8"])
def test_both_kinds_of_json_are_taken(directory, kind):
    made = directory.post("Users", user(), headers={"Content-Type": kind})

    assert made.status_code == 201
    assert made.headers["Content-Type"] == "application/scim+json"


def test_a_patch_that_is_no_patch_is_left_to_the_library():
    for sent in ({}, {"Operations": "x"}, {"Operations": ["x", 7, None]}):
        assert plain_patch(sent) == sent


def test_null_is_as_good_as_nothing():
    assert plain_user({"title": None, "DISPLAYNAME": "", "userName": "a"}) == {
        "userName": "a",
        "displayName": "a",
    }
