"""Mail is handed to a real mail server; and one that cannot take it does no harm but in the log."""

import logging
import socket
import ssl
from dataclasses import replace

import pytest
from aiosmtpd.smtp import AuthResult

from app import mail
from app.mail import Mail
from app.settings import Settings
from tests.certificates import Certificate, certificate_for
from tests.conftest import NOON
from tests.hostile_mail import CLOSES, END, GREETING, HANGS, NEVER_ENDS, hostile
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
    settled = {"smtp_host": "localhost", "smtp_port": port, "smtp_security": "none"}
    settled |= {"mail_from": "gavebordet@lindborg.example", **more}
    return Settings(_env_file=None, **settled)


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

    must_say_why(caplog, "SMTPRecipientsRefused 550 5.1.1")


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
    must_say_why(caplog, "SMTPAuthenticationError 535 5.7.8")


LATER = [
    ({GREETING: HANGS}, "SMTPServerDisconnected"),
    ({GREETING: NEVER_ENDS}, "SMTPServerDisconnected"),
    ({GREETING: CLOSES}, "SMTPServerDisconnected"),
    ({GREETING: "421 4.3.2 Ida comes later"}, "SMTPConnectError 421 4.3.2"),
    ({GREETING: "554 Ida is not welcome"}, "SMTPConnectError 554"),
    ({"MAIL": "530 5.7.0 Who is Ida?"}, "SMTPSenderRefused 530 5.7.0"),
    ({"RCPT": "451 4.7.1 Ida is greylisted"}, "SMTPRecipientsRefused 451 4.7.1"),
    ({"RCPT": "421 4.7.1 Not Ida now"}, "SMTPRecipientsRefused 421 4.7.1"),
    ({"RCPT": HANGS}, "SMTPServerDisconnected"),
    ({"DATA": CLOSES}, "SMTPServerDisconnected"),
    ({"DATA": "451 4.3.0 Later"}, "SMTPDataError 451 4.3.0"),
    ({END: CLOSES}, "SMTPServerDisconnected"),
    ({END: HANGS}, "SMTPServerDisconnected"),
    ({END: "452 4.3.1 Ida's disk is full"}, "SMTPDataError 452 4.3.1"),
]
FOR_GOOD = [
    ({"RCPT": "550 5.1.1 <ida@lindborg.example> unknown"}, "SMTPRecipientsRefused 550 5.1.1"),
    ({END: "554 5.7.1 Ida wants no such mail"}, "SMTPDataError 554 5.7.1"),
    ({END: "550 ida@lindborg.example"}, "SMTPDataError 550"),
]


@pytest.mark.parametrize(("answers", "why"), LATER)
def test_what_may_go_better_the_next_time_is_not_final(answers, why, monkeypatch) -> None:
    assert refused(answers, monkeypatch) == (why, False)


@pytest.mark.parametrize(("answers", "why"), FOR_GOOD)
def test_what_the_server_would_say_again_is_final(answers, why, monkeypatch) -> None:
    assert refused(answers, monkeypatch) == (why, True)


def refused(answers, monkeypatch) -> tuple[str, bool]:
    monkeypatch.setattr(mail, "_WITHIN", 0.2)
    monkeypatch.setattr(mail, "_ALTOGETHER", 0.4)
    with hostile(**answers) as server, pytest.raises(mail.NotTaken) as not_taken:
        mail.deliver(settings(server.port, smtp_host="127.0.0.1"), WRITTEN, now=NOON)
    return not_taken.value.why, not_taken.value.is_final


@pytest.mark.parametrize("leave", [CLOSES, HANGS, "421 4.3.2 Bye"])
def test_a_mail_that_was_taken_is_taken_however_the_server_takes_leave(leave, monkeypatch) -> None:
    monkeypatch.setattr(mail, "_WITHIN", 0.2)
    with hostile(QUIT=leave) as server:
        mail.deliver(settings(server.port, smtp_host="127.0.0.1"), WRITTEN, now=NOON)
    assert len(server.mails) == 1


