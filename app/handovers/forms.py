"""What a client may send about handovers."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.handovers.models import Kind, ReasonKind, Ripple
from app.handovers.service.deed import RippleAnswer
from app.rest.forms import Form, left_out
from app.text import Day, Id, Line, OptionalProse, Prose

MOST_UNITS = 100
"""Units that a gift is given to at once, and that one handover touches."""
ON_BEHALF = "For the secretariat: the person who said it. Both names are kept."
OnBehalf = Field(None, description=ON_BEHALF)


class StepForm(Form):
    """Nothing more is needed."""

    on_behalf_of_id: Id | None = OnBehalf


class RippleForm(Form):
    """What does it mean for others? Units, none, or not known yet."""

    answer: Ripple
    unit_ids: list[Id] = Field(default_factory=list, max_length=MOST_UNITS, validate_default=True)

    @field_validator("unit_ids")
    @classmethod
    def _agree(cls, value: list[int], asked: ValidationInfo) -> list[int]:
        if "answer" in asked.data and (asked.data["answer"] is Ripple.UNITS) != bool(value):
            raise PydanticCustomError("ripple_contradicts", "units go with the answer units")
        return value

    def answered(self) -> RippleAnswer:
        return RippleAnswer(self.answer, tuple(self.unit_ids))


class NewHandover(Form):
    gift_id: Id
    unit_id: Id
    kind: Kind | None = Field(
        None, description="Lead or co. Left out: lead for the first of the gift, then co."
    )


class GiftRequest(StepForm):
    unit_id: Id = Field(description="The unit that asks; you lead it, or stand in for who does.")
    why: Prose = Field(description="What the unit will use the gift for.")


class HandoverChange(Form):
    """The giver changes `kind` and, before delivery, `unit_id`. Where one is made lead, the former
    lead is co; as long as others are open, it is co in no other way."""

    kind: Kind = left_out()
    unit_id: Id = left_out()


class Aim(Form):
    """On a page: another unit for what has not been received."""

    unit_id: Id


class Delivery(StepForm):
    ripple: RippleForm = Field(description="The units that will feel it, have been thought of.")


class DeliveryToMany(Form):
    """On a page: the same gift to several units at once, so far as `step` says."""

    step: Literal["deliver", "announce", "draft"]
    unit_ids: list[Id] = Field(min_length=1, max_length=MOST_UNITS)
    lead_unit_id: Id | None = None
    ripple: RippleForm | None = None


class PauseForm(Form):
    until: Day = Field(description="The first day it is not paused any more.")
    reason: Line


class Receipt(StepForm):
    """Nothing is required: seen and received. With `pause` it says: yes, but not now."""

    pause: PauseForm | None = None


class AcceptanceForm(StepForm):
    owner_id: Id = Field(description="The owner in the unit; the leader may stand as owner.")
    next_on: Day = Field(description="The day of the next step.", examples=["2026-04-01"])
    read_back: OptionalProse = Field("", description="In your own words: what you have got.")
    first_step: OptionalProse = ""
    ripple: RippleForm | None = None


class Question(StepForm):
    question: Prose


class Refusal(StepForm):
    reason_kind: ReasonKind
    reason: Prose
    counter_proposal: OptionalProse = ""


class PassingOn(StepForm):
    to_unit_id: Id = Field(description="The unit that is better placed.")
    reason: Prose


class Reason(StepForm):
    reason: Prose


class PlanForm(StepForm):
    read_back: Prose = left_out()
    first_step: Prose = left_out()
    next_on: Day = left_out()
    support_until_on: Day = left_out()
    exit_criteria: Prose = left_out()


class TrialForm(PlanForm):
    question: Prose = Field(description="What to find out.")
    from_on: Day | None = Field(None, description="First day; today when left out.")
    to_on: Day = Field(
        description="Last day; life is due then, or on `next_on` where that is earlier."
    )


class UseForm(PlanForm):
    practice: Prose = Field(description="What is done differently now.")
    trial_result: OptionalProse = Field("", description="Required after a trial.")
    ripple: RippleForm


class AnchoringForm(StepForm):
    success: Prose = Field(description="The success criterion, looked at again.")
    citizen_value: Prose = Field(description="Is it better for the citizen? Looked at again.")


class Ending(StepForm):
    reason: Prose
    learned: Prose
    ripple: RippleForm


class PauseRequest(StepForm, PauseForm):
    pass


class RippleRequest(StepForm, RippleForm):
    pass


class OwnerForm(StepForm):
    owner_id: Id


class NewNote(StepForm):
    text: Prose
