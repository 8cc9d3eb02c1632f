"""The directory finds people and groups by what it knows of them, page by page."""

import pytest

from tests.scim.conftest import MESSAGES, refusal


@pytest.fixture
def town(directory):
    """Ids by first name."""
    made = {
        "anna": directory.user(
            userName="Anna@lindborg.example",
            displayName="Anna Østergård",
            externalId="A1",
            emails=[{"value": "anna@lindborg.example"}],
            phoneNumbers=[{"value": "72 30 41 17", "type": "work"}],
        ),
        "bo": directory.user(
            userName="bo", displayName="Bo 100%", externalId="B1", emails=[], active=False
        ),
        "carla": directory.user(
            userName="carla", displayName="Carla", emails=[{"value": "c@lindborg.example"}]
        ),
    }
    return {name: resource["id"] for name, resource in made.items()}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ('userName eq "ANNA@lindborg.example"', ["anna"]),
        ('USERNAME EQ "bo"', ["bo"]),
        ('externalId eq "A1"', ["anna"]),
        ('externalId eq "a1"', []),
        ('displayName eq "anna østergård"', ["anna"]),
        ('displayName eq "ANNA ØSTERGÅRD"', ["anna"]),
        ('displayName eq "Bo 100%"', ["bo"]),
        ('displayName eq "Anna"', []),
        ('emails[type eq "work"].value eq "anna@lindborg.example"', ["anna"]),
        ('emails[type eq "work" and value eq "Anna@lindborg.example"]', ["anna"]),
        ('emails[type eq "home"].value eq "anna@lindborg.example"', []),
        ('emails.value eq "c@lindborg.example"', ["carla"]),
        ('emails eq "c@lindborg.example"', ["carla"]),
        ('phoneNumbers[type eq "work"].value eq "72 30 41 17"', ["anna"]),
        ("phoneNumbers pr", ["anna"]),
        ("active eq false", ["bo"]),
        ('active eq "False"', ["bo"]),
        ("active ne true", ["bo"]),
        ('userName sw "c" or externalId eq "B1"', ["bo", "carla"]),
        ('userName co "NA@" and active eq true', ["anna"]),
        ('userName ew "100%"', []),
        ('userName co "%"', []),
        ('userName sw "b" and not (active eq true)', ["bo"]),
        ('externalId pr and not (userName eq "bo")', ["anna"]),
        ('externalId eq null and userName eq "carla"', ["carla"]),
        ('externalId ne null and userName eq "bo"', ["bo"]),
        ('externalId ne "A1" and (userName eq "bo" or userName sw "anna")', ["bo"]),
        ('id eq "0"', []),
        ('userName eq "x\' OR 1=1 --"', []),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bo"', ["bo"]),
    ],
)
def test_people_are_found_as_they_should_be(directory, town, wanted, names):
    assert directory.found("Users", wanted) == [town[name] for name in names]


def test_somebody_is_found_by_id(directory, town):
    assert directory.found("Users", f'id eq "{town["bo"]}"') == [town["bo"]]


@pytest.mark.parametrize(
    "wanted",
    [
        "userName",
        'userName eq "',
        'nickName eq "x"',
        'title eq "Leder"',
        'displayName co "a"',
        'meta.lastModified gt "2026-01-01T00:00:00Z"',
        'userName gt "a"',
        "active gt true",
        'emails[primary eq true].value eq "x"',
        "(" * 500 + "userName pr",
        "not (" * 300 + "userName pr" + ")" * 300,
        'userName eq "' + "a" * 2000 + '"',
        "userName eq 1e999",
    ],
)
def test_what_cannot_be_found_is_refused_and_never_guessed_at(directory, wanted):
    refused = refusal(directory.get("Users", filter=wanted))

    assert refused == (400, "invalidFilter")


def test_groups_are_found_by_name_id_and_member(directory, town):
    one = directory.group(town["anna"], displayName="Ledere på Ø", externalId="g1")["id"]
    two = directory.group(displayName="Andre")["id"]

    assert directory.found("Groups", 'displayName eq "LEDERE PÅ Ø"') == [one]
    assert directory.found("Groups", 'displayName sw "a"') == [two]
    assert directory.found("Groups", 'externalId eq "g1"') == [one]
    assert directory.found("Groups", f'id eq "{two}"') == [two]
    for wanted in ('id eq "x"', 'id eq "٣"', 'members eq "x"', f'members eq "{town["bo"]}"'):
        assert directory.found("Groups", wanted) == []
    for wanted in ('members eq "%s"', 'members.value eq "%s"', 'members[value eq "%s"]'):
        assert directory.found("Groups", f'id eq "{one}" and {wanted % town["anna"]}') == [one]


def test_pages_are_counted_from_one(directory, town):
    def page(**params):
        body = directory.get("Users", filter="externalId pr or userName pr", **params).json()
        ids = [resource["id"] for resource in body["Resources"]]
        assert body["itemsPerPage"] == len(ids)
        return body["startIndex"], body["totalResults"], ids

    _, total, everybody = page()

    assert total == len(everybody)
    assert page(startIndex=2, count=2) == (2, total, everybody[1:3])
    assert page(startIndex=-7, count=1) == (1, total, everybody[:1])
    assert page(startIndex=total + 1) == (total + 1, total, [])
    assert page(count=0) == (1, total, [])
    assert page(count=-1) == (1, total, [])
    assert page(startIndex=10**30, count=10**30)[2] == []


def test_people_are_sorted_and_those_without_come_last(directory, town):
    def order(**params):
        body = directory.get("Users", filter='userName ne "kataloget"', **params).json()
        known = {resource_id: name for name, resource_id in town.items()}
        return [known[one["id"]] for one in body["Resources"] if one["id"] in known]

    assert order(sortBy="userName") == ["anna", "bo", "carla"]
    assert order(sortBy="externalId", sortOrder="descending") == ["carla", "bo", "anna"]
    assert order(sortBy="externalId") == ["anna", "bo", "carla"]
    assert order(sortBy="emails.value")[:2] == ["anna", "carla"]
    assert refusal(directory.get("Users", sortBy="title")) == (400, "invalidPath")
    assert refusal(directory.get("Users", sortBy="nothing")) == (400, "invalidPath")


def test_only_what_is_asked_for_is_shown(directory, town):
    path = f"Users/{town['anna']}"
    few = directory.get(path, attributes="userName,emails.value").json()
    most = directory.get(path, excludedAttributes="emails, displayName").json()
    listed = directory.get("Users", attributes="displayName").json()["Resources"]

    assert few.keys() == {"schemas", "id", "userName", "emails"}
    assert few["emails"] == [{"value": "anna@lindborg.example"}]
    assert not {"emails", "displayName"} & most.keys()
    assert all(one.keys() == {"schemas", "id", "displayName"} for one in listed)
    both = directory.get(path, attributes="userName", excludedAttributes="emails")
    assert refusal(both) == (400, "invalidValue")


def test_the_same_is_asked_for_in_a_body(directory, town):
    sent = {"schemas": [f"{MESSAGES}:SearchRequest"], "filter": 'userName eq "bo"', "count": 1}

    found = directory.post("Users/.search", sent)
    groups = directory.post("Groups/.search", {**sent, "filter": 'displayName eq "bo"'})

    assert [one["id"] for one in found.json()["Resources"]] == [town["bo"]]
    assert groups.json()["totalResults"] == 0
    assert refusal(directory.post(".search", sent)) == (501, None)
    assert refusal(directory.post("Bulk", {})) == (501, None)
