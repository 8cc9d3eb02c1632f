"""The command that does what waits, beside the servers. It starts without what they need."""

import signal
import threading

import typer

from app.chores import worker_on
from app.errors import Message
from app.fitness import must_be_fit
from app.garbage import look_between_steps
from app.rest import log_lines
from app.settings import Settings
from app.terminal import ready_database, say

commands = typer.Typer()


@commands.command()
def worker() -> None:
    """Do what waits to be done, beside any number of servers on PostgreSQL."""
    settings = Settings()
    must_be_fit(settings)
    look_between_steps()
    log_lines.begin(settings.log_format)
    told = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: told.set())
    with ready_database() as database:
        one = worker_on(database, settings)
        one.start()
        say(Message("Arbejder på det, der venter. Stop med Ctrl+C."))
        told.wait()
        one.stop()
