"""The links and files of a gift over JSON. A file is sent as the body itself."""

import logging
import re
from collections.abc import AsyncIterator
from typing import IO, Annotated

from fastapi import Depends, Query, Response
from pydantic import BaseModel

from app.errors import NotFound
from app.gifts import files, materials, queries
from app.gifts.forms import NewLink
from app.gifts.schemas import MaterialOut, material_json
from app.people.call import Changing, Posting, Reading, router
from app.rest.bodies import no_content, resource
from app.rest.downloads import Download
from app.rest.paths import PathId
from app.rest.problems import problems
from app.text import OptionalLine

_log = logging.getLogger(__name__)
gift_materials = router("/gifts/{gift_id}", tag="gifts")
UPLOADS = re.compile(r"(/api/v1)?/gifts/[0-9]+/files")
"""Where files are posted to, and nothing else: `add_file`, and the same on a page."""


class Materials(BaseModel):
    items: list[MaterialOut]


async def sent_file(call: Posting) -> AsyncIterator[IO[bytes]]:
    """The body, of somebody who has shown a good key if it is large: strangers do not fill the
    disk, and nobody the memory. It is gone with the request, also where the process is killed."""
    with files.arriving(call.settings.files_dir) as file:
        async for chunk in call.request.stream():
            file.write(chunk)
        file.seek(0)
        yield file


SentFile = Annotated[IO[bytes], Depends(sent_file)]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_BINARY = {"application/octet-stream": _FILE}


@gift_materials.get("/materials", response_model=Materials, responses=problems(404))
def list_materials(call: Reading, gift_id: PathId) -> Response:
    """Links and files that lie with the gift."""
    queries.get(call.session, call.person, gift_id, today=call.today)
    rows = queries.materials(call.session, gift_id)
    return resource({"items": [material_json(material) for material in rows]})


@gift_materials.post("/links", status_code=201, response_model=MaterialOut, responses=problems(404))
def add_link(call: Posting, gift_id: PathId, form: NewLink) -> Response:
    """Lay a link with the gift."""
    material = materials.add_link(
        call.session,
        call.person,
        gift_id,
        title=form.title or str(form.url)[:200],
        url=str(form.url),
        now=call.now,
    )
    location = f"/api/v1/gifts/{gift_id}/materials"
    return resource(material_json(material), status=201, location=location)


@gift_materials.post(
    "/files",
    status_code=201,
    response_model=MaterialOut,
    responses=problems(404, 413, 415),
    openapi_extra={"requestBody": {"required": True, "content": _BINARY}},
)
def add_file(
    call: Posting,
    gift_id: PathId,
    file: SentFile,
    filename: Annotated[str, Query(min_length=1, max_length=200, examples=["dagsorden.pdf"])],
    title: Annotated[OptionalLine, Query()] = "",
) -> Response:
    """Lay a file with the gift: the body is the file, `filename` its name. What it is, is read
    from its content, and must agree with the name."""
    material = materials.add_file(
        call.session,
        call.person,
        gift_id,
        title=title,
        filename=filename,
        data=file.read(),
        folder=call.settings.files_dir,
        now=call.now,
    )
    location = f"/api/v1/gifts/{gift_id}/materials/{material.id}/content"
    return resource(material_json(material), status=201, location=location)


@gift_materials.delete(
    "/materials/{material_id}", status_code=204, response_model=None, responses=problems(404)
)
def remove_material(call: Changing, gift_id: PathId, material_id: PathId) -> Response:
    """Take a link or file off the gift."""
    materials.remove(call.session, call.person, gift_id, material_id, now=call.now)
    return no_content()


@gift_materials.get(
    "/materials/{material_id}/content",
    response_class=Download,
    responses={
        200: {"description": "The file.", "content": {kind: _FILE for kind in files.KINDS}},
        **problems(404, 416),
    },
)
def read_content(call: Reading, gift_id: PathId, material_id: PathId) -> Response:
    """The file itself, always as a download; or a part of it, as Range says."""
    queries.get(call.session, call.person, gift_id, today=call.today)
    material = queries.material(call.session, gift_id, material_id)
    if material.digest is None or material.filename is None:
        raise NotFound
    path = files.path_of(call.settings.files_dir, material.digest)
    if not path.is_file():
        _log.warning("The file of material %s is not on the disk: %s", material_id, path)
        raise NotFound
    return Download(
        path,
        media_type=material.media_type,
        filename=material.filename,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-cache",
        },
    )
