"""Sending mail: by SMTP, or into files where there is no mail server."""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid
from pathlib import Path
from uuid import uuid4

from app.settings import Settings

_log = logging.getLogger(__name__)
_WITHIN = 20
"""Seconds that the mail server gets for each of its answers."""


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    locale: str = "da"


def send(settings: Settings, mail: Mail, *, now: datetime) -> None:
    """Hands the mail over. Where that cannot be done, the log says why, without the address."""
    message = _message(settings, mail, now)
    try:
        if settings.smtp_host:
            _by_smtp(settings, message)
        else:
            _into_a_file(settings.mail_dir, message, now)
    except (OSError, smtplib.SMTPException) as error:
        _log.error("A mail could not be sent: %s", type(error).__name__)


def kept(folder: Path, *, most: int) -> list[EmailMessage]:
    """The mails that were kept in files, newest first."""
    found = sorted(folder.glob("*.eml"), reverse=True)[:most]
    return [_read(path) for path in found]


def _message(settings: Settings, mail: Mail, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"Gavebordet <{settings.mail_from}>"
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.locale
    message.set_content(mail.text)
    return message


def _by_smtp(settings: Settings, message: EmailMessage) -> None:
    host, port, secure = settings.smtp_host, settings.smtp_port, ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_WITHIN, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=_WITHIN)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=secure)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        server.send_message(message)


def _into_a_file(folder: Path, message: EmailMessage, now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    earlier = sum(1 for _ in folder.glob("*.eml"))
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{earlier:06}-{uuid4().hex[:8]}.eml"
    path.write_bytes(message.as_bytes())


def _read(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
