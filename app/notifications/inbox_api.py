"""What I have been told, over JSON."""

from typing import Annotated

from fastapi import Query, Response

from app.notifications import inbox
from app.notifications.schemas import Notifications, notification_json
from app.people.call import Posting, Reading, router
from app.rest.bodies import no_content
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId
from app.rest.problems import problems

my_notifications = router("/me/notifications", tag="notifications")


@my_notifications.get("", response_model=Notifications)
def list_notifications(
    call: Reading,
    page: AskedPage,
    is_read: Annotated[
        bool | None, Query(description="Only those that are read, or are not.")
    ] = None,
) -> Response:
    """What I have been told, and why, newest first."""
    before_id = None
    match page.keyed(int):
        case (int(message_id),):
            before_id = message_id
    found = inbox.page(
        call.rows,
        call.person,
        today=call.today,
        before_id=before_id,
        limit=page.limit + 1,
        is_read=is_read,
    )
    return page_response(page, found, key=lambda row: (row["id"],), shown=notification_json)


@my_notifications.post("/{notification_id}/read", status_code=204, responses=problems(404))
def read_notification(call: Posting, notification_id: PathId) -> Response:
    """I have read it, and what came before it of the same handover; twice is the same as once."""
    inbox.mark_read(call.session, call.person.id, notification_id, now=call.now)
    return no_content()
