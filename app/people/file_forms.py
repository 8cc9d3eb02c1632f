"""Forms of pages that a file is sent with: who may send one is settled before it is read."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import IO, TypeVar

from app.people.asking import read
from app.people.typed import Typed
from app.people.visit import SentFile, Visit, sign_in
from app.rest import multipart


@dataclass(frozen=True)
class FileForm:
    """`may` refuses whoever must not send one, as the page itself does; `arriving` is where the
    file is laid until it has been dealt with."""

    may: Callable[[Visit], object]
    arriving: Callable[[Visit], AbstractContextManager[IO[bytes]]]


Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
_forms: dict[object, FileForm] = {}


def with_file(form: FileForm) -> Callable[[Endpoint], Endpoint]:
    """A file comes with what is sent here: `visit.file`."""

    def told(endpoint: Endpoint) -> Endpoint:
        _forms[endpoint] = form
        return endpoint

    return told


def is_with_file(endpoint: object) -> bool:
    return endpoint in _forms


async def receive(
    visit: Visit, endpoint: object, must_be_ours: Callable[[Visit], None], until: ExitStack
) -> None:
    """Reads the form, whose file is there `until` then. What was typed comes before the file, and
    so does the token by which a form shows that it is ours."""
    form = _forms[endpoint]
    await visit.state.places.read(lambda: read(visit, sign_in, form.may))
    said = visit.request.headers.get("content-type", "")
    if said.partition(";")[0].strip().lower() != multipart.MEDIA_TYPE:
        must_be_ours(visit)
        return
    file = until.enter_context(form.arriving(visit))

    def begin(fields: multipart.Fields) -> Callable[[bytes], object]:
        visit.typed = Typed(list(fields))
        must_be_ours(visit)
        return file.write

    reader = multipart.Reader(multipart.boundary_of(said), begin)
    async for piece in visit.request.stream():
        reader.feed(piece)
    reader.ended()
    visit.typed = Typed(reader.fields)
    must_be_ours(visit)
    if reader.filename:
        file.seek(0)
        visit.file = SentFile(reader.filename, file)
