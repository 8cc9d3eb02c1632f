"""Running the web server: one process, stopped gently."""

import socket
from contextlib import suppress

import uvicorn

from app.errors import Conflict, Message
from app.main import create_app
from app.settings import Settings

_STOP_WITHIN = 10
"""Seconds that requests under way get to finish."""


def serve_on(listener: socket.socket, settings: Settings) -> None:
    """Serves until it is told to stop. Ctrl+C is a good way to say so, and no error."""
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_WITHIN,
        http="httptools",
        ws="none",
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """Takes the port before anything else is done. Conflict when another has it."""
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
