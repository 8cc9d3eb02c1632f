"""Imports over JSON. A file is sent as the body itself, read at once, and applied when asked."""

import re
from collections.abc import AsyncIterator
from typing import IO, Annotated

from fastapi import Depends, Query, Response
from starlette.background import BackgroundTask

from app.gifts.files import LONGEST_NAME
from app.i18n import locale_of
from app.importing import files, queries, runs
from app.importing.columns import SheetKind
from app.importing.importer import Importer, Order
from app.importing.models import ImportRun
from app.importing.rights import may_see_imports
from app.importing.schemas import ImportOut, Imports, ImportSummary, import_json, summary_json
from app.people.call import Call, Posting, Reading, router
from app.rest.bodies import resource
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId
from app.rest.problems import problems

imports = router("/imports", tag="imports")
UPLOADS = re.compile(r"(/api/v1)?/imports")
"""Where files are posted to, and nothing else: `send_file`, and the same on a page."""
_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


async def sent_file(call: Posting) -> AsyncIterator[IO[bytes]]:
    """The body, of somebody who has shown a good key if it is large."""
    with files.arriving(call.settings.imports_dir) as file:
        async for chunk in call.request.stream():
            file.write(chunk)
        file.seek(0)
        yield file


SentFile = Annotated[IO[bytes], Depends(sent_file)]


@imports.post(
    "",
    status_code=201,
    response_model=ImportSummary,
    responses=problems(413),
    openapi_extra={"requestBody": {"required": True, "content": _BINARY}},
)
def send_file(
    call: Posting,
    file: SentFile,
    kind: Annotated[SheetKind, Query(description="What the file is about.", examples=["units"])],
    filename: Annotated[
        str, Query(min_length=1, max_length=LONGEST_NAME, examples=["enheder.csv"])
    ],
) -> Response:
    """Bring a file: the body is the file. It is read at once, and nothing is changed: ask for it
    again to see what was found, until its state is `faulty` or `ready`."""
    run = runs.receive(
        call.session,
        call.person,
        kind=kind,
        filename=filename,
        file=file,
        folder=call.settings.imports_dir,
        now=call.now,
    )
    importer: Importer = call.state.imports
    answer = summary_json(queries.get(call.session, run.key), importer, now=call.now)
    response = resource(answer, status=201, location=f"/api/v1/imports/{run.key}")
    response.background = BackgroundTask(importer.read, _order(call, run))
    return response


@imports.get("", response_model=Imports)
def list_imports(call: Reading, page: AskedPage) -> Response:
    """Files that were brought in the last 90 days, the newest first."""
    may_see_imports(call.person)
    before_id = None
    match page.keyed(int):
        case (int(run_id),):
            before_id = run_id
    rows = queries.page(call.session, before_id=before_id, limit=page.limit + 1)
    importer: Importer = call.state.imports
    return page_response(
        page,
        rows,
        key=lambda named: (named[0].key,),
        shown=lambda named: summary_json(named, importer, now=call.now),
    )


@imports.get("/{import_id}", response_model=ImportOut, responses=problems(404))
def read_import(call: Reading, import_id: PathId) -> Response:
    """What was found in the file, in the language of Accept-Language, and what became of it."""
    may_see_imports(call.person)
    named = queries.get(call.session, import_id)
    locale = locale_of(call.request.headers.get("accept-language", ""))
    return resource(import_json(named, call.state.imports, locale=locale, now=call.now))


@imports.post(
    "/{import_id}/application",
    status_code=202,
    response_model=ImportSummary,
    responses=problems(404),
)
def apply_import(call: Posting, import_id: PathId) -> Response:
    """Do what the file says: all of it, or nothing. The answer comes at once: ask for the import to
    see how far it is, until its state is no longer `running`."""
    may_see_imports(call.person)
    importer: Importer = call.state.imports
    run = runs.start(
        call.session,
        call.person,
        import_id,
        here=importer.here,
        folder=call.settings.imports_dir,
        now=call.now,
    )
    answer = summary_json(queries.get(call.session, run.key), importer, now=call.now)
    response = resource(answer, status=202)
    response.background = BackgroundTask(importer.apply, _order(call, run))
    return response


def _order(call: Call, run: ImportRun) -> Order:
    return Order.of(run, call.state.database, call.settings.imports_dir, call.person)
