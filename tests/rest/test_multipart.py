"""Forms with a file in them, as browsers send them, in pieces of any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rest.multipart import MOST_HEADERS, MOST_PARTS, MOST_TYPED, Reader, boundary_of
from app.rest.problems import Unreadable

BOUNDARY = b"----WebKitFormBoundary7MA4"


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"\r\nContent-Type: text/plain'
    head = f'Content-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
    return b"--" + BOUNDARY + b"\r\n" + head + value + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def read(sent: bytes, *, size: int = 1 << 20, begin=None) -> tuple[Reader, bytes]:
    """The reader when all has been read, and the file."""
    kept = bytearray()
    reader = Reader(BOUNDARY, begin or (lambda _: kept.extend))
    for start in range(0, len(sent), size):
        reader.feed(sent[start : start + size])
    reader.ended()
    return reader, bytes(kept)


@given(
    content=st.binary(max_size=300) | st.just(b"\r\n--" + BOUNDARY[:-1] + b"\r\n\r\n--"),
    typed=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    size=st.integers(1, 90),
)
def test_what_was_sent_is_read_however_it_is_cut(content, typed, size):
    sent = body(part("title", typed.encode()), part("file", content, "a.txt"), part("b", b"last"))

    reader, kept = read(sent, size=size)

    assert reader.fields == [("title", typed), ("b", "last")]
    assert (reader.filename, kept) == ("a.txt", content)


def test_the_file_begins_when_what_was_typed_before_it_is_known():
    known = []

    def begin(fields):
        known.append(list(fields))
        return lambda _: None

    read(
        body(part("csrf", b"token"), part("file", b"x", "a.txt"), part("c", b"later")), begin=begin
    )

    assert known == [[("csrf", "token")]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("æble%22.pdf", 'æble".pdf'),
        ("C:\\mine\\a.pdf", "C:\\mine\\a.pdf"),
        ("", ""),
        ("a;b", "a;b"),
    ],
)
def test_the_name_of_the_file_is_read_as_browsers_write_it(written, meant):
    reader, _ = read(body(part("file", b"x", written)))

    assert reader.filename == meant


def test_a_form_without_a_file_has_none():
    reader, kept = read(body(part("title", b"x")))

    assert (reader.filename, kept) == (None, b"")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"nothing of the kind",
        body(part("file", b"x", "a.txt"))[:-8],
        b"--" + BOUNDARY + b"\r\nContent-Disposition: attachment\r\n\r\nx\r\n" + body(),
        b"--" + BOUNDARY + b"\r\n\r\nx\r\n" + body(),
        b"--" + BOUNDARY + b"no line ends here\r\n" + body(),
        b"--" + BOUNDARY + b"\r\n" + b"X: y\r\n" * MOST_HEADERS,
        b"--" + BOUNDARY + b"\r\n" + b"X" * (MOST_HEADERS + 1) + b"\r\n\r\n" + body(),
        body(part("file", b"x", "a.txt"), part("more", b"y", "b.txt")),
        body(*[part("a", b"")] * (MOST_PARTS + 1)),
        body(part("a", b"x" * (MOST_TYPED + 1))),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(sent):
    with pytest.raises(Unreadable):
        read(sent, size=4096)


@pytest.mark.parametrize(
    ("said", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('multipart/form-data; charset=utf-8; boundary="a b"', b"a b"),
        ("multipart/form-data; Boundary=a-b; x=y", b"a-b"),
    ],
)
def test_what_stands_between_the_parts_is_said_in_the_header(said, boundary):
    assert boundary_of(said) == boundary


@pytest.mark.parametrize(
    "said", ["multipart/form-data", "multipart/form-data; boundary=" + "x" * 71]
)
def test_a_form_that_does_not_say_what_stands_between_is_refused(said):
    with pytest.raises(Unreadable):
        boundary_of(said)
