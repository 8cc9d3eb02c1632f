"""A directory that speaks SCIM, with a key of its own."""

from json import dumps

import pytest

from app.people.keys import Scope

MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CPR = "010203-1234"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


class Directory:
    """What the identity provider does: `directory.patch("Users/7", replace("title", "Leder"))`."""

    def __init__(self, client):
        self.client = client

    def request(self, method, path, json=None, **options):
        """JSON in ASCII, which can say what no text can."""
        content = None if json is None else dumps(json)
        kind = {"Content-Type": "application/scim+json", **options.pop("headers", {})}
        return self.client.request(
            method, f"/scim/v2/{path}", content=content, headers=kind, **options
        )

    def get(self, path, **params):
        return self.request("GET", path, params=params)

    def put(self, path, body, **options):
        return self.request("PUT", path, body, **options)

    def post(self, path, body, **options):
        return self.request("POST", path, body, **options)

    def patch(self, path, *operations, **options):
        body = {"schemas": [f"{MESSAGES}:PatchOp"], "Operations": list(operations)}
        return self.request("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def found(self, kind, wanted):
        """Ids of those that the filter finds."""
        answer = self.get(kind, filter=wanted)
        assert answer.status_code == 200, answer.text
        return [resource["id"] for resource in answer.json()["Resources"]]

    def user(self, **over):
        """A person that was made just now."""
        made = self.post("Users", user(**over))
        assert made.status_code == 201, made.text
        return made.json()

    def group(self, *members, **over):
        body = {"schemas": [GROUP], "displayName": "Ledere", **over}
        if members:
            body["members"] = [{"value": member} for member in members]
        made = self.post("Groups", body)
        assert made.status_code == 201, made.text
        return made.json()


def user(**over):
    return {
        "schemas": [USER],
        "userName": "signe@lindborg.example",
        "displayName": "Signe Aaskov",
        "emails": [{"type": "work", "value": "signe@lindborg.example", "primary": True}],
        "active": True,
        **over,
    }


def replace(path, value):
    return {"op": "replace", "path": path, "value": value}


def refusal(answer):
    """Status and SCIM's word for it, of an answer that is a refusal in every respect."""
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert body["schemas"] == [f"{MESSAGES}:Error"]
    assert body["status"] == str(answer.status_code)
    assert body["detail"]
    return answer.status_code, body.get("scimType")


@pytest.fixture
def directory(make, holding):
    holder = make.person(name="Kataloget")
    return Directory(holding(make.key(holder, Scope.SCIM)))
