"""What a client may send about follow-ups."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from app.follow_ups.models import Better, Health
from app.handovers.forms import StepForm
from app.rest.forms import Form, left_out
from app.text import Day, Id, Line, OptionalProse, Prose

_NUMBER = r"^[+-]?[0-9]{1,11}([.][0-9]{1,4})?$"


def _in_digits(value: object, read: ValidatorFunctionWrapHandler) -> Decimal:
    """As text it is written in digits: no exponents, blanks or digits of other scripts."""
    number: Decimal = read(value)
    if isinstance(value, str) and not re.fullmatch(_NUMBER, value):
        raise PydanticCustomError("decimal_parsing", "a number in digits")
    return number


# SQLite keeps it as a float, which holds every number of 15 digits exactly.
Measure = Annotated[
    Decimal,
    Field(
        max_digits=15,
        decimal_places=4,
        json_schema_extra={"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER}]},
    ),
    WrapValidator(_in_digits),
]


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
