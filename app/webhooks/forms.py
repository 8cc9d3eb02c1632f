"""What a client may send about webhooks."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticKnownError

from app.rest.forms import Form, left_out
from app.text import Id, Line, on_one_line, written_address
from app.webhooks.models import LONGEST_URL, Format

MOST_TYPES = 100
_ADDRESS = TypeAdapter(AnyHttpUrl)


def _an_address(value: object) -> object:
    """As it was written: whether webhooks may go there is asked later, of what is kept."""
    if isinstance(written_address(value), str):
        try:
            _ADDRESS.validate_python(value)
        except ValidationError as error:
            (fault,) = error.errors()
            raise PydanticKnownError(fault["type"], fault.get("ctx")) from None  # type: ignore[arg-type]
    return value


Url = Annotated[
    str,
    BeforeValidator(_an_address),
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
        None,
        description="Only what happens to this unit and those below it; null for everything."
        " Of the events chosen, one at least must be of a kind that happens in a unit: about"
        " handovers, follow-ups or units.",
    )


class WebhookChange(Form):
    name: Line = left_out()
    url: Url = left_out()
    format: Format = left_out()
    event_types: EventTypes = left_out()
    unit_id: Id | None = None
