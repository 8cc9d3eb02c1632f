"""What is told of a handover over JSON: its owners, its notes and its story."""

from fastapi import Response

from app.eventlog import queries as eventlog
from app.handovers import queries
from app.handovers.forms import NewNote
from app.handovers.schemas import NoteOut, Notes, Owners, Story, note_json, owner_json
from app.handovers.service import noting
from app.handovers.service.deed import Asked
from app.handovers.story import STORY, told
from app.i18n import locale_of
from app.people.call import Posting, Reading, router
from app.rest.bodies import resource
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId
from app.rest.problems import problems

told_of = router("/handovers/{handover_id}", tag="handovers")


@told_of.get("/owners", response_model=Owners, responses=problems(404))
def list_owners(call: Reading, handover_id: PathId) -> Response:
    """Everyone who has owned it, the present owner last."""
    queries.must_see(call.rows, call.person, handover_id, today=call.today)
    rows = queries.owner_rows(call.session, handover_id)
    return resource({"items": [owner_json(ownership, name) for ownership, name in rows]})


@told_of.get("/notes", response_model=Notes, responses=problems(404))
def list_notes(call: Reading, handover_id: PathId, page: AskedPage) -> Response:
    """Notes in the order they were written."""
    queries.must_see(call.rows, call.person, handover_id, today=call.today)
    rows = queries.notes(call.session, handover_id, after_id=page.after_id, limit=page.limit + 1)
    return page_response(
        page, rows, key=lambda row: (row[0].id or 0,), shown=lambda row: note_json(*row)
    )


@told_of.post("/notes", status_code=201, response_model=NoteOut, responses=problems(404))
def write_note(call: Posting, handover_id: PathId, form: NewNote) -> Response:
    """Write a note. By the receiving side it is a sign of life."""
    note = noting.write_note(
        call.session,
        Asked(call.person, on_behalf_of_id=form.on_behalf_of_id),
        handover_id,
        text=form.text,
        now=call.now,
    )
    location = f"/api/v1/handovers/{handover_id}/notes"
    return resource(note_json(note, call.person.name), status=201, location=location)


@told_of.get("/story", response_model=Story, responses=problems(404))
def read_story(call: Reading, handover_id: PathId, page: AskedPage) -> Response:
    """All that happened, oldest first, in the language of Accept-Language."""
    queries.must_see(call.rows, call.person, handover_id, today=call.today)
    events = eventlog.page(
        call.rows,
        STORY,
        parameters={"handover_id": handover_id},
        after_id=page.after_id,
        limit=page.limit + 1,
    )
    locale = locale_of(call.request.headers.get("accept-language", ""))
    entries = told(call.rows, events, locale)
    return page_response(
        page, entries, key=lambda entry: (entry["event_id"],), shown=lambda entry: entry
    )
