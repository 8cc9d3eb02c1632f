"""The real identity provider as a process on loopback, started and stopped by the tests."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from app.oidc_settings import OidcSettings
from tests.provider import install

ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "signe": {
        "name": "Signe Aaskov",
        "email": "signe@lindborg.example",
        "email_verified": True,
        "roles": ["Gavebord-Sekretariat"],
        "locale": "da-DK",
    },
    "mads": {"name": "Mads Holt", "email": "mads@lindborg.example", "email_verified": False},
}
BACK = "http://127.0.0.1:9/sign-in/back"
SIGNED_OUT = "http://127.0.0.1:9/signed-out"
SECRET = "små: 100% / +tegn?".encode("ascii", "ignore").decode()
"""With all that must be encoded before it is put in a header."""


@dataclass(frozen=True)
class RealProvider:
    """Where it is, and as whom Gavebordet is registered with it."""

    issuer: str
    client_id: str
    client_secret: str

    def settings(self, **over: Any) -> OidcSettings:
        fields = {
            "oidc_issuer": self.issuer,
            "oidc_client_id": self.client_id,
            "oidc_client_secret": self.client_secret,
            **over,
        }
        return OidcSettings(_env_file=None, **fields)

    def make_new_keys(self) -> None:
        """It forgets the old ones, and who is signed in."""
        httpx.post(f"{self.issuer}/test/new-keys", timeout=60).raise_for_status()


@contextmanager
def provider(
    *,
    redirect_uris: Sequence[str] = (BACK,),
    post_logout_redirect_uris: Sequence[str] = (SIGNED_OUT,),
    logout_uri: str | None = None,
    accounts: Mapping[str, Mapping[str, Any]] = ACCOUNTS,
    auth_method: str = "client_secret_basic",
    algorithm: str = "RS256",
) -> Iterator[RealProvider]:
    """A provider of one's own; it ends with the block."""
    if not install.is_installed():
        install.install()
    secret = "" if auth_method == "none" else SECRET
    wishes = {
        "client_id": "gavebord",
        "client_secret": secret,
        "redirect_uris": list(redirect_uris),
        "post_logout_redirect_uris": list(post_logout_redirect_uris),
        "logout_uri": logout_uri,
        "accounts": accounts,
        "auth_method": auth_method,
        "algorithm": algorithm,
    }
    process = subprocess.Popen(
        ["node", "server.mjs"],
        cwd=install.HERE,
        env={**install.environment(), "PROVIDER": json.dumps(wishes)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
    reader.start()
    try:
        issuer = process.stdout.readline().strip()
        assert issuer, "".join(said)
        yield RealProvider(issuer, "gavebord", secret)
    finally:
        process.kill()
        process.wait()
        reader.join()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
