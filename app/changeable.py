"""The settings that an administrator may change while the product runs, and what each may be.
Pure: the same types hold what the environment says and what a form says."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from app.text import LONGEST_MAIL, OptionalLine, is_mail, on_one_line, written

WORKING_WEEKS = 26
"""So many weeks of a year are never quiet; without working days, no day would ever be due."""


def numbers(weeks: str) -> frozenset[int]:
    return frozenset(int(week) for week in weeks.split(",") if week.strip())


def _weeks(value: str) -> str:
    try:
        weeks = numbers(value)
    except ValueError:
        weeks = frozenset({0})
    if not weeks <= frozenset(range(1, 54)):
        raise PydanticCustomError("week_numbers", "week numbers, separated by commas")
    # Most years have no week 53.
    if 52 - len(weeks - {53}) < WORKING_WEEKS:
        raise PydanticCustomError(
            "too_quiet", "{least} weeks must be left", {"least": WORKING_WEEKS}
        )
    return ",".join(str(week) for week in sorted(weeks))


def _mail_or_nothing(value: str) -> str:
    if value and not is_mail(value):
        raise PydanticCustomError("mail_address", "not a mail address")
    return value


class ReceiptBy(StrEnum):
    """How a leader may acknowledge a gift. Everything else is answered signed in."""

    SIGN_IN = "sign_in"
    MAIL = "mail"


Days = Annotated[int, Field(ge=1, le=3650)]
Workdays = Annotated[int, Field(ge=1, le=30)]
FewDays = Annotated[int, Field(ge=0, le=90)]
Weeks = Annotated[str, StringConstraints(max_length=200), AfterValidator(_weeks)]
Name = Annotated[
    str, StringConstraints(max_length=80), AfterValidator(written), AfterValidator(on_one_line)
]
MailOrNothing = Annotated[
    str,
    StringConstraints(max_length=LONGEST_MAIL),
    AfterValidator(written),
    AfterValidator(_mail_or_nothing),
]


class ChangeableSettings(BaseSettings):
    """What the environment says of these, counts until an administrator says something else."""

    organisation: Name = Field("", description="What the municipality is called.")
    contact_mail: MailOrNothing = Field(
        "", description="The secretariat's address, in the foot of every page. Empty: none."
    )
    welcome: OptionalLine = Field(
        "", description="A line of the municipality's own on the page where people sign in."
    )

    patience_delivered: Days = Field(10, description="Delivered: working days until at the door.")
    patience_acknowledged: Days = Field(20, description="Acknowledged: working days of patience.")
    patience_accepted: Days = Field(30, description="Accepted: working days of patience.")
    patience_trial: Days = Field(90, description="Trial: days of patience.")
    patience_in_use: Days = Field(90, description="In use: days of patience.")
    patience_anchored: Days = Field(365, description="Anchored: days until the yearly look.")
    forgotten_days: Days = Field(180, description="Days without life until shown as forgotten.")
    anchor_days: Days = Field(180, description="Days in use before a gift can be anchored.")
    pause_days: Days = Field(180, description="The longest pause at a time, in days.")
    early_days: FewDays = Field(
        7, description="How many days early a follow-up counts as the one due."
    )
    reminder_workdays: Workdays = Field(
        5, description="Working days from one reminder to the next, and to each lift."
    )
    quiet_weeks: Weeks = Field(
        "28,29,30", description="ISO weeks in which no working day is counted, by commas."
    )
    receipt_by: ReceiptBy = Field(
        ReceiptBy.SIGN_IN,
        description="`mail`: a leader may acknowledge by a link in the mail, without signing in.",
    )

    @property
    def weeks(self) -> frozenset[int]:
        return numbers(self.quiet_weeks)


CHANGEABLE = tuple(ChangeableSettings.model_fields)
"""Their names."""
