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


UNREADABLE = ["\\ud800", "\\u0000", "\x00", "a\\u200bb", "\\udfff\\ud800"]


@pytest.mark.parametrize("sign", UNREADABLE)
@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("Users", 'userName eq "{}"'),
        ("Users", 'userName co "{}"'),
        ("Users", 'not (displayName eq "{}")'),
        ("Users", 'active eq true and externalId ne "{}"'),
        ("Users", 'emails[type eq "work" and value sw "{}"]'),
        ("Users", 'phoneNumbers.value eq "{}"'),
        ("Users", 'id eq "{}"'),
        ("Groups", 'displayName eq "{}"'),
        ("Groups", 'externalId eq "{}"'),
        ("Groups", 'members.value eq "{}"'),
    ],
)
def test_what_cannot_be_read_is_nothing_to_find_anybody_by(directory, kind, wanted, sign):
    asked = wanted.format(sign)

    assert refusal(directory.get(kind, filter=asked)) == (400, "invalidFilter")


@pytest.mark.parametrize("sign", ["\ud800", "\x00"])
def test_what_cannot_be_read_reaches_no_database_in_a_patch_or_an_address(directory, sign):
    made, group = directory.user(), directory.group()
    escaped = dumps(sign)
    paths = [
        f"emails[type eq {escaped}].value",
        f'emails[type eq "work" and value eq {escaped}].value',
        f"phoneNumbers[type eq {escaped}]",
        f"title{sign}",
        sign,
    ]
    operations = [
        *(replace(path, "72 30 41 17") for path in paths),
        *(replace(name, sign) for name in ("title", "displayName", "userName", "externalId")),
        {"op": "replace", "value": {"title": sign}},
        {"op": "replace", "value": {sign: "x"}},
        replace("emails", [{"type": sign, "value": "a@b.example"}]),
        replace("emails", [{"type": "work", "value": f"a{sign}@b.example"}]),
    ]
    for operation in operations:
        answer = directory.patch(f"Users/{made['id']}", operation)
        assert answer.status_code in (200, 400), (operation, answer.text)
        assert sign not in answer.text
    of_groups = [
        replace("displayName", sign),
        replace("externalId", sign),
        {"op": "add", "path": "members", "value": [{"value": sign}]},
        {"op": "remove", "path": f"members[value eq {escaped}]"},
    ]
    for operation in of_groups:
        answer = directory.patch(f"Groups/{group['id']}", operation)
        assert answer.status_code in (200, 204, 400), (operation, answer.text)
    for path in ("Users/%00", "Groups/%00", "Users/1%00", "Schemas/%00"):
        assert directory.get(path).status_code == 404
    for name in ("sortBy", "attributes", "excludedAttributes", "startIndex", "sortOrder"):
        assert directory.get("Users", **{name: "\x00"}).status_code in (200, 400), name
    shown = directory.get(f"Users/{made['id']}").json()
    assert shown["userName"] == made["userName"]
