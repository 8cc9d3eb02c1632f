"""Indlæs: a file is sent, looked through, and applied when somebody says so."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO

from fastapi import Response
from starlette.background import BackgroundTask

from app.browsers import download_headers
from app.errors import Fault, Invalid, Message, NotFound
from app.gifts.events import ContactAdded
from app.i18n import translate
from app.importing import files, findings, queries, runs
from app.importing.columns import COLUMNS, SheetKind
from app.importing.forms import SentKind
from app.importing.importer import Importer, Order
from app.importing.models import ImportRun, RunState
from app.importing.rights import importable, may_see_imports
from app.importing.samples import sample, written
from app.importing.schemas import SHOWN, summary_json
from app.pages import import_words
from app.pages.drawn import drawn
from app.pages.hearing import Hears, hear_if_chosen
from app.people.file_forms import FileForm, with_file
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_register
from app.people.visit import SentFile, Visit, see_other
from app.text import digits
from app.units.events import PostFilled

importing = pages()
_NEW_LEADERS = Message("nye ledere, hvis noget venter i deres enhed")
_NEW_CONTACTS = Message("nye kontaktpersoner")
LATEST = 20
SECONDS_A_ROW = 0.002
"""As measured; docs/importing.md has the figures."""
_WORTH_SAYING = 2


@importing.get("/imports")
def show_imports(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_see_imports(me)
    before_id = digits(visit.query.get("before", ""))
    found = queries.page(visit.session, before_id=before_id, limit=LATEST + 1)
    importer: Importer = visit.state.imports
    return drawn(
        visit,
        "imports/imports.html",
        told=import_words,
        columns=COLUMNS,
        kinds=[
            (kind, translate(import_words.kinds[kind], visit.locale)) for kind in importable(me)
        ],
        latest=[summary_json(one, importer, now=visit.now) for one in found[:LATEST]],
        is_first=before_id is None,
        has_older=len(found) > LATEST,
        days=runs.KEPT_DAYS,
    )


def _may_send(visit: Visit) -> None:
    """Before the file is read. What it is about, is not known yet."""
    may_register(visit.changer())


def _arriving(visit: Visit) -> AbstractContextManager[IO[bytes]]:
    return files.arriving(visit.settings.imports_dir)


@importing.post("/imports")
@with_file(FileForm(may=_may_send, arriving=_arriving))
@stands_on(show_imports)
def send_file(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    kind, file = _sent(visit)
    with _of_the_file():
        run = runs.receive(
            visit.session,
            me,
            kind=kind,
            filename=file.name,
            file=file.content,
            folder=visit.settings.imports_dir,
            now=visit.now,
        )
    response = see_other(f"/imports/{run.key}")
    response.background = BackgroundTask(visit.state.imports.read, _order(visit, run))
    return response


def _hears(kind: SheetKind) -> Hears:
    """Of what is in the file, nobody is named: there may be many."""
    match kind:
        case SheetKind.UNITS:
            return hear_if_chosen(PostFilled.type, who=_NEW_LEADERS, has_open=True)
        case SheetKind.GIFTS:
            return hear_if_chosen(ContactAdded.type, who=_NEW_CONTACTS)
        case SheetKind.PEOPLE:
            return {}
    raise ValueError(kind)


def _sent(visit: Visit) -> tuple[SheetKind, SentFile]:
    """Whatever is missing is told at once."""
    missing = () if visit.file else (Fault("missing", files.EMPTY, pointer="/file"),)
    try:
        kind = visit.read(SentKind, kind=Message("Vælg, hvad filen handler om.")).kind
    except Invalid as invalid:
        raise Invalid(*invalid.faults, *missing) from None
    if visit.file is None:
        raise Invalid(*missing)
    return kind, visit.file


@importing.get("/imports/example/{name}")
def show_example(visit: Visit) -> Response:
    may_see_imports(visit.must_be_signed_in())
    kind, _, ending = str(visit.request.path_params["name"]).partition(".")
    if kind not in set(SheetKind) or ending != "csv":
        raise NotFound
    return _download(sample(SheetKind(kind)), f"{kind}.csv")


@importing.get("/imports/{import_id}")
def show_import(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_see_imports(me)
    named = queries.get(visit.session, visit.id("import_id"))
    run, importer = named[0], visit.state.imports
    return drawn(
        visit,
        "imports/import.html",
        told=import_words,
        run=summary_json(named, importer, now=visit.now),
        may_apply=run.kind in importable(me),
        hears=_hears(run.kind),
        waits=_waits(visit, run),
        problems=findings.problems_of(run.problems[:SHOWN]),
        most_problems=findings.MOST_PROBLEMS,
        new=findings.steps_of(run.steps, "new"),
        changed=findings.steps_of(run.steps, "changed"),
        lasted=_lasted(run),
    )


@importing.get("/imports/{import_id}/problems.csv")
def show_problems(visit: Visit) -> Response:
    may_see_imports(visit.must_be_signed_in())
    run, *_ = queries.get(visit.session, visit.id("import_id"))
    heading = [Message("Række"), Message("Kolonne"), Message("Hvad der skal rettes")]
    rows = [
        [
            str(one.row) if one.row != findings.WHOLE_FILE else "",
            one.column or "",
            translate(one.message, visit.locale),
        ]
        for one in findings.problems_of(run.problems)
    ]
    heads = [translate(one, visit.locale) for one in heading]
    return _download(written([heads, *rows]), f"import-{run.key}.csv")


@importing.post("/imports/{import_id}/application")
@stands_on(show_import)
def apply_import(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_see_imports(me)
    importer: Importer = visit.state.imports
    run = runs.start(
        visit.session,
        me,
        visit.id("import_id"),
        here=importer.here,
        folder=visit.settings.imports_dir,
        now=visit.now,
    )
    response = see_other(f"/imports/{run.key}")
    response.background = BackgroundTask(importer.apply, _order(visit, run))
    return response


def _order(visit: Visit, run: ImportRun) -> Order:
    folder = visit.settings.imports_dir
    return Order.of(run, visit.state.database, folder, visit.must_be_signed_in())


def _waits(visit: Visit, run: ImportRun) -> int:
    """For about how many seconds others cannot change anything; 0 where it is not worth saying."""
    seconds = round((run.rows_new + run.rows_changed) * SECONDS_A_ROW)
    return seconds if visit.state.database.is_sqlite and seconds >= _WORTH_SAYING else 0


def _lasted(run: ImportRun) -> Message | None:
    if run.state is not RunState.APPLIED or run.started_at is None or run.finished_at is None:
        return None
    return import_words.lasted((run.finished_at - run.started_at).total_seconds())


def _download(content: bytes, filename: str) -> Response:
    return Response(content, 200, download_headers(filename), "text/csv; charset=utf-8")


@contextmanager
def _of_the_file() -> Iterator[None]:
    """Whatever is wrong in here is wrong with the file that was chosen."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(
            *(Fault(one.code, one.detail, pointer="/file") for one in invalid.faults)
        ) from None
