"""The directory makes groups, and people come and go in them."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.scim import patches
from tests.scim.conftest import GROUP, refusal, replace

MEMBER = "members"


def add(*members):
    return {"op": "Add", "path": MEMBER, "value": [{"value": member} for member in members]}


def remove(*members):
    return {"op": "Remove", "path": MEMBER, "value": [{"value": member} for member in members]}


@pytest.fixture
def three(make):
    return [str(make.person().id) for _ in range(3)]


def in_group(directory, group):
    body = directory.get(f"Groups/{group['id']}").json()
    return [member["value"] for member in body.get("members", [])]


def test_a_group_is_made_with_its_members(directory, session, three):
    made = directory.group(*three, externalId="g1")

    assert made["members"][0] == {
        "value": three[0],
        "$ref": f"http://testserver/scim/v2/Users/{three[0]}",
        "type": "User",
    }
    assert in_group(directory, made) == three
    changed = session.exec(select(Event).where(Event.type == "group.changed")).one()
    assert changed.data["added"] == [int(one) for one in three]


@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([lambda a, b, c: add(c)], "abc"),
        ([lambda a, b, c: add(a, c), lambda a, b, c: remove(b)], "ac"),
        ([lambda a, b, c: remove(a), lambda a, b, c: remove(c)], "b"),
        ([lambda a, b, c: {"op": "remove", "path": f'members[value eq "{a}"]'}], "b"),
        (
            [
                lambda a, b, c: {
                    "op": "remove",
                    "path": f'members[value eq "{a}" or value eq "{b}"]',
                }
            ],
            "",
        ),
        ([lambda a, b, c: {"op": "remove", "path": "members"}], ""),
        ([lambda a, b, c: replace("members", [{"value": c}])], "c"),
        ([lambda a, b, c: replace("members", [])], ""),
        ([lambda a, b, c: {"op": "add", "value": {"members": [{"value": c}]}}], "abc"),
        ([lambda a, b, c: {"op": "replace", "value": {"MEMBERS": [{"value": c}]}}], "c"),
        ([lambda a, b, c: {"op": "add", "path": "members", "value": {"value": c}}], "abc"),
        (
            [lambda a, b, c: {"op": "add", "path": f"{GROUP}:members", "value": [{"value": c}]}],
            "abc",
        ),
        ([lambda a, b, c: remove("4711", "x")], "ab"),
        ([lambda a, b, c: replace("displayName", "Ledere")], "ab"),
    ],
)
def test_people_come_and_go_in_every_way_that_clients_say_it(directory, three, operations, left):
    group = directory.group(*three[:2])
    ids = dict(zip("abc", three, strict=True))

    patched = directory.patch(f"Groups/{group['id']}", *(each(*three) for each in operations))

    assert patched.status_code == 200, patched.text
    assert in_group(directory, group) == [ids[one] for one in left]


@pytest.mark.parametrize(
    "operations",
    [
        lambda a, b: [add(b), remove(b)],
        lambda a, b: [remove(a), add(a)],
        lambda a, b: [replace("members", []), add(b)],
        lambda a, b: [{"op": "remove", "path": "members"}, add(b)],
        lambda a, b: [replace("displayName", "En"), replace("displayName", "To")],
        lambda a, b: [replace("displayName", "En"), {"op": "add", "value": {"DisplayName": "To"}}],
    ],
)
def test_changes_that_contradict_each_other_are_refused_whole(directory, three, operations):
    group = directory.group(three[0])

    refused = directory.patch(f"Groups/{group['id']}", *operations(*three[:2]))

    assert refusal(refused) == (400, "invalidValue")
    assert directory.get(f"Groups/{group['id']}").json() == group


def test_what_is_taken_away_and_then_set_is_replaced(directory):
    group = directory.group(externalId="g1")

    patched = directory.patch(
        f"Groups/{group['id']}",
        {"op": "remove", "path": "externalId"},
        {"op": "add", "path": "externalId", "value": "g2"},
    )

    assert patched.json()["externalId"] == "g2"


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (add("4711"), "invalidValue"),
        (add("x"), "invalidValue"),
        (add("1 OR 1=1"), "invalidValue"),
        ({"op": "add", "path": "members", "value": [{"value": 7}]}, "invalidValue"),
        ({"op": "add", "path": "members", "value": ["7"]}, "invalidValue"),
        (
            {"op": "add", "path": "members", "value": [{"value": "7", "type": "Group"}]},
            "invalidValue",
        ),
        ({"op": "add", "path": 'members[value eq "7"]', "value": {}}, "mutability"),
        (replace("members.value", "7"), "mutability"),
        ({"op": "remove", "path": 'members[type eq "User"]'}, "invalidFilter"),
        ({"op": "remove", "path": 'members[value sw "7"]'}, "invalidFilter"),
        ({"op": "remove", "path": "displayName"}, "mutability"),
        (replace("id", "7"), "mutability"),
        (replace("displayName", ""), "invalidValue"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "move", "path": "displayName"}, "invalidValue"),
        (replace("displayName[", "x"), "invalidPath"),
        (replace("members[" + "a" * 1000, "x"), "invalidPath"),
    ],
)
def test_what_a_group_cannot_be_made_is_refused(directory, three, operation, said):
    group = directory.group(three[0])

    refused = directory.patch(f"Groups/{group['id']}", operation)

    assert refusal(refused) == (400, said)
    assert directory.get(f"Groups/{group['id']}").json() == group


def test_a_patch_has_an_end(directory, monkeypatch):
    monkeypatch.setattr(patches, "MOST_OPERATIONS", 2)
    group = directory.group()

    refused = directory.patch(f"Groups/{group['id']}", *[replace("externalId", "a")] * 3)

    assert refusal(refused) == (400, "tooMany")
    assert directory.patch(f"Groups/{group['id']}", replace("externalId", "a")).is_success


def test_a_group_that_is_put_in_place_has_those_members_and_no_other(directory, three):
    group = directory.group(*three[:2], externalId="g1")
    path = f"Groups/{group['id']}"
    body = {"schemas": [GROUP], "displayName": "Ledelsen", "members": [{"value": three[2]}]}

    put = directory.put(path, body)

    assert (put.json()["displayName"], "externalId" in put.json()) == ("Ledelsen", False)
    assert in_group(directory, group) == three[2:]
    assert directory.put(path, {"schemas": [GROUP], "displayName": "L"}).is_success
    assert in_group(directory, group) == []


def test_a_group_whose_members_change_is_another_version(directory, three):
    group = directory.group(three[0])
    path, seen = f"Groups/{group['id']}", {"If-Match": group["meta"]["version"]}

    assert directory.patch(path, add(three[0]), headers=seen).headers["ETag"] == seen["If-Match"]
    assert directory.patch(path, add(three[1]), headers=seen).headers["ETag"] != seen["If-Match"]
    assert refusal(directory.patch(path, add(three[2]), headers=seen)) == (412, None)
    assert refusal(directory.delete(path, headers=seen)) == (412, None)


def test_members_are_left_out_where_nobody_asks_for_them(directory, three):
    group = directory.group(*three)
    path = f"Groups/{group['id']}"

    assert "members" not in directory.get(path, excludedAttributes="members").json()
    assert "members" not in directory.get(path, attributes="displayName").json()
    assert len(directory.get(path, attributes="members").json()["members"]) == 3
    assert len(directory.get(path, excludedAttributes="displayName").json()["members"]) == 3
    (listed,) = directory.get("Groups").json()["Resources"]
    assert len(listed["members"]) == 3


def test_two_groups_are_not_called_the_same(directory):
    directory.group(displayName="Ledere på Ø", externalId="g1")
    other = directory.group(displayName="Andre")

    name = {"schemas": [GROUP], "displayName": "LEDERE PÅ Ø"}
    same_id = {"schemas": [GROUP], "displayName": "Nye", "externalId": "g1"}

    for body in (name, same_id):
        assert refusal(directory.post("Groups", body)) == (409, "uniqueness")
        assert refusal(directory.put(f"Groups/{other['id']}", body)) == (409, "uniqueness")


def test_a_group_that_is_removed_is_gone_and_its_name_is_free(directory, three):
    group = directory.group(*three, externalId="g1")
    path = f"Groups/{group['id']}"

    assert directory.delete(path).status_code == 204

    for answer in (directory.get(path), directory.delete(path), directory.patch(path, add())):
        assert refusal(answer) == (404, None)
    assert directory.group(externalId="g1")["id"] != group["id"]
