"""The archive: a plain tar with a manifest first, the parts it names, and a seal over it all.

It is read by the byte, and trusted in nothing: plain files only, with exactly the names, sizes
and digests that the manifest says, and not a byte besides.
"""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

from app.backup import manifest as manifests
from app.backup.manifest import Manifest, Part
from app.backup.refused import changed, unreadable

MANIFEST, SEAL = "manifest.json", "seal.sha256"
CHUNK = 1024 * 1024
_LONGEST_MANIFEST = 64 * 1024 * 1024
_BLOCK = tarfile.BLOCKSIZE
_DIGITS = 64

Keep = Callable[[Part, Iterator[bytes]], None]
"""Takes a part and its content, all of which is to be read."""


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


def write(file: IO[bytes], manifest: Manifest, opened: Callable[[Part], IO[bytes]]) -> None:
    """Writes the whole archive. NotBackedUp where a part is not what the manifest says."""
    seal = hashlib.sha256()
    text = manifest.model_dump_json(indent=1).encode()
    for block in _framed(MANIFEST, len(text), [text]):
        seal.update(block)
        file.write(block)
    for part in manifest.parts:
        with opened(part) as content:
            for block in _framed(part.name, part.size, _checked(part, content)):
                seal.update(block)
                file.write(block)
    file.write(_ending(seal.hexdigest()))


def read(path: Path, keep: Keep | None = None) -> Manifest:
    """Reads the archive to its last byte. Conflict where anything is not as it was written.

    What `keep` has been given before that must not be used.
    """
    with path.open("rb") as file:
        seal = hashlib.sha256()
        manifest = manifests.parse(_manifest_text(file, seal))
        for part in manifest.parts:
            size = _header(file, seal, part.name)
            if size != part.size:
                raise unreadable(part.name)
            content = _content(file, seal, part)
            if keep is not None:
                keep(part, content)
            for _ in content:
                pass
        ending = _ending(seal.hexdigest())
        if file.read(len(ending) + 1) != ending:
            raise unreadable(SEAL)
    return manifest


def _manifest_text(file: IO[bytes], seal: _Hash) -> bytes:
    size = _header(file, seal, MANIFEST)
    if size > _LONGEST_MANIFEST:
        raise unreadable(MANIFEST)
    return b"".join(_taken(file, seal, MANIFEST, size))


def _header(file: IO[bytes], seal: _Hash, name: str) -> int:
    """The size of the part that must come here."""
    block = file.read(_BLOCK)
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise unreadable(name) from error
    # Nothing but what we write ourselves: no links, no folders, no other owner, no long names.
    if info.size < 0 or block != _framing(name, info.size):
        raise unreadable(name)
    seal.update(block)
    return info.size


def _content(file: IO[bytes], seal: _Hash, part: Part) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in _taken(file, seal, part.name, part.size):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != part.sha256:
        raise unreadable(part.name)


def _taken(file: IO[bytes], seal: _Hash, name: str, size: int) -> Iterator[bytes]:
    left = size
    while left:
        chunk = file.read(min(left, CHUNK))
        if not chunk:
            raise unreadable(name)
        left -= len(chunk)
        seal.update(chunk)
        yield chunk
    padding = _padding(size)
    if file.read(len(padding)) != padding:
        raise unreadable(name)
    seal.update(padding)


def _checked(part: Part, content: IO[bytes]) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        yield chunk
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise changed(part.name)


def _framed(name: str, size: int, content: list[bytes] | Iterator[bytes]) -> Iterator[bytes]:
    yield _framing(name, size)
    yield from content
    yield _padding(size)


def _framing(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _ending(digest: str) -> bytes:
    whole = io.BytesIO()
    for block in _framed(SEAL, _DIGITS, [digest.encode()]):
        whole.write(block)
    whole.write(bytes(2 * _BLOCK))
    return whole.getvalue()
