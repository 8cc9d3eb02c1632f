"""Lines of the log: JSON or text on stderr, and never what somebody is called or has written."""

import asyncio
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Literal

import orjson

Format = Literal["json", "text"]


def begin(form: Format) -> None:
    """From now on, what the libraries and the product have to say are lines of this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(form))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def written(form: Format, fields: Mapping[str, object]) -> bytes:
    """One line, whatever the fields hold."""
    if form == "json":
        return orjson.dumps(fields, default=str, option=_OPTIONS)
    words = (_word(value) for value in fields.values())
    return f"{' '.join(words)}\n".encode("utf-8", "replace")


class Stderr:
    """Lines are written together a moment later: a line of its own costs a call of the system, and
    a busy server has many. Killed hard, it loses the last moment's. Nobody is refused an answer
    because nobody reads the log."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def put(self, line: bytes) -> None:
        self._waiting.append(line)
        loop = asyncio.get_running_loop()
        if len(self._waiting) >= _MOST_WAITING:
            self.flush()
        elif len(self._waiting) == 1 or loop is not self._loop:
            self._loop = loop
            loop.call_later(_A_MOMENT, self.flush)

    def flush(self) -> None:
        lines, self._waiting = self._waiting, []
        with suppress(OSError):
            os.write(_STDERR, b"".join(lines))


def _word(value: object) -> str:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else str(value)


class Lines(logging.Formatter):
    """An error is told by its kind and its place in the code: what it says itself may be somebody's
    name."""

    def __init__(self, form: Format) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "from": record.name,
            "request_id": getattr(record, "request_id", None),
            "says": _one_line(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1]:
            fields["error"] = list(_errors(record.exc_info[1]))
        line = written(self.form, {name: told for name, told in fields.items() if told is not None})
        return line.decode().rstrip("\n")


def _one_line(said: str) -> str:
    return " ".join(said.split())[:_LONGEST]


def _errors(error: BaseException) -> Iterator[str]:
    """The error, and each that it came of: the kind, and the innermost places first."""
    seen: BaseException | None = error
    for _ in range(_MOST_ERRORS):
        if seen is None:
            return
        places = reversed(extract_tb(seen.__traceback__)[-_MOST_PLACES:])
        told = ", ".join(f"{place.filename}:{place.lineno} {place.name}" for place in places)
        yield f"{type(seen).__name__} at {told}"
        seen = seen.__cause__ or seen.__context__


_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
_STDERR = 2
_A_MOMENT = 0.1
_MOST_WAITING = 200
_LONGEST = 500
_MOST_ERRORS, _MOST_PLACES = 5, 12
