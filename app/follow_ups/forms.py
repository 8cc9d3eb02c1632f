"""What a client may send about follow-ups."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.follow_ups.models import Better, Health
from app.handovers.forms import StepForm
from app.rest.forms import Form, left_out
from app.text import Day, Id, Line, OptionalProse, Prose

# SQLite keeps it as a float, which holds every number of 15 digits exactly.
Measure = Annotated[Decimal, Field(max_digits=15, decimal_places=4)]


class NewFollowUp(StepForm):
    """`read_back` and `first_step` are required on the first one, where the acceptance did not
    have them."""

    handover_id: Id
    health: Health
    note: Line = Field(description="How it goes, in one line.")
    better: Better = Field(description="Is it still better for the citizen?")
    better_how: OptionalProse = ""
    measured: Measure | None = Field(None, description="The success criterion, measured.")
    next_on: Day | None = Field(None, description="The next date. Left out: by the patience.")
    read_back: Prose = left_out()
    first_step: Prose = left_out()


class FollowUpChange(Form):
    health: Health = left_out()
    note: Line = left_out()
    better: Better = left_out()
    better_how: OptionalProse = left_out()
    measured: Measure | None = None
