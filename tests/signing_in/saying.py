"""What a provider has said, and has been checked already."""

from collections.abc import Callable
from typing import Any

from app.signing_in.carried import Claims

ISSUER = "https://login.lindborg.example"
MAIL = "signe@lindborg.example"
Set = Callable[..., None]


def claims(subject: str = "s-7", **said: Any) -> Claims:
    return Claims(ISSUER, subject, None, "token", {"sub": subject, **said})


def verified(subject: str = "s-7", *, mail: str = MAIL, **said: Any) -> Claims:
    return claims(subject, email=mail, email_verified=True, **said)
