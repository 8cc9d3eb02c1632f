"""What a provider says is read as it is written, and as far as it can be used."""

from typing import Any

import pytest

from app.signing_in.said import Said, said


def of(claims: dict[str, Any], *, roles_claim: str = "roles", trusts_mail: bool = False) -> Said:
    return said(claims, roles_claim=roles_claim, trusts_mail=trusts_mail)


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("roles", {"roles": ["a", "b"]}),
        ("roles", {"roles": ["a", 7, None, {"c": 1}, "b"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["b", "a"]}}),
        ("https://lindborg.example/roles", {"https://lindborg.example/roles": ["a", "b"]}),
    ],
)
def test_roles_are_found_where_the_settings_say(path: str, claims: dict[str, Any]) -> None:
    assert of(claims, roles_claim=path).roles == {"a", "b"}


def test_a_single_role_may_be_a_text() -> None:
    assert of({"roles": "GB Sekretariat"}).roles == {"GB Sekretariat"}


@pytest.mark.parametrize("claims", [{}, {"a": 1}, {"a": {"b": 7}}, {"a": None}, {"a": []}])
def test_a_claim_that_is_not_there_gives_no_roles(claims: dict[str, Any]) -> None:
    assert of(claims, roles_claim="a.b").roles == set()


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Signe Aaskov", "given_name": "S"}, "Signe Aaskov"),
        ({"given_name": "Signe", "family_name": "Aaskov"}, "Signe Aaskov"),
        ({"family_name": "Aaskov", "given_name": 7}, "Aaskov"),
        ({"name": "x" * 300, "preferred_username": "signe"}, "signe"),
        ({"name": ["Signe"], "email": "signe@lindborg.example"}, "signe@lindborg.example"),
        ({"name": "  Signe  "}, "Signe"),
        ({}, None),
    ],
)
def test_a_name_is_found_among_what_there_is(claims: dict[str, Any], name: str | None) -> None:
    assert of(claims).name == name


@pytest.mark.parametrize("mail", [7, None, "signe", "a b@c.dk", ["a@b.dk"], "x" * 300 + "@b.dk"])
def test_what_is_no_mail_address_is_none(mail: object) -> None:
    found = of({"email": mail, "email_verified": True}, trusts_mail=True)
    assert (found.mail, found.has_unproven_mail) == (None, False)


def test_only_the_mail_that_is_called_verified_is() -> None:
    found = of({"preferred_username": "signe@lindborg.example", "email_verified": True})
    assert (found.mail, found.has_unproven_mail) == (None, True)


@pytest.mark.parametrize(
    ("locale", "ours"), [("en-US", "en"), ("da", "da"), ("fr", "da"), (7, "da")]
)
def test_the_language_is_one_of_ours(locale: object, ours: str) -> None:
    assert of({"locale": locale}).locale == ours
