"""A mail server on loopback that tells a test how far a mail has come, and waits with its answer
until it is let go; or answers as the test says."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.settings import Settings
from tests.hostile_mail import CLOSES, END, HANGS
from tests.processes import START_WITHIN, free_port

STEPS = ("EHLO", "MAIL", END, "QUIT")
"""Who is killed there has connected; has begun a mail; has sent it and heard nothing; has heard
yes."""


@dataclass
class Held:
    """The first who comes to a step. Those after it go on."""

    is_reached: threading.Event = field(default_factory=threading.Event)
    may_go: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        assert self.is_reached.wait(START_WITHIN), "nobody came so far"


@dataclass
class HeldMail:
    """`answers` are by whom a mail is for and at which step. `mails` are those that it had whole,
    whatever it said to them."""

    port: int = field(default_factory=lambda: free_port(Settings(_env_file=None)))
    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    _held: dict[str, Held] = field(default_factory=dict)

    @property
    def times(self) -> Counter[str]:
        """How often it had each mail, by its Message-ID."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    @contextmanager
    def holding(self, *steps: str) -> Iterator[list[Held]]:
        held = [self._held.setdefault(step, Held()) for step in steps]
        try:
            yield held
        finally:
            for one in held:
                one.may_go.set()

    # The names are aiosmtpd's.
    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        await self._reached("EHLO")
        return answers

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        await self._reached("MAIL")
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._answer(server, address, "RCPT")

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        self.mails.append(message_from_bytes(content, EmailMessage, policy=policy.default))
        await self._reached(END)
        return await self._answer(server, envelope.rcpt_tos[0], END)

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self._reached("QUIT")
        return "221 Bye"

    async def _reached(self, step: str) -> None:
        held = self._held.pop(step, None)
        if held is not None:
            held.is_reached.set()
            await asyncio.to_thread(held.may_go.wait)

    async def _answer(self, server: SMTP, address: str, step: str) -> str:
        answer = self.answers.get((address, step), "250 OK")
        if answer == HANGS:
            await asyncio.Event().wait()
        if answer == CLOSES:
            server.transport.abort()
        return answer


@contextmanager
def listening(mail: HeldMail) -> Iterator[HeldMail]:
    controller = Controller(mail, hostname="127.0.0.1", port=mail.port)
    controller.start()
    try:
        yield mail
    finally:
        controller.stop()
