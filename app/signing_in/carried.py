"""What is carried between the browser, the identity provider and the database. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Trip:
    """A browser's way to the provider and back: `state` goes there and comes back, `browser` stays
    in the browser's cookie, and the rest is kept here."""

    state: str = field(repr=False)
    browser: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    back_to: str


@dataclass(frozen=True)
class Answer:
    """What the browser brought back from the provider, as it stood in the address."""

    code: str | None = field(default=None, repr=False)
    error: str | None = None
    issuer: str | None = None

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Answer":
        return cls(parameters.get("code"), parameters.get("error"), parameters.get("iss"))


@dataclass(frozen=True)
class Claims:
    """What the provider says of somebody, once it has been checked that the provider said it.

    `session` is what the provider calls its own session, `id_token` the token as it came, and
    `all` everything that it says.
    """

    issuer: str
    subject: str
    session: str | None
    id_token: str = field(repr=False)
    all: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class LogoutNotice:
    """The provider's word that a session, or all of a person's, is over. It is good once, and
    cannot be used after `expires_at`."""

    issuer: str
    id: str
    subject: str | None
    session: str | None
    expires_at: datetime
