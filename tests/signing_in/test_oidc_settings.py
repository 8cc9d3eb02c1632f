"""Settings of single sign-on that cannot work stop the start, and say which and why."""

import pytest
from pydantic import ValidationError

from app.main import create_app
from app.oidc_settings import ROLE_WORDS, is_safe_address
from app.people.signed_in import Role
from app.rest.faults import sentence
from app.settings import Settings
from app.signing_in.provider import Provider

ISSUER = "https://login.lindborg.example/tenant/v2.0"


def faults(**fields: object) -> dict[str, str]:
    """What is said of each setting."""
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **fields)
    return {
        str(fault["loc"][0]): str(sentence(fault["type"], fault.get("ctx") or {}))
        for fault in refused.value.errors()
    }


def test_without_an_issuer_there_is_no_provider() -> None:
    assert create_app(Settings(_env_file=None)).state.provider is None
    given = Settings(_env_file=None, oidc_issuer=ISSUER, oidc_client_id="gavebord")
    assert isinstance(create_app(given).state.provider, Provider)


def test_an_issuer_without_a_client_is_named() -> None:
    assert faults(oidc_issuer=ISSUER) == {
        "oidc_client_id": "Den mangler, når GAVEBORD_OIDC_ISSUER er sat."
    }
    assert "oidc_client_id" in faults(oidc_issuer=ISSUER, oidc_client_id=" ")


@pytest.mark.parametrize(
    "address",
    [
        ISSUER,
        "https://adfs.lindborg.example/adfs",
        "http://localhost:8080/realms/x",
        "http://[::1]",
    ],
)
def test_an_issuer_is_over_https_or_on_this_machine(address: str) -> None:
    assert is_safe_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://login.lindborg.example",
        "http://localhost.lindborg.example",
        "https://",
        "https://signe:kode@login.lindborg.example",
        "https://login.lindborg.example/#a",
        "https://login.lindborg.example/a b",
        "https://login.lindborg.example/\n",
        "https://[login",
        "file:///etc/passwd",
        "login.lindborg.example",
    ],
)
def test_any_other_issuer_is_refused(address: str) -> None:
    assert list(faults(oidc_issuer=address, oidc_client_id="gavebord")) == ["oidc_issuer"]


def test_openid_is_always_asked_for() -> None:
    assert faults(oidc_scopes="profile email") == {"oidc_scopes": "Ordet openid skal være imellem."}


@pytest.mark.parametrize(
    "names",
    ["{", "[]", "7", '{"a": "king"}', '{"a": ["secretariat"]}', '{"a": {}}', "[" * 100_000],
    ids=lambda names: names[:20],
)
def test_role_names_lead_to_roles_that_there_are(names: str) -> None:
    assert faults(oidc_role_names=names) == {
        "oidc_role_names": "Skriv et JSON-objekt fra værdier af »claim« til roller. "
        "Rollerne er: administrator, auditor, secretariat."
    }


def test_role_names_are_read_from_json() -> None:
    given = Settings(_env_file=None, oidc_role_names='{"GB-Sekretariat": "secretariat"}')
    assert given.role_names == {"GB-Sekretariat": "secretariat"}
    assert Settings(_env_file=None).role_names == {}


def test_the_settings_know_all_roles() -> None:
    assert set(Role) == ROLE_WORDS


def test_the_secret_is_not_shown_with_the_settings() -> None:
    given = Settings(_env_file=None, oidc_client_secret="hemmelig")
    assert "hemmelig" not in repr(given)
