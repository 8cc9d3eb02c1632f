"""Reading the form of a page that sends a file with it (RFC 7578), piece by piece as it comes: what
was typed is held in memory, and the file is handed on. No web, no disk."""

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial

from app.errors import Message
from app.rest.problems import Unreadable

MEDIA_TYPE = "multipart/form-data"
MOST_TYPED = 128 * 1024
"""Bytes of all that was typed together."""
MOST_PARTS = 100
MOST_HEADERS = 4 * 1024

Fields = list[tuple[str, str]]
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)', re.IGNORECASE)
_ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}


def boundary_of(content_type: str) -> bytes:
    """What stands between the parts. Unreadable where nothing is said."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise Unreadable(_NOT_OURS)
    return (found[1] or found[2]).encode("latin-1", "replace")


@dataclass
class Reader:
    """`begin` is told when the file begins, with what came before it, and answers where its bytes
    go. What comes after the file is read too; a second file is Unreadable, and so is a form that
    has not ended when all has come: `ended`."""

    boundary: bytes
    begin: Callable[[Fields], Callable[[bytes], object]]
    fields: Fields = field(default_factory=list)
    filename: str | None = None

    def __post_init__(self) -> None:
        self._between = b"\r\n--" + self.boundary
        # The first line has no line before it that would end with these.
        self._waiting = bytearray(b"\r\n")
        self._steps = self._read()
        self._parts = self._typed = 0
        self._is_done = False
        next(self._steps)

    def feed(self, piece: bytes) -> None:
        self._waiting += piece
        if not self._is_done:
            self._is_done = next(self._steps, None) is None
        if self._is_done:
            self._waiting.clear()

    def ended(self) -> None:
        if not self._is_done:
            raise Unreadable(Message("Filen kom ikke helt frem. Intet er ændret. Send den igen."))

    def _read(self) -> Generator[bool, None, None]:
        """Says True whenever it needs more to go on."""
        yield from self._until_between(lambda _: None)
        while (yield from self._goes_on()):
            headers = yield from self._headers()
            name, filename = _named(headers)
            if filename is None:
                value = bytearray()
                yield from self._until_between(partial(self._hold, value))
                self.fields.append((name, value.decode("utf-8", "replace")))
            elif self.filename is not None:
                raise Unreadable(Message("Send én fil ad gangen."))
            else:
                self.filename = filename
                yield from self._until_between(self.begin(self.fields))

    def _goes_on(self) -> Generator[bool, None, bool]:
        """Whether another part begins here."""
        while len(self._waiting) < 2:
            yield True
        mark = self._take(2)
        if mark == b"--":
            return False
        self._parts += 1
        if mark != b"\r\n" or self._parts > MOST_PARTS:
            raise Unreadable(_NOT_OURS)
        return True

    def _headers(self) -> Generator[bool, None, bytes]:
        while (end := self._waiting.find(b"\r\n\r\n")) < 0:
            if len(self._waiting) > MOST_HEADERS:
                raise Unreadable(_NOT_OURS)
            yield True
        if end > MOST_HEADERS:
            raise Unreadable(_NOT_OURS)
        headers = self._take(end)
        self._take(4)
        return headers

    def _until_between(self, give: Callable[[bytes], object]) -> Generator[bool, None, None]:
        while (end := self._waiting.find(self._between)) < 0:
            # The last bytes may be the beginning of what stands between the parts.
            safe = len(self._waiting) - len(self._between) + 1
            if safe > 0:
                give(self._take(safe))
            yield True
        give(self._take(end))
        self._take(len(self._between))

    def _take(self, count: int) -> bytes:
        taken = bytes(self._waiting[:count])
        del self._waiting[:count]
        return taken

    def _hold(self, value: bytearray, piece: bytes) -> None:
        self._typed += len(piece)
        if self._typed > MOST_TYPED:
            raise Unreadable(Message("Der er skrevet for meget i formularen."))
        value += piece


def _named(headers: bytes) -> tuple[str, str | None]:
    """The name of the field, and that of the file, if it is one: as browsers write them."""
    text = headers.decode("utf-8", "replace")
    for line in text.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() != "content-disposition":
            continue
        said = {key.lower(): _unescaped(text) for key, text in _SAID.findall(value)}
        if value.strip().lower().startswith("form-data") and "name" in said:
            return said["name"], said.get("filename")
    raise Unreadable(_NOT_OURS)


_SAID = re.compile(r';\s*(name|filename)="([^"]*)"', re.IGNORECASE)


def _unescaped(text: str) -> str:
    return re.sub("%22|%0D|%0A", lambda found: _ESCAPES[found[0].upper()], text, flags=re.I)


_NOT_OURS = Message("Formularen er ikke, som vores sider sender den. Intet er ændret.")
