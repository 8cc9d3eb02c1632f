"""What a message is signed with, by the specification of Standard Webhooks."""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook as Signer

PREFIX = "whsec_"
_BYTES = 32
FORMER_COUNTS_FOR = timedelta(hours=24)
"""How long the secret before still signs too, for the receiver to change over."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def new_message_id() -> str:
    return f"msg_{secrets.token_hex(16)}"


def headers_of(
    body: bytes, message_id: str, secrets_now: Sequence[str], *, at: datetime
) -> dict[str, str]:
    """With one signature for each secret, the newest first."""
    text, moment = body.decode(), at.astimezone(UTC)
    signatures = [Signer(secret).sign(message_id, moment, text) for secret in secrets_now]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
