"""Sending mail: by SMTP, or into files where there is no mail server."""

import logging
import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.settings import Settings
from app.text import sendable

_log = logging.getLogger(__name__)
_WITHIN = 20
"""Seconds that the mail server gets for each of its answers."""
_ALTOGETHER = 60
"""Seconds that it gets for a mail: one that says a word at a time is not waited for either."""


@dataclass(frozen=True)
class Mail:
    """`html` says what `text` says. `key` is what the mail is known by: the same one sent again
    has the same. `headers` are those that other mails do not have."""

    to: str
    subject: str
    text: str
    locale: str = "da"
    html: str = ""
    key: str = ""
    headers: Sequence[tuple[str, str]] = ()
    calendar: bytes = b""


class NotTaken(Exception):
    """The mail server did not say that it has the mail. `why` names nobody. It `is_final` where the
    server would say the same of this mail the next time; and it `may_be_there` all the same where
    the server had been given it, and the line broke before it said a word."""

    def __init__(self, why: str, *, is_final: bool = False, may_be_there: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_final, self.may_be_there = why, is_final, may_be_there


def send(settings: Settings, mail: Mail, *, now: datetime) -> None:
    """Hands the mail over. Where that cannot be done, the log says why, without the address."""
    try:
        deliver(settings, mail, now=now)
    except NotTaken as not_taken:
        _log.error("A mail could not be sent: %s", not_taken.why)


def deliver(settings: Settings, mail: Mail, *, now: datetime) -> None:
    """Hands the mail over. NotTaken."""
    message = _message(settings, mail, now)
    try:
        if settings.smtp_host:
            _by_smtp(settings, message)
        else:
            _into_a_file(settings.mail_dir, message, now)
    except OSError as error:
        raise _not_taken(error, message) from error


def domain_of(settings: Settings) -> str:
    """Where our mail comes from."""
    return _from(settings).partition("@")[2] or "localhost"


def kept(folder: Path, *, most: int) -> list[EmailMessage]:
    """The mails that were kept in files, newest first."""
    found = sorted(folder.glob("*.eml"), reverse=True)[:most]
    return [_read(path) for path in found]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """What it says as text, or as `html`; empty where it does not."""
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _message(settings: Settings, mail: Mail, now: datetime) -> EmailMessage:
    to, domain = _to(mail.to), domain_of(settings)
    message = EmailMessage(policy=policy.SMTP if to.isascii() else policy.SMTPUTF8)
    message["From"] = f"Gavebordet <{_from(settings)}>"
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.key}@{domain}>" if mail.key else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers:
        message[name] = value
    # Long lines and what is not ASCII reach every server as they were written.
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar:
        message.add_attachment(
            mail.calendar.decode(),
            subtype="calendar",
            params={"method": "PUBLISH"},
            filename="gavebordet.ics",
            cte="base64",
        )
    # At the end: whoever sets what is in it, takes away what was said of that before.
    message["Content-Language"] = mail.locale
    return message


def _from(settings: Settings) -> str:
    return sendable(settings.mail_from) or settings.mail_from


def _to(address: str) -> str:
    sent_to = sendable(address)
    if sent_to is None:
        raise NotTaken("no domain can be called so", is_final=True)
    return sent_to


def _by_smtp(settings: Settings, message: EmailMessage) -> None:
    with _server(settings) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        try:
            server.send_message(message)
        except OSError as error:
            raise _not_taken(error, message, may_be_there=server.is_given) from error
        # It has the mail: how it takes leave does not matter.
        with suppress(OSError):
            server.quit()


class _Watched(smtplib.SMTP):
    """Hangs up by itself when the server takes too long altogether, and knows whether the server
    has begun to get the mail."""

    is_given = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.is_given = True
        return super().data(msg)

    def connect(self, *where: Any, **more: Any) -> tuple[int, bytes]:
        self._watch = threading.Timer(_ALTOGETHER, self._hang_up)
        self._watch.daemon = True
        self._watch.start()
        try:
            return super().connect(*where, **more)
        except BaseException:
            self._watch.cancel()
            raise

    def close(self) -> None:
        self._watch.cancel()
        super().close()

    def _hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                # Not as TLS does it, which asks the server to agree.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _WatchedTls(_Watched, smtplib.SMTP_SSL):
    """The same where TLS is there from the start."""


@contextmanager
def _server(settings: Settings) -> Iterator[_Watched]:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        secure = ssl.create_default_context()
        server: _Watched = _WatchedTls(host, port, timeout=_WITHIN, context=secure)
    else:
        server = _Watched(host, port, timeout=_WITHIN)
    try:
        yield server
    finally:
        server.close()


def _not_taken(error: OSError, message: EmailMessage, *, may_be_there: bool = False) -> NotTaken:
    """What a server says in words may name whom the mail is for: its numbers do not."""
    name = type(error).__name__
    match error:
        case smtplib.SMTPRecipientsRefused():
            (code, said), *_ = error.recipients.values()
            return NotTaken(f"{name} {_numbers(code, said)}", is_final=_is_for_good(code))
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=said):
            return NotTaken(f"{name} {_numbers(code, said)}", is_final=_is_for_good(code))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return NotTaken(f"{name} {_numbers(code, said)}")
        case smtplib.SMTPNotSupportedError():
            return NotTaken(name, is_final=not message["To"].isascii())
    return NotTaken(name, may_be_there=may_be_there)


def _numbers(code: int, said: bytes | str) -> str:
    """`550 5.1.1`."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    word, *_ = [*text.split(), ""]
    is_number = len(word) <= _LONGEST_NUMBER and word.replace(".", "").isdecimal() and "." in word
    return f"{code} {word}" if is_number else str(code)


def _is_for_good(code: int) -> bool:
    return code >= _FOR_GOOD


def _into_a_file(folder: Path, message: EmailMessage, now: datetime) -> None:
    """There whole, or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = sum(1 for _ in folder.glob("*.eml"))
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{earlier:06}-{uuid4().hex[:8]}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes())
    os.replace(unfinished, path)


def _read(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


_FOR_GOOD = 500
_LONGEST_NUMBER = 9
