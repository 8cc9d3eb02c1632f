"""What a client may send about gifts."""

from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BeforeValidator, Field, UrlConstraints

from app.rest.forms import Form, left_out
from app.text import Id, Line, OptionalLine, OptionalProse, written_address

WebAddress = Annotated[
    AnyHttpUrl, UrlConstraints(max_length=1000), BeforeValidator(written_address)
]


class NewGift(Form):
    """Only the title is needed to begin; `missing` in the answer says what delivery needs."""

    network_id: Id
    title: Line = Field(examples=["Overgangsmødet ved 17½"])
    summary: OptionalProse = Field("", description="The gift in one sentence.")
    citizen_value: OptionalProse = Field("", description="What gets better for the citizen.")
    ask: OptionalProse = Field("", description="What is asked of the receiver.")
    target_group: OptionalProse = ""
    success_criterion: OptionalProse = ""
    baseline: OptionalProse = Field("", description="Where the success criterion starts from.")
    how_to_continue: OptionalProse = ""


class NewGiftAndContact(NewGift):
    """On a page: with somebody who can be asked about it."""

    contact_id: Id | None = None


class GiftChange(Form):
    title: Line = left_out()
    summary: OptionalProse = left_out()
    citizen_value: OptionalProse = left_out()
    ask: OptionalProse = left_out()
    target_group: OptionalProse = left_out()
    success_criterion: OptionalProse = left_out()
    baseline: OptionalProse = left_out()
    how_to_continue: OptionalProse = left_out()
    change: Literal["minor", "material"] | None = Field(
        None,
        description="Needed once the gift has been given. `material` makes a new edition: receipts"
        " that are not yet trials are void, and receivers see it again.",
    )
    changes: OptionalProse = Field("", description="What is new in the edition, in one sentence.")


class NewContact(Form):
    person_id: Id


class NewLink(Form):
    title: OptionalLine = ""
    url: WebAddress = Field(examples=["https://lindborg.example/overgangsmoedet"])


class FileTitle(Form):
    """On a page: what the file is called there; its own name where nothing is said."""

    title: OptionalLine = ""
