"""What a client may send about webhooks."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.rest.forms import Form, left_out
from app.text import Id, Line, on_one_line
from app.webhooks.models import LONGEST_URL, Format

MOST_TYPES = 100
Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_URL),
    AfterValidator(on_one_line),
    Field(examples=["https://intranet.lindborg.example/gavebordet"]),
]
EventType = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}\.[a-z_]{1,40}$")]
EventTypes = Annotated[list[EventType], Field(max_length=MOST_TYPES)]


class NewWebhook(Form):
    name: Line = Field(examples=["Intranettet"])
    url: Url = Field(
        description="Where to send it. Https, or http to a place that the operator has allowed."
        " Treated as a secret: it is never shown again in full."
    )
    format: Format = Format.STANDARD
    event_types: EventTypes = Field(
        default_factory=list,
        description="Which events. None in the list means all about gifts, handovers, follow-ups,"
        " networks and units.",
    )
    unit_id: Id | None = Field(
        None, description="Only what happens to this unit and those below it; null for everything."
    )


class WebhookChange(Form):
    name: Line = left_out()
    url: Url = left_out()
    format: Format = left_out()
    event_types: EventTypes = left_out()
    unit_id: Id | None = None
