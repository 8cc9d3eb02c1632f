"""A real mail server on loopback, which keeps what it is sent."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.settings import Settings
from tests.processes import free_port, wait_until


@dataclass
class Mailbox:
    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    was_secret: list[bool] = field(default_factory=list)
    knows_nobody: bool = False

    # The names are aiosmtpd's.
    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.knows_nobody:
            return f"550 5.1.1 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.was_secret.append(server.transport.get_extra_info("sslcontext") is not None)
        self.mails.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        return "250 OK"

    def link_to(self, address: str) -> str:
        """What stands in the newest mail to somebody, once it has come."""
        wait_until(lambda: any(mail["To"] == address for mail in self.mails))
        mail = [mail for mail in self.mails if mail["To"] == address][-1]
        found = re.search(r"https?://\S+", mail.get_content())
        assert found, mail
        return found[0]


@contextmanager
def mailbox(**options: Any) -> Iterator[Mailbox]:
    """Options are those of aiosmtpd: whether it has TLS, and whom it lets in."""
    kept = Mailbox(port=free_port(Settings(_env_file=None)))
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
