"""What a client may send about units."""

from pydantic import Field

from app.rest.forms import Form, left_out
from app.text import Day, Id, Line, OptionalLine
from app.units.models import PostKind


class NewUnit(Form):
    name: Line = Field(examples=["Ungeenheden"])
    short_name: OptionalLine = Field("", examples=["Unge"])
    external_id: Line | None = Field(None, description="Its id in the organisation's directory.")
    parent_id: Id | None = Field(None, description="The unit above; null at the top.")


class UnitChange(Form):
    name: Line = left_out()
    short_name: OptionalLine = left_out()
    external_id: Line | None = None
    parent_id: Id | None = Field(None, description="Moves the unit, with all that is under it.")


class NewPost(Form):
    person_id: Id
    kind: PostKind
    from_on: Day | None = Field(None, description="First day; today when left out.")
    to_on: Day | None = Field(None, description="Last day; open when left out.")


class PostEnding(Form):
    to_on: Day | None = Field(None, description="Last day; today when left out.")


class UnitClosing(Form):
    successor_id: Id | None = Field(
        None,
        description="Takes over people, units below and open handovers. Without one, the open"
        " handovers go to the secretariat's list.",
    )


class UnitMerger(Form):
    unit_ids: list[Id] = Field(min_length=1, max_length=50, description="Closed into this one.")
