"""Running the web server: one process, stopped gently."""

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url

from app.errors import Conflict, Message
from app.fitness import must_be_fit
from app.garbage import look_between_steps
from app.main import create_app
from app.rest import log_lines
from app.rest.connections import ended_after
from app.settings import Settings
from app.terminal import say

if sys.platform != "win32":
    import resource

_STOP_WITHIN = 10
"""Seconds that requests under way get to finish."""

_LAST_REQUESTS_WITHIN = 0.5
"""Seconds in which an open connection may send a request that was already on its way."""

_FIRST_GIVEN = 3
"""Where systemd puts the sockets that it gives a service."""


def on_one_machine(settings: Settings) -> Settings:
    """For trying it where it was installed, unless the settings say that it is in production."""
    if "mode" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"mode": "development"})


def serve_on(listener: socket.socket, settings: Settings, *, is_whole: bool = False) -> None:
    """Says where, and serves until it is told to stop. Ctrl+C is a good way, and no error. Conflict
    where the settings are not fit for production. On SQLite, or where this is the whole product,
    it has the worker too."""
    must_be_fit(settings)
    look_between_steps()
    log_lines.begin(settings.log_format)
    is_alone = make_url(settings.url).get_backend_name() == "sqlite"
    app = create_app(settings, works=is_whole or is_alone)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=_STOP_WITHIN,
        http=ended_after(settings.slow_seconds),
        ws="none",
    )
    # Where there is nobody else to send to, going on as not ready would only be a longer stop.
    drain_seconds = 0 if app.state.database.is_sqlite else settings.drain_seconds
    _allow_many_connections()
    _say_where(listener, settings)
    with suppress(KeyboardInterrupt):
        _GentleServer(config, app, drain_seconds=drain_seconds).run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """Takes the port before anything else is done. Conflict when another has it."""
    given = _given_by_systemd()
    if given is not None:
        return given
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Conflict(
            Message(
                "Kan ikke lytte på %(host)s:%(port)s: %(reason)s. Kører Gavebordet allerede? "
                "Vælg en anden port med --port.",
                host=settings.host,
                port=str(settings.port),
                reason=error.strerror or "?",
            )
        ) from error
    return listener


def _given_by_systemd() -> socket.socket | None:
    """A socket that stays open from one process to the next: callers wait in it meanwhile."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    given = socket.socket(fileno=_FIRST_GIVEN) if os.environ.get("LISTEN_FDS") == "1" else None
    if given is None or given.family not in (socket.AF_INET, socket.AF_INET6):
        raise Conflict(Message("systemd skal give én TCP-port: ListenStream=127.0.0.1:8000."))
    return given


class _GentleServer(uvicorn.Server):
    """On SIGTERM it first says that it is not ready, and goes on for `drain_seconds`; then takes
    no new connections; and closes the open ones when each has had its last answer."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, *, drain_seconds: float) -> None:
        super().__init__(config)
        self.app, self.drain_seconds = app, drain_seconds
        self.stops_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A second signal, or Ctrl+C, is from somebody who does not want to wait."""
        if sig != signal.SIGTERM or self.stops_at is not None:
            self.stops_at = 0
            super().handle_exit(sig, frame)
            return
        self.stops_at = time.monotonic() + self.drain_seconds
        self.app.state.is_stopping = True
        # With every answer from now on, so that clients come back on another connection.
        self.config.encoded_headers.append((b"connection", b"close"))

    async def on_tick(self, counter: int) -> bool:
        if self.stops_at is not None and time.monotonic() >= self.stops_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        if self.stops_at:
            self.server_state.default_headers = self.config.encoded_headers
            await self._last_requests()
        await super().shutdown(sockets)

    async def _last_requests(self) -> None:
        end = time.monotonic() + _LAST_REQUESTS_WITHIN
        while self.server_state.connections and self.stops_at and time.monotonic() < end:
            await asyncio.sleep(0.02)


def _say_where(listener: socket.socket, settings: Settings) -> None:
    host, port = listener.getsockname()[:2]
    where = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if settings.mode == "development":
        say(Message("Det er udviklingstilstand: almindelig http, og kun til denne maskine."))
    say(Message("Gavebordet er på %(where)s. API'et prøves på %(where)s/api", where=where))
    say(Message("Stop med Ctrl+C."))


def _allow_many_connections() -> None:
    """Many systems let a program hold 1024 files and connections unless it asks for more."""
    if sys.platform != "win32":
        allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        enough = _CONNECTIONS if most == resource.RLIM_INFINITY else min(most, _CONNECTIONS)
        if allowed not in (resource.RLIM_INFINITY, most) and allowed < enough:
            resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))


_CONNECTIONS = 16_384
