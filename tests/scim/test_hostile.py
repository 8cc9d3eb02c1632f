"""What comes in from the directory is as untrusted as what anybody writes."""

from json import dumps

import pytest
from sqlmodel import select

from app.people.models import Person
from tests.scim.conftest import CPR, MESSAGES, refusal, replace, user


@pytest.mark.parametrize(
    "over",
    [
        {"displayName": f"Borger {CPR}"},
        {"userName": f"borger-{CPR}"},
        {"externalId": CPR},
        {"title": f"Leder {CPR}"},
        {"displayName": "Signe\x00"},
        {"displayName": "Signe\u202egnp.exe"},
        {"userName": "signe\r\nBcc: x"},
        {"userName": "signe\u200b@lindborg.example"},
        {"userName": "\ud800"},
        {"userName": "a" * 201},
        {"userName": "", "displayName": "x"},
        {"displayName": "S" * 201},
        {"emails": [{"value": "no address"}]},
        {"emails": [{"value": "a@b.example\nBcc: c@d.example", "type": "work"}]},
        {"emails": "signe@lindborg.example"},
        {"phoneNumbers": [{"value": "ring", "type": "work"}]},
        {"active": "perhaps"},
        {"active": 7},
        {"title": 7},
    ],
)
def test_what_people_may_not_write_the_directory_may_not_either(directory, session, over):
    made = directory.user(userName="other", emails=[])

    refused = [
        directory.request(*place, user(**over))
        for place in (("POST", "Users"), ("PUT", f"Users/{made['id']}"))
    ]

    assert [refusal(answer) for answer in refused] == [(400, "invalidValue")] * 2
    assert len(session.exec(select(Person)).all()) == 2
    assert directory.get(f"Users/{made['id']}").json() == made


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [replace("active", False), replace("active", True)],
        [replace("title", "Chef"), {"op": "remove", "path": "title"}],
        [replace("title", "Chef"), {"op": "replace", "value": {"title": "Leder"}}],
        [
            replace('emails[type eq "work"].value', "a@b.example"),
            replace("emails", [{"value": "c@d.example", "type": "work"}]),
        ],
        [replace("title", "Chef"), replace("displayName", CPR)],
        [replace("title", "Chef"), replace("active", None)],
        [replace("title", "Chef"), replace("userName", None)],
        [replace("title", "Chef"), {"op": "remove", "path": "userName"}],
        [replace("title", "Chef"), replace("meta.version", "x")],
        [replace("title", "Chef"), {"op": "remove", "path": "emails[("}],
        [replace("title", "Chef"), 7],
    ],
)
def test_a_patch_is_taken_whole_or_not_at_all(directory, operations):
    made = directory.user()

    refused = directory.patch(f"Users/{made['id']}", *operations)

    assert refusal(refused)[0] == 400
    assert directory.get(f"Users/{made['id']}").json() == made


@pytest.mark.parametrize("where", ["Users/.search", "Users", "Groups"])
def test_half_a_character_is_refused(directory, where):
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": 'userName eq "\ud800"',
    }
    answer = directory.client.post(f"/scim/v2/{where}", content=dumps(body))

    assert refusal(answer) == (400, "invalidValue")


def test_ids_that_machines_make_up_are_not_taken_for_cpr_numbers(directory):
    looks_like_one = "abcd1234-ab01-0203-1234-abcdefabcdef"

    made = directory.user(
        externalId=looks_like_one, userName=f"{looks_like_one.replace('-', '')}x@lindborg.example"
    )

    assert made["externalId"] == looks_like_one
    assert directory.found("Users", f'externalId eq "{looks_like_one}"') == [made["id"]]


def test_what_was_sent_is_not_sent_back_unreadable(directory):
    body = {
        "schemas": [f"{MESSAGES}:PatchOp"],
        "Operations": [{"op": "\ud800", "path": "title", "value": "x"}],
    }
    made = directory.user()

    refused = directory.request("PATCH", f"Users/{made['id']}", body)

    assert refusal(refused) == (400, "invalidValue")
