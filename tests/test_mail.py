"""Mail is handed to a real mail server; and one that cannot take it does no harm but in the log."""

import logging
import socket
import ssl

import pytest
from aiosmtpd.smtp import AuthResult

from app import mail
from app.mail import Mail
from app.settings import Settings
from tests.certificates import Certificate, certificate_for
from tests.conftest import NOON
from tests.mailbox import mailbox

IDA = "ida@lindborg.example"
WRITTEN = Mail(IDA, "Log ind på Gavebordet", "Hej Ida Ørsted\n\nHer er dit link.", "da")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Certificate:
    return certificate_for("localhost", folder=tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(certificate, monkeypatch) -> Certificate:
    """As an administrator has an authority of their own trusted: by OpenSSL's own setting."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    return certificate


def settings(port: int, **more) -> Settings:
    settled = {"smtp_host": "localhost", "smtp_port": port, "smtp_security": "none", **more}
    return Settings(_env_file=None, mail_from="gavebordet@lindborg.example", **settled)


def serving(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


def test_a_mail_arrives_as_it_was_written() -> None:
    with mailbox() as box:
        mail.send(settings(box.port), WRITTEN, now=NOON)

    (arrived,) = box.mails
    assert arrived["To"] == IDA
    assert arrived["From"] == "Gavebordet <gavebordet@lindborg.example>"
    assert arrived["Subject"] == "Log ind på Gavebordet"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Date"].datetime == NOON
    assert arrived["Message-ID"].endswith("@lindborg.example>")
    assert arrived.get_content().replace("\r\n", "\n").strip() == WRITTEN.text
    assert box.was_secret == [False]


def test_the_way_to_the_mail_server_is_kept_secret_and_so_is_the_password(trusted) -> None:
    tried = []

    def let_in(server, session, envelope, mechanism, who) -> AuthResult:
        tried.append((who.login, who.password))
        return AuthResult(success=who.password == b"right")

    tls = serving(trusted)
    with mailbox(
        tls_context=tls, require_starttls=True, auth_required=True, authenticator=let_in
    ) as box:
        known = settings(
            box.port, smtp_security="starttls", smtp_user="gavebordet", smtp_password="right"
        )
        mail.send(known, WRITTEN, now=NOON)

    assert box.was_secret == [True]
    assert tried == [(b"gavebordet", b"right")]


def test_tls_may_be_there_from_the_start(trusted) -> None:
    with mailbox(ssl_context=serving(trusted)) as box:
        mail.send(settings(box.port, smtp_security="tls"), WRITTEN, now=NOON)

    assert box.was_secret == [True]


def test_a_server_that_nobody_vouches_for_gets_no_mail(certificate, caplog) -> None:
    with mailbox(tls_context=serving(certificate), require_starttls=True) as box:
        mail.send(settings(box.port, smtp_security="starttls"), WRITTEN, now=NOON)

    assert box.mails == []
    must_say_why(caplog, "SSLCertVerificationError")


def test_a_server_without_tls_gets_no_mail_where_tls_is_asked_for(caplog) -> None:
    with mailbox() as box:
        mail.send(settings(box.port, smtp_security="starttls"), WRITTEN, now=NOON)

    assert box.mails == []
    must_say_why(caplog, "SMTPNotSupportedError")


def test_a_server_that_is_down_is_only_told_of_in_the_log(caplog) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    mail.send(settings(port, smtp_host="127.0.0.1"), WRITTEN, now=NOON)
    must_say_why(caplog, "ConnectionRefusedError")


def test_a_server_that_hangs_is_not_waited_for_long(caplog, monkeypatch) -> None:
    monkeypatch.setattr(mail, "_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mail.send(settings(port, smtp_host="127.0.0.1"), WRITTEN, now=NOON)

    must_say_why(caplog, "SMTPServerDisconnected")


def test_a_server_that_refuses_is_only_told_of_in_the_log(caplog) -> None:
    with mailbox() as box:
        box.knows_nobody = True
        mail.send(settings(box.port), WRITTEN, now=NOON)

    must_say_why(caplog, "SMTPRecipientsRefused")


def test_a_wrong_password_is_only_told_of_in_the_log(caplog, trusted) -> None:
    tls = serving(trusted)
    with mailbox(
        tls_context=tls, authenticator=lambda *_: AuthResult(success=False, handled=False)
    ) as box:
        known = settings(
            box.port, smtp_security="starttls", smtp_user="gavebordet", smtp_password="wrong"
        )
        mail.send(known, WRITTEN, now=NOON)

    assert box.mails == []
    must_say_why(caplog, "SMTPAuthenticationError")


def must_say_why(caplog, why: str) -> None:
    """Nor does it tell of whom it was for."""
    (told,) = [one for one in caplog.records if one.name == "app.mail"]
    assert (told.levelno, told.getMessage()) == (
        logging.ERROR,
        f"A mail could not be sent: {why}",
    )
    assert "ida" not in caplog.text.casefold()