def test_a_mail_with_html_and_dates_arrives_whole() -> None:
    written = Mail(
        IDA,
        "Følg op på »Mødet«",
        "Hej Ida Ørsted" + " og" * 600,
        "en",
        html="<p>Hej Ida Ørsted</p>",
        key="digest.5",
        headers=[("References", "<handover.7@lindborg.example>")],
        calendar=b"BEGIN:VCALENDAR\r\nSUMMARY:M\xc3\xb8det\r\nEND:VCALENDAR\r\n",
    )
    with mailbox() as box:
        mail.deliver(settings(box.port), written, now=NOON)

    (arrived,) = box.mails
    assert arrived["Message-ID"] == "<digest.5@lindborg.example>"
    assert arrived["References"] == "<handover.7@lindborg.example>"
    assert arrived["Content-Language"] == "en"
    assert mail.text_of(arrived).strip() == written.text
    assert mail.text_of(arrived, "html").strip() == written.html
    (calendar,) = arrived.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params["method"] == "PUBLISH"
    assert calendar.get_content().replace("\r", "") == written.calendar.decode().replace("\r", "")


def test_a_domain_with_danish_letters_gets_its_mail_from_a_server_that_knows_none(tmp_path) -> None:
    written = replace(WRITTEN, to="per@køge.dk")
    ours = {"mail_from": "gavebordet@ærø.dk"}
    with mailbox(enable_SMTPUTF8=False) as box:
        mail.deliver(settings(box.port, **ours), written, now=NOON)
    in_a_file = settings(25, smtp_host="", data_dir=tmp_path, **ours)
    mail.deliver(in_a_file, written, now=NOON)
    for arrived in (*box.mails, *mail.kept(in_a_file.mail_dir, most=9)):
        assert arrived["To"] == "per@xn--kge-0na.dk"
        assert arrived["From"] == "Gavebordet <gavebordet@xn--r-3fa9c.dk>"
        assert arrived["Message-ID"].endswith("@xn--r-3fa9c.dk>")


@pytest.mark.parametrize("to", ["pær@koege.dk", "per@ø_ø.dk"])
def test_an_address_from_before_that_cannot_be_mailed_is_tried_once(to) -> None:
    with mailbox(enable_SMTPUTF8=False) as box, pytest.raises(mail.NotTaken) as not_taken:
        mail.deliver(settings(box.port), replace(WRITTEN, to=to), now=NOON)
    assert not_taken.value.is_final
    assert box.mails == []


def test_one_that_a_server_takes_all_the_same_is_sent_and_kept_whole(tmp_path) -> None:
    written = replace(WRITTEN, to="pær@koege.dk")
    with mailbox(enable_SMTPUTF8=True) as box:
        mail.deliver(settings(box.port), written, now=NOON)
    in_a_file = settings(25, smtp_host="", data_dir=tmp_path)
    mail.deliver(in_a_file, written, now=NOON)
    (path,) = in_a_file.mail_dir.glob("*.eml")
    assert "To: pær@koege.dk" in path.read_text("utf-8")
    assert len(box.mails) == 1


def test_a_mail_without_html_has_none() -> None:
    with mailbox() as box:
        mail.deliver(settings(box.port), WRITTEN, now=NOON)
    assert mail.text_of(box.mails[0], "html") == ""
    assert box.mails[0]["Content-Language"] == "da"


def test_a_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    kept = settings(25, smtp_host="", data_dir=tmp_path)
    monkeypatch.setattr(mail.os, "replace", full)
    with pytest.raises(mail.NotTaken) as not_taken:
        mail.deliver(kept, WRITTEN, now=NOON)
    monkeypatch.undo()
    assert (not_taken.value.why, not_taken.value.is_final) == ("OSError", False)
    assert mail.kept(kept.mail_dir, most=9) == []
    mail.deliver(kept, WRITTEN, now=NOON)
    assert [one["To"] for one in mail.kept(kept.mail_dir, most=9)] == [IDA]


def full(*_: object) -> None:
    raise OSError("No space left on device")


def must_say_why(caplog, why: str) -> None:
    """Nor does it tell of whom it was for."""
    (told,) = [one for one in caplog.records if one.name == "app.mail"]
    assert (told.levelno, told.getMessage()) == (
        logging.ERROR,
        f"A mail could not be sent: {why}",
    )
    assert "ida" not in caplog.text.casefold()
