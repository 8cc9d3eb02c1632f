"""What may be uploaded with a gift, and how it is kept."""

import contextlib
import hashlib
import io
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.errors import Invalid
from app.gifts import files
from app.gifts.files import UnsupportedFile

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(main: str = f"{WORD}.main+xml", **more: str | bytes) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **more})


def odt(**more: str | bytes) -> bytes:
    return zipped({"mimetype": ODT, "content.xml": "<office:document-content/>", **more})


def xlsx() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


GENUINE = [
    ("dagsorden.pdf", PDF, "application/pdf"),
    ("PLAKAT.PNG", PNG, "image/png"),
    ("foto.jpg", b"\xff\xd8\xff\xe1\0\x10Exif\0\0", "image/jpeg"),
    ("foto.jpeg", b"\xff\xd8\xff\xdb\0\x43\0", "image/jpeg"),
    ("film.gif", b"GIF89a\1\0\1\0", "image/gif"),
    ("foto.webp", b"RIFF\x24\0\0\0WEBPVP8L", "image/webp"),
    ("film.mp4", b"\0\0\0\x20ftypiso5\0\0\2\0", "video/mp4"),
    ("lyd.mp3", b"ID3\4\0\0\0\0\0\0", "audio/mpeg"),
    ("lyd.mp3", b"\xff\xf3\x90\x64\0\0", "audio/mpeg"),
    ("skema.docx", docx(), WORD),
    ("skema.odt", odt(), ODT),
    ("tal.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("noter.txt", "Brød, øl og ål: 3 < 4".encode(), "text/plain"),
    ("noter.txt", "Brød, øl og ål".encode("cp1252"), "text/plain"),
    ("liste.csv", b"\xef\xbb\xbfnavn;enhed\r\nS\xc3\xb8s;\xc3\x85en\r\n", "text/csv"),
]


@pytest.mark.parametrize(("name", "data", "kind"), GENUINE)
def test_a_file_that_is_what_its_name_says_is_taken(name, data, kind):
    assert files.media_type(name, data) == kind


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plakat.png", PDF),
        ("plakat.pdf", b"MZ\x90\0" + PDF),
        ("foto.jpg", b"<html>\xff\xd8\xff"),
        ("film.mp4", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("skema.docx", xlsx()),
        ("skema.docx", odt()),
        ("skema.odt", docx()),
        ("skema.docx", docx(main=f"{WORD.replace('document', 'template')}.main+xml")),
        ("skema.docx", b"<html></html>" + docx()),
        ("skema.docx", docx()[:-40]),
        ("skema.docx", b"PK\3\4 og ikke mere"),
        ("skema.odt", zipped({"mimetype": ODT, "content.xml": ""}, zipfile.ZIP_LZMA)),
        ("noter.txt", b"en\0to"),
        ("noter.txt", "Unicode-tekst".encode("utf-16")),
        ("noter.txt", b"\x81 findes ikke"),
        ("noter.txt", b"\r\n <!DOCTYPE html><p>Hej"),
        ("noter.txt", b"Hej <SCRIPT>alert(1)</SCRIPT>"),
        ("liste.csv", b"#!/bin/sh\nrm"),
    ],
)
def test_a_file_that_is_something_else_is_refused(name, data):
    with pytest.raises(UnsupportedFile, match="indholdet er noget andet") as refused:
        files.media_type(name, data)

    assert refused.value.status == 415
    assert refused.value.code == "unsupported_file"


def test_a_file_of_more_parts_than_any_sheet_has_is_refused():
    with pytest.raises(UnsupportedFile, match="indholdet er noget andet"):
        files.media_type("tal.xlsx", zipped({str(number): "" for number in range(10_001)}))


@pytest.mark.parametrize(
    "name",
    ["virus.exe", "side.html", "tegning.svg", "skema.docm", "uden", ".pdf", "a.pdf.", "a.zip"],
)
def test_only_some_kinds_of_files_are_taken_and_the_refusal_says_which(name):
    with pytest.raises(UnsupportedFile, match="pdf, png"):
        files.media_type(name, PDF)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("skema.docx", docx(**{"word/vbaProject.bin": b"\xcc\x61"})),
        ("skema.docx", docx(main="application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("skema.odt", odt(**{"Basic/Standard/Module1.xml": "<script/>"})),
        ("skema.odt", odt(**{"Scripts/python/a.py": "print()"})),
    ],
)
def test_a_document_with_macros_is_refused_and_told_why(name, data):
    with pytest.raises(UnsupportedFile, match="makroer"):
        files.media_type(name, data)


