"""A certificate of the tests' own, for what only goes over TLS."""

import base64
import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class Certificate:
    """Files: whom to trust, and what a server at the names shows and keeps to itself."""

    authority: Path
    chain: Path
    key: Path

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    @property
    def fingerprint(self) -> str:
        """Of its public key, as Chromium is told to trust it."""
        certificate = x509.load_pem_x509_certificate(self.chain.read_bytes())
        public = certificate.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(hashlib.sha256(public).digest()).decode()


def certificate_for(*names: str, folder: Path) -> Certificate:
    authority = trustme.CA()
    shown = authority.issue_cert(*names)
    made = Certificate(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(made.authority)
    shown.private_key_pem.write_to_path(made.key)
    for number, each in enumerate(shown.cert_chain_pems):
        each.write_to_path(made.chain, append=number > 0)
    return made
