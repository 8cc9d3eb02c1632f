"""In production: behind a reverse proxy with TLS, as docs/operations.md sets it up."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Playwright

from app.clock import now
from app.db import Database
from app.migrating import migrate
from app.settings import Settings
from tests.browser.conftest import FLAGS, chromium_program
from tests.browser.looks import must_look_right
from tests.browser.window import Window, opened
from tests.certificates import Certificate, certificate_for
from tests.mailbox import Mailbox, mailbox
from tests.make import Make
from tests.node.install import HERE as NODE
from tests.node.install import PACKAGES, node
from tests.processes import caddy, documented_site, free_port, servers
from tests.server import command

NAME = "gavebordet.lindborg.example"
IDA = "ida@lindborg.example"


@dataclass(frozen=True)
class Production:
    """Reached as https://gavebordet.lindborg.example by whoever is told of the ports."""

    certificate: Certificate
    plain_port: int
    secure_port: int
    behind: str
    mails: Mailbox


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    settings = Settings(data_dir=folder, _env_file=None)
    certificate = certificate_for(NAME, folder=folder)
    _with_somebody_in_it(settings)
    with mailbox() as mails:
        environment = {
            "GAVEBORD_MODE": "production",
            "GAVEBORD_PUBLIC_URL": f"https://{NAME}",
            "GAVEBORD_SMTP_HOST": "127.0.0.1",
            "GAVEBORD_SMTP_PORT": str(mails.port),
            "GAVEBORD_SMTP_SECURITY": "none",
        }
        with servers(settings, folder, count=1, **environment) as (server,):
            plain, secure = free_port(settings), free_port(settings)
            site = _with_tls(documented_site([server.address]), certificate, plain, secure)
            with caddy(site, folder, address=f"http://127.0.0.1:{plain}"):
                yield Production(certificate, plain, secure, server.address, mails)


def _with_somebody_in_it(settings: Settings) -> None:
    database = Database(settings)
    migrate(database)
    with database.writing() as session:
        Make(session, now=now()).person(name="Ida Holm", mail=IDA)
    database.close()


def _with_tls(site: str, certificate: Certificate, plain: int, secure: int) -> str:
    ports = f"admin off\n\thttp_port {plain}\n\thttps_port {secure}\n\tdefault_bind 127.0.0.1"
    tls = f"{NAME} {{\n\ttls {certificate.chain} {certificate.key}"
    return site.replace("admin off", ports).replace("gavebord.kommune.example {", tls)


@pytest.fixture
def secure_window(playwright: Playwright, production: Production) -> Iterator[Window]:
    """Chromium that finds the name on loopback, and trusts this one certificate."""
    flags = [
        *(flag for flag in FLAGS if "resolver" not in flag),
        f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{production.secure_port},"
        f"MAP {NAME}:80 127.0.0.1:{production.plain_port}",
        f"--ignore-certificate-errors-spki-list={production.certificate.fingerprint}",
    ]
    with (
        playwright.chromium.launch(executable_path=chromium_program(), args=flags) as browser,
        opened(browser, f"https://{NAME}") as window,
    ):
        yield window


def test_somebody_signs_in_over_https_with_a_cookie_that_no_other_site_can_set(
    secure_window, production
):
    window = secure_window
    window.go("/sign-in")
    assert window.page.get_by_text("Udviklingstilstand").count() == 0
    window.write("Din arbejdsmail", IDA)
    window.press("Send mig et link")
    link = production.mails.link_to(IDA)
    assert link.startswith(f"https://{NAME}/sign-in/link?token=")
    window.go(link.removeprefix(window.host))
    with window.page.expect_response(lambda one: one.request.method == "POST") as caught:
        window.press("Log ind")

    window.must_say("Hej %(name)s", name="Ida Holm")
    sent = caught.value.all_headers()["set-cookie"]
    assert sent.startswith("__Host-gavebord=")
    assert set(sent.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}
    (cookie,) = window.context.cookies()
    assert (cookie["name"], cookie["domain"], cookie["secure"]) == ("__Host-gavebord", NAME, True)
    must_look_right(window, "production-home")
    window.press("Log ud")
    assert window.context.cookies() == []
    assert window.page.goto(f"http://{NAME}/sign-in").url == f"https://{NAME}/sign-in"


def test_every_answer_tells_browsers_to_stay_on_https(production):
    with httpx.Client(verify=production.certificate.trusting(), timeout=30) as client:
        for path in ("/sign-in", "/no-such-page", "/me/sessions"):
            answer = client.get(
                f"https://127.0.0.1:{production.secure_port}{path}",
                headers={"Host": NAME, "Accept": "text/html"},
                extensions={"sni_hostname": NAME},
            )
            told = answer.headers.get("Strict-Transport-Security", "")
            assert int(told.removeprefix("max-age=").split(";")[0] or 0) >= 31_536_000, path


@pytest.mark.parametrize(("trusted", "status"), [("127.0.0.1", 303), ("192.0.2.7", 403)])
def test_only_a_proxy_that_is_trusted_can_say_that_it_was_https(tmp_path, trusted, status):
    """A form of the https page is ours where the request was https, and somebody's where not."""
    port = str(free_port(Settings(data_dir=tmp_path, _env_file=None)))
    words = ("run", "--port", port)
    told = {"GAVEBORD_TRUSTED_PROXIES": trusted, "GAVEBORD_HOSTS": NAME}
    with command(*words, data_dir=tmp_path, **told) as (address, _):
        answer = httpx.post(
            f"{address}/sign-in/links",
            data={"mail": IDA},
            headers={"Host": NAME, "Origin": f"https://{NAME}", "X-Forwarded-Proto": "https"},
            timeout=30,
        )
    assert answer.status_code == status


def test_the_observatory_of_mdn_gives_the_best_grade(production):
    """Its own scan, with its own scoring. Only the way to the host is ours: the name is found on
    loopback, and its ports 80 and 443 at those that the test has."""
    ports = {"80": production.plain_port, "443": production.secure_port}
    scan = subprocess.run(
        [
            node(),
            "--import",
            (NODE / "connect_here.mjs").as_uri(),
            PACKAGES / "@mdn" / "mdn-http-observatory" / "src" / "scan.js",
            NAME,
        ],
        env={
            "PORTS_HERE": json.dumps(ports),
            "NODE_EXTRA_CA_CERTS": str(production.certificate.authority),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert scan.returncode == 0, scan.stdout + scan.stderr
    report = json.loads(scan.stdout)
    failed = {name: test["result"] for name, test in report["tests"].items() if not test["pass"]}
    assert failed == {}
    assert (report["scan"]["grade"], report["scan"]["score"]) == ("A+", 130)