def test_a_small_file_that_unfolds_to_a_huge_one_is_never_unfolded():
    bomb = zipped({"[Content_Types].xml": b" " * 50_000_000, "word/document.xml": ""})

    with pytest.raises(UnsupportedFile):
        files.media_type("bombe.docx", bomb)


def test_an_empty_file_is_refused():
    with pytest.raises(Invalid, match="tom"):
        files.media_type("dagsorden.pdf", b"")


@given(
    document=st.sampled_from([("a.docx", docx()), ("a.odt", odt()), ("a.xlsx", xlsx())]),
    at=st.floats(0, 1, exclude_max=True),
    junk=st.binary(min_size=1, max_size=8),
    cut=st.booleans(),
)
def test_a_damaged_document_is_taken_or_refused_but_never_breaks_anything(document, at, junk, cut):
    name, data = document
    place = int(at * len(data))
    damaged = data[:place] + junk + (b"" if cut else data[place + len(junk) :])

    with contextlib.suppress(UnsupportedFile):
        assert files.media_type(name, damaged) == files.media_type(name, data)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("dagsorden.pdf", "dagsorden.pdf"),
        (" Årets plan (2).docx ", "Årets plan (2).docx"),
        ("C:\\Users\\mette\\plan.pdf", "plan.pdf"),
        ("../../etc/plan.pdf", "plan.pdf"),
        ("A\u030arsplan.pdf", "Årsplan.pdf"),
    ],
)
def test_a_file_keeps_its_name_without_the_folders_it_came_from(sent, name):
    assert files.clean_name(sent) == name


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "empty"),
        ("mappe/", "empty"),
        ("..", "empty"),
        ("a\0.pdf", "unreadable_character"),
        ("a\r\nSet-Cookie: b.pdf", "unreadable_character"),
        ("plan\u202efdp.exe", "unreadable_character"),
        ("a\ud800.pdf", "unreadable_character"),
        ("a" * 117 + ".pdf", "string_too_long"),
        ("sag 010190-1234.pdf", "cpr_number"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_at_the_filename(sent, code):
    with pytest.raises(Invalid) as refused:
        files.clean_name(sent)

    assert [(fault.code, fault.parameter) for fault in refused.value.faults] == [(code, "filename")]


def test_a_kept_file_lies_under_its_own_fingerprint(tmp_path):
    digest = files.keep(tmp_path / "files", PDF)

    assert digest == hashlib.sha256(PDF).hexdigest()
    path = files.path_of(tmp_path / "files", digest)
    assert path == tmp_path / "files" / digest[:2] / digest
    assert path.read_bytes() == PDF


def test_the_same_content_is_kept_once_and_left_alone(tmp_path):
    digest = files.keep(tmp_path, PDF)
    first = files.path_of(tmp_path, digest).stat()

    assert files.keep(tmp_path, PDF) == digest
    assert files.path_of(tmp_path, digest).stat() == first
    assert len(list(tmp_path.rglob("*.*"))) == 0
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


def test_several_can_keep_the_same_file_at_the_same_time(tmp_path):
    content = PNG * 50_000
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: files.keep(tmp_path, content), range(16)))

    assert len(digests) == 1
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [content]


def test_an_upload_that_was_killed_halfway_leaves_nothing_that_looks_kept(tmp_path):
    dies = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from app.gifts import files\n"
        "os.replace = lambda *_: os._exit(9)\n"
        "files.keep(Path(sys.argv[1]), b'hele filen')\n"
    )
    died = subprocess.run([sys.executable, "-c", dies, str(tmp_path)], check=False)
    assert died.returncode == 9
    digest = hashlib.sha256(b"hele filen").hexdigest()
    path = files.path_of(tmp_path, digest)
    assert not path.exists()
    assert len(list(path.parent.iterdir())) == 1

    assert files.keep(tmp_path, b"hele filen") == digest
    assert path.read_bytes() == b"hele filen"


def test_a_full_disk_leaves_no_piece_behind(tmp_path):
    digest = hashlib.sha256(PDF).hexdigest()
    files.path_of(tmp_path, digest).parent.mkdir()
    limited = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from app.gifts import files\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "files.keep(Path(sys.argv[1]), sys.stdin.buffer.read())\n"
    )
    failed = subprocess.run(
        [sys.executable, "-B", "-c", limited, str(tmp_path)],
        input=PDF,
        capture_output=True,
        check=False,
    )

    assert b"File too large" in failed.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_nothing_but_a_fingerprint_leads_to_a_file(tmp_path, digest):
    with pytest.raises(ValueError, match="SHA-256"):
        files.path_of(tmp_path, digest)
