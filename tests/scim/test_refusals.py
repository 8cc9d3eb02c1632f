"""Only a key for it opens SCIM, and nothing that comes in that way is trusted."""

import re

import pytest
from fastapi.routing import APIRoute

from app.people.keys import Scope
from app.scim.routers import SCIM
from tests.scim.conftest import CPR, refusal, user

ROUTES = [
    (method, re.sub(r"\{\w+\}", "7", route.path))
    for router in SCIM
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_gets_in_without_a_key_for_it(client, holding, make, method, path):
    body = {} if method in {"POST", "PUT", "PATCH"} else None
    chief = make.person(role="administrator secretariat")
    others = holding(make.key(chief, Scope.READ, Scope.WRITE, Scope.ADMIN))

    assert path.startswith("/scim/v2/")
    unknown = client.request(method, path, json=body)
    assert refusal(unknown) == (401, None)
    assert unknown.headers["WWW-Authenticate"] == "Bearer"
    assert refusal(others.request(method, path, json=body)) == (403, None)


def test_a_wrong_method_says_which_are_right(directory):
    assert directory.delete("Users").headers["Allow"] == "GET, HEAD, POST"
    assert directory.post("Users/7", {}).headers["Allow"] == "GET, HEAD, PUT, PATCH, DELETE"


def test_a_key_for_scim_opens_nothing_else(holding, make):
    client = holding(make.key(make.administrator(), Scope.SCIM))

    assert client.get("/api/v1/people").status_code == 403
    assert client.post("/api/v1/people", json={"name": "Ny"}).status_code == 403
    assert client.get("/scim/v2/Users").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "Nothing", 404),
        ("GET", "Users/7/photo", 404),
        ("GET", "Me", 404),
        ("POST", "ServiceProviderConfig", 405),
        ("DELETE", "Users", 405),
        ("GET", "Schemas/urn:nothing", 404),
        ("GET", "ResourceTypes/Nothing", 404),
        ("GET", "Users/4711", 404),
        ("GET", "Users/1-1", 404),
        ("GET", "Users/01", 404),
        ("GET", "Users/99999999999999999999", 404),
        ("GET", "Users/7%20OR%201=1", 404),
        ("GET", "Groups/1-1", 404),
        ("GET", "Groups/x", 404),
        ("GET", "Users?count=x", 400),
        ("GET", "Users?attributes=a%20b", 400),
        ("GET", "Users?sortOrder=up&sortBy=id", 400),
    ],
)
def test_every_refusal_is_said_in_scim(directory, method, path, status):
    assert refusal(directory.request(method, path))[0] == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"a":' * 20_000,
        b'{"schemas": "x", "userName": "a"}',
        b'{"schemas": ["urn:x"], "userName": "a"}',
        b'{"userName": ["a"]}',
        b'{"userName": {"a": NaN}}',
        b"{}",
    ],
)
@pytest.mark.parametrize("kind", ["application/scim+json", "text/plain"])
def test_a_body_that_is_no_person_is_refused(directory, body, kind):
    headers = {"Content-Type": kind}
    for method, path in (("POST", "Users"), ("PUT", "Users/7"), ("PATCH", "Users/7")):
        sent = directory.client.request(method, f"/scim/v2/{path}", content=body, headers=headers)
        status, _ = refusal(sent)
        assert status in {400, 404}


def test_a_body_that_is_too_large_is_not_read(directory):
    members = [{"value": str(number)} for number in range(60_000)]
    assert refusal(directory.post("Groups", {"displayName": "A", "members": members}))[0] == 413


def test_thousands_of_members_are_looked_up_together(directory, make):
    some = [str(make.person().id) for _ in range(1200)]
    group = directory.group(*some)
    path = f"Groups/{group['id']}"
    assert len(directory.get(path).json()["members"]) == 1200

    refused = directory.put(
        path, {"displayName": "A", "members": [{"value": one} for one in [*some, "4711999"]]}
    )

    assert refusal(refused) == (400, "invalidValue")
    assert directory.put(path, {"displayName": "A"}).is_success
    assert "members" not in directory.get(path).json()


@pytest.mark.parametrize("host", ["evil.example/x", "a b", "[", "a@b", ""])
def test_an_address_is_not_made_of_just_anything(directory, host):
    answer = directory.request("GET", "ServiceProviderConfig", headers={"Host": host})

    assert answer.json()["meta"]["location"] == "/scim/v2/ServiceProviderConfig"
    assert answer.headers["Content-Location"] == "/scim/v2/ServiceProviderConfig"


def test_refusals_are_told_in_both_languages(directory):
    danish = directory.post("Users", user(title=CPR), headers={"Accept-Language": "da"})
    english = directory.post("Users", user(title=CPR), headers={"Accept-Language": "en"})

    assert danish.json()["detail"].startswith("title: Ved tegn nr. 1 står noget")
    assert english.json()["detail"].startswith("title: At character no. 1")
