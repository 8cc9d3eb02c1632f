"""What lies with a gift: links, and files that are sent with a form."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO

from fastapi import Response

from app.errors import Fault, Invalid, Message
from app.gifts import files, materials
from app.gifts.files import UnsupportedFile
from app.gifts.forms import FileTitle, NewLink
from app.pages.gift_editing import HERE, done, gift_to_change, show_editing
from app.people.file_forms import FileForm, with_file
from app.people.page_route import pages, stands_on
from app.people.visit import Visit

gift_materials = pages()
_MATERIALS = "#materials"


def _arriving(visit: Visit) -> AbstractContextManager[IO[bytes]]:
    return files.arriving(visit.settings.files_dir)


@gift_materials.post(f"{HERE}/files")
@with_file(FileForm(may=gift_to_change, arriving=_arriving))
@stands_on(show_editing)
def add_file(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    form = visit.read(FileTitle)
    if visit.file is None:
        raise Invalid.at("/file", Message("Vælg en fil først."), code="missing")
    with _of_the_file():
        materials.add_file(
            visit.session,
            me,
            gift_id,
            title=form.title,
            filename=visit.file.name,
            data=visit.file.content.read(),
            folder=visit.settings.files_dir,
            now=visit.now,
        )
    return done(gift_id, "changed", at=_MATERIALS)


@gift_materials.post(f"{HERE}/links")
@stands_on(show_editing)
def add_link(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    form = visit.read(NewLink, url=Message("Skriv adressen, som den står i browseren: https://…"))
    materials.add_link(
        visit.session,
        me,
        gift_id,
        title=form.title or str(form.url)[:200],
        url=str(form.url),
        now=visit.now,
    )
    return done(gift_id, "changed", at=_MATERIALS)


@gift_materials.post(f"{HERE}/materials/{{material_id}}/removal")
@stands_on(show_editing)
def remove_material(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    materials.remove(visit.session, me, gift_id, visit.id("material_id"), now=visit.now)
    return done(gift_id, "changed", at=_MATERIALS)


@contextmanager
def _of_the_file() -> Iterator[None]:
    """Whatever is wrong in here is wrong with the file that was chosen."""
    try:
        yield
    except UnsupportedFile as unsupported:
        detail = unsupported.detail or unsupported.title
        raise Invalid.at("/file", detail, code=unsupported.code) from None
    except Invalid as invalid:
        raise Invalid(
            *(Fault(one.code, one.detail, pointer="/file") for one in invalid.faults)
        ) from None
