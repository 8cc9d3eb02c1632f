"""Work that came to a standstill, over JSON: seen by those who read everything, and set going or
dropped by administrators."""

from fastapi import Response

from app.people.call import Changing, Posting, Reading, router
from app.rest.bodies import no_content
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId
from app.rest.problems import problems
from app.stalled import service
from app.stalled.schemas import StalledWork, stalled_json

stalled_work = router("/stalled-work", tag="stalled-work")


@stalled_work.get("", response_model=StalledWork)
def list_stalled_work(call: Reading, page: AskedPage) -> Response:
    """What the product was to do by itself and gave up, the newest first."""
    before_id = None
    match page.keyed(int):
        case (int(item_id),):
            before_id = item_id
    rows = service.page(call.session, call.person, before_id=before_id, limit=page.limit + 1)
    return page_response(page, rows, key=lambda item: (item.number,), shown=stalled_json)


@stalled_work.post("/{work_id}/retry", status_code=204, responses=problems(404, 409))
def retry_work(call: Posting, work_id: PathId) -> Response:
    """Try it again, at once and from the start; twice is the same as once."""
    service.retry(call.session, call.person, work_id, now=call.now)
    return no_content()


@stalled_work.delete("/{work_id}", status_code=204, responses=problems(404, 409))
def drop_work(call: Changing, work_id: PathId) -> Response:
    """Drop it: it is never done."""
    service.drop(call.session, call.person, work_id, now=call.now)
    return no_content()
