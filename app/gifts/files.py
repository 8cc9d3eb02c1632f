"""Uploaded files: what they really are, what they are called, and where they lie. No database."""

import hashlib
import io
import logging
import os
import re
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, ClassVar

from app.errors import AppError, Busy, Fault, Invalid, Message
from app.text import cpr_position, unreadable_position

LONGEST_NAME = 120
_log = logging.getLogger(__name__)

_SIGNATURES = {
    "pdf": ("application/pdf", rb"%PDF-\d"),
    "png": ("image/png", rb"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", rb"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", rb"\xff\xd8\xff"),
    "gif": ("image/gif", rb"GIF8[79]a"),
    "webp": ("image/webp", rb"RIFF....WEBPVP8"),
    "mp4": ("video/mp4", rb"....ftyp(iso.|mp4.|avc.|M4V.|dash|MSNV)"),
    "mp3": ("audio/mpeg", rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
}
_OOXML = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_ODF = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_TEXT = {"txt": "text/plain", "csv": "text/csv"}
KINDS = sorted(
    {*(kind for kind, _ in _SIGNATURES.values()), *_OOXML.values(), *_ODF.values(), *_TEXT.values()}
)
"""Every media type that a file can have."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"\A\s*(<[!?/a-z]|#!)|<\s*(script|html|iframe|object|embed)\b", re.IGNORECASE)
_MOST_PARTS, _MOST_READ = 10_000, 1024 * 1024
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)


class UnsupportedFile(AppError):
    status: ClassVar[int] = 415
    title: ClassVar[Message] = Message("Filen kan ikke lægges op")


def media_type(filename: str, data: bytes) -> str:
    """What the file is by its name, once the content has agreed. UnsupportedFile otherwise."""
    if not data:
        raise Invalid(Fault("empty_file", Message("Filen er tom."), pointer=""))
    ext = PurePath(filename).suffix[1:].lower()
    if ext in _SIGNATURES:
        kind, signature = _SIGNATURES[ext]
        agrees = re.match(signature, data, re.DOTALL) is not None
    elif ext in _OOXML or ext in _ODF:
        kind = _OOXML.get(ext) or _ODF[ext]
        agrees = _is_document(data, kind)
    elif ext in _TEXT:
        kind, agrees = _TEXT[ext], _is_plain_text(data)
    else:
        kinds = ", ".join((*_SIGNATURES, *_OOXML, *_ODF, *_TEXT))
        raise UnsupportedFile(Message("Filer kan være %(kinds)s.", kinds=kinds))
    if not agrees:
        raise UnsupportedFile(
            Message(
                "Filen hedder .%(ext)s, men indholdet er noget andet: "
                "gem den igen i det rigtige format.",
                ext=ext,
            )
        )
    return kind


def clean_name(filename: str) -> str:
    """The name without the folders that some browsers send along. Invalid if it cannot be one."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", filename)[-1]).strip(" ")
    position = unreadable_position(name)
    if line_break := re.search("[\t\n\r\u2028\u2029]", name):
        position = position or line_break.start() + 1
    if position:
        message = Message(
            "Tegn nr. %(position)s kan ikke læses eller vender skriften. Fjern det.",
            position=position,
        )
        raise _bad_name("unreadable_character", message)
    if name.strip(". ") == "":
        raise _bad_name("empty", Message("Skriv filens navn, for eksempel dagsorden.pdf."))
    if len(name) > LONGEST_NAME:
        message = Message("Navnet er for langt: højst %(longest)s tegn.", longest=LONGEST_NAME)
        raise _bad_name("string_too_long", message)
    if position := cpr_position(name):
        message = Message(
            "Ved tegn nr. %(position)s står noget, der ligner et CPR-nummer. "
            "Gavebordet gemmer ikke oplysninger om borgere. Skriv det uden nummeret.",
            position=position,
        )
        raise _bad_name("cpr_number", message)
    return name


def keep(folder: Path, data: bytes) -> str:
    """Keeps the content under its SHA-256, which is returned, and has it on disk before that.

    The final name only ever holds the whole content: killed halfway, it leaves a file
    beside it that nobody reads.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(folder, digest)
    with translated():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write(path, data)
        # Also where another process has just written it: its row may not wait for ours.
        sync(path.parent)
        sync(folder)
    return digest


@contextmanager
def arriving(folder: Path) -> Iterator[IO[bytes]]:
    """Where a file is laid while it comes: a large one on the disk, under no name, so that it is
    gone with the request, also where the process is killed."""
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        # Closing says once more that what could not be written, could not be written.
        with tempfile.SpooledTemporaryFile(max_size=_SMALL, dir=str(folder)) as file:
            yield file


_SMALL = 64 * 1024


@contextmanager
def translated() -> Iterator[None]:
    """Says Busy where the disk is full, read-only or away. The log says why."""
    try:
        yield
    except OSError as error:
        _log.warning("A file could not be kept: %s", error)
        raise Busy(_NO_ROOM) from error


_NO_ROOM = Message("Filer kan ikke gemmes lige nu. Intet er ændret. Prøv igen om lidt.")


def path_of(folder: Path, digest: str) -> Path:
    """Where the content with that SHA-256 lies. ValueError where it is no SHA-256 in hex."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError("not a SHA-256 digest")
    return folder / digest[:2] / digest


def _is_document(data: bytes, kind: str) -> bool:
    if not data.startswith(b"PK\x03\x04") or data.count(b"PK\x01\x02") > _MOST_PARTS:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = {name.lower() for name in parts.namelist()}
            if kind in _OOXML.values():
                listed = _start_of(parts, "[Content_Types].xml")
                agrees = f"{kind}.main+xml".encode() in listed
                has_macros = b"vbaproject" in listed.lower() or b"macroenabled" in listed.lower()
            else:
                agrees = _start_of(parts, "mimetype").strip() == kind.encode()
                agrees = agrees and "content.xml" in names
                has_macros = any(re.match("(basic|scripts)/.", name) for name in names)
    except _BROKEN_ZIP:
        return False
    if has_macros or any(name.endswith("vbaproject.bin") for name in names):
        raise UnsupportedFile(Message("Filen har makroer. Gem den uden makroer, og prøv igen."))
    return agrees


def _start_of(parts: zipfile.ZipFile, name: str) -> bytes:
    """No more than is needed: a small zip can unfold to anything."""
    info = parts.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("compressed as no office program does it")
    with parts.open(info) as part:
        return part.read(_MOST_READ)


def _is_plain_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _CONTROL.search(text) and not _MARKUP.search(text)
    return False


def _bad_name(code: str, message: Message) -> Invalid:
    return Invalid(Fault(code, message, parameter="filename"))


def _write(path: Path, data: bytes) -> None:
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix="unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def sync(folder: Path) -> None:
    """Has the names in the folder on disk. Windows has no such call, and keeps them without it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
