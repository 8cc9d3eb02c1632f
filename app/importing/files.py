"""The files themselves: kept under their digests in the data folder, and forgotten again."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from app.errors import Invalid, Message, TooLarge
from app.gifts.files import sync, translated

LARGEST = 10 * 1024 * 1024
_CHUNK, _SMALL = 256 * 1024, 64 * 1024


@contextmanager
def arriving(folder: Path) -> Iterator[IO[bytes]]:
    """Where a file is laid while it comes, under no name: it is gone with the request, also where
    the process is killed. Writing says TooLarge over the limit."""
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        with _Limited(max_size=_SMALL, dir=str(folder)) as file:
            yield file


class _Limited(tempfile.SpooledTemporaryFile[bytes]):
    size = 0

    def write(self, piece: Any) -> int:
        self.size += len(piece)
        if self.size > LARGEST:
            raise TooLarge(_TOO_LARGE)
        return super().write(piece)


def keep(folder: Path, file: IO[bytes], *, now: datetime) -> tuple[str, int]:
    """Keeps what stands in the file; its SHA-256 and its size. No more than a piece of it is in
    memory. Invalid where it is empty."""
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=folder, prefix="unfinished-")
        try:
            digest, size = _copy(file, descriptor)
            # How long it is kept counts from the last time that somebody brought it.
            os.utime(unfinished, (now.timestamp(), now.timestamp()))
            os.replace(unfinished, folder / digest)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        sync(folder)
    return digest, size


def _copy(file: IO[bytes], descriptor: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "wb") as copy:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            digest.update(chunk)
            copy.write(chunk)
        if not size:
            raise Invalid.at("/file", EMPTY, code="empty_file")
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def forget(folder: Path, *, before: datetime) -> None:
    """Also those that were left unfinished, and those whose rows never came to be."""
    if not folder.is_dir():
        return
    with translated():
        for path in folder.iterdir():
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


EMPTY = Message("Vælg en fil, der står noget i.")
_TOO_LARGE = Message("Filen er for stor: højst 10 MB. Del den i flere.")
