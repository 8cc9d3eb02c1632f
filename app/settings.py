"""Every setting, with its default. Read from the environment (GAVEBORD_*) or a file: `.env`, or the
one that `gavebord --settings` names."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.changeable import ChangeableSettings
from app.look_settings import LookSettings
from app.oidc_settings import OidcSettings
from app.webhook_settings import WebhookSettings

_ORIGIN = re.compile(
    r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?/?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?/?"
)
_DATABASE = re.compile(r"sqlite:///.+|postgres(ql(\+psycopg)?)?://.+")


class Settings(OidcSettings, WebhookSettings, LookSettings, ChangeableSettings):
    """The names in the environment are these in capitals with GAVEBORD_ before them."""

    model_config = SettingsConfigDict(
        env_prefix="GAVEBORD_", env_file=".env", extra="ignore", frozen=True
    )

    mode: Literal["production", "development"] = Field(
        "production",
        description="`development` is for one machine: plain http, demo sign-in, mail in files.",
    )
    demo_sign_in: bool = Field(
        False, description="Anybody signs in as anybody; `gavebord run --demo` sets it."
    )
    public_url: str = Field(
        "", description="Where people find it, e.g. `https://gavebordet.lindborg.example`."
    )
    hosts: str = Field(
        "",
        description="Names it may be called by, by commas. Empty: that of the public URL; in"
        " development, those of the machine itself.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Addresses whose `X-Forwarded-For` and `-Proto` are believed, by commas.",
    )
    contact_phone: str = Field("", max_length=22, description="Whom they ring.")
    accessibility_statement: str = Field(
        "",
        max_length=400,
        description="Where the municipality's own accessibility statement is, as"
        " `https://was.digst.dk/…`; the page links to it.",
    )
    session_idle_hours: int = Field(
        12, ge=1, le=24 * 30, description="Hours without a click until one is signed out."
    )
    session_days: int = Field(
        7, ge=1, le=90, description="Days until one has to sign in again in any case."
    )
    smtp_host: str = Field("", description="Mail server. Empty: mail is kept in files, and shown.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to the mail server is kept secret."
    )
    smtp_user: str = Field("", description="Name at the mail server, if it asks for one.")
    smtp_password: SecretStr = Field(
        SecretStr(""), description="Password at the mail server, if it asks for one."
    )
    mail_from: str = Field(
        "gavebordet@localhost", description="Address that mail comes from.", max_length=200
    )
    data_dir: Path = Field(
        Path("data"), description="Where the SQLite file and the uploaded files are kept."
    )
    database_url: str = Field(
        "", description="SQLite file or PostgreSQL address. Empty: gavebord.db in the data folder."
    )
    postgresql_bin: str = Field(
        "", description="Folder of pg_dump and pg_restore. Empty: they are found on PATH."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    database_threads: int = Field(
        8, ge=1, le=64, description="PostgreSQL: requests that may use the database at a time."
    )
    busy_seconds: float = Field(
        5, gt=0, le=60, description="How long to wait for a turn at the database before a 503."
    )
    drain_seconds: float = Field(
        5,
        ge=0,
        le=300,
        description="PostgreSQL: how long to answer, as not ready, before a stop on SIGTERM.",
    )
    slow_seconds: float = Field(
        20,
        gt=0,
        le=600,
        description="How long a client may take to send a request, or to fetch its answer, while"
        " nothing moves.",
    )
    max_body_kib: int = Field(
        1024, ge=16, le=65536, description="Largest request body that is not an upload, in KiB."
    )
    max_upload_mib: int = Field(25, ge=1, le=500, description="Largest uploaded file, in MiB.")
    key_requests_a_minute: int = Field(
        6000, ge=60, le=10**9, description="How many requests one API key may make in a minute."
    )
    log_format: Literal["json", "text"] = Field(
        "json", description="Form of the lines in the log, which is on stderr."
    )
    log_requests: bool = Field(True, description="Whether each request is a line in the log.")
    trust_request_id: bool = Field(
        False,
        description="Whether a reverse proxy sets X-Request-Id. Else each request gets an id here.",
    )
    idempotency_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="How long an answer is kept for a repeated Idempotency-Key, in days.",
    )

    work_threads: int = Field(2, ge=1, le=32, description="Steps that a worker takes at a time.")
    work_lease_seconds: float = Field(
        60,
        ge=2,
        le=3600,
        description="How long another worker waits for one that has vanished, in seconds.",
    )

    group_roles: str = Field(
        "{}", description="JSON: the role that each group of the directory gives, by name or id."
    )

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        refusal = PydanticCustomError("database_url", "no address of a database")
        if value and not _DATABASE.fullmatch(value):
            raise refusal
        try:
            if value:
                make_url(value)
        except (ArgumentError, ValueError):
            raise refusal from None
        return value

    @field_validator("group_roles")
    @classmethod
    def _are_roles_by_group(cls, value: str) -> str:
        """Which roles there are, is not known here."""
        try:
            roles = json.loads(value)
        except (ValueError, RecursionError):
            roles = None
        if not isinstance(roles, dict) or not all(isinstance(word, str) for word in roles.values()):
            raise PydanticCustomError("group_roles", "a JSON object from groups to roles")
        return value

    @field_validator("accessibility_statement")
    @classmethod
    def _is_on_the_web(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://[^\s\"'<>]+", value):
            raise PydanticCustomError("accessibility_statement", "no https address")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if value and not _ORIGIN.fullmatch(value):
            raise PydanticCustomError("public_url", "no address of a site")
        return value.rstrip("/").lower()

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over https, whatever the way from the proxy to here is."""
        return self.public_url.startswith("https://")

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names it may be called by, without ports; none where any will do, as for tests."""
        named = {host.strip().lower() for host in self.hosts.split(",")} - {""}
        named = named or {urlsplit(self.public_url).hostname or ""} - {""}
        if not named and self.mode == "development":
            # A page elsewhere may give its own name our address.
            named = {"localhost", "127.0.0.1", "[::1]", self.host}
        return frozenset(named)

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    @property
    def roles_by_group(self) -> Mapping[str, str]:
        roles: dict[str, str] = json.loads(self.group_roles)
        return roles

    @property
    def url(self) -> str:
        file = URL.create("sqlite", database=str(self.data_dir / "gavebord.db"))
        return self.database_url or file.render_as_string()

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def imports_dir(self) -> Path:
        return self.data_dir / "imports"
