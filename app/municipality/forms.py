"""What may be sent to change the settings: the same limits as in the environment."""

from typing import Annotated

from pydantic import Field, Strict

from app.changeable import Days, FewDays, MailOrNothing, Name, ReceiptBy, Weeks, Workdays
from app.rest.forms import Form
from app.text import OptionalLine

# The environment knows only text; JSON has numbers, and true is none.
_Days = Annotated[Days, Strict()]
_FewDays = Annotated[FewDays, Strict()]
_Workdays = Annotated[Workdays, Strict()]


class SettingsChange(Form):
    """What is left out stays as it is; null is back to the default."""

    organisation: Name | None = Field(None, description="What the municipality is called.")
    contact_mail: MailOrNothing | None = Field(
        None, description="The secretariat's address, in the foot of every page."
    )
    welcome: OptionalLine | None = Field(
        None, description="A line on the page where people sign in."
    )
    patience_delivered: _Days | None = Field(None, description="Working days until at the door.")
    patience_acknowledged: _Days | None = Field(None, description="Working days of patience.")
    patience_accepted: _Days | None = Field(None, description="Working days of patience.")
    patience_trial: _Days | None = Field(None, description="Days of patience.")
    patience_in_use: _Days | None = Field(None, description="Days of patience.")
    patience_anchored: _Days | None = Field(None, description="Days until the yearly look.")
    forgotten_days: _Days | None = Field(None, description="Days until shown as forgotten.")
    anchor_days: _Days | None = Field(None, description="Days in use before anchoring.")
    pause_days: _Days | None = Field(None, description="The longest pause at a time.")
    early_days: _FewDays | None = Field(
        None, description="How many days early a follow-up counts as the one due."
    )
    reminder_workdays: _Workdays | None = Field(
        None, description="Working days from one reminder to the next, and to each lift."
    )
    quiet_weeks: Weeks | None = Field(
        None, description="ISO weeks in which no working day is counted, by commas."
    )
    receipt_by: ReceiptBy | None = Field(
        None, description="`sign_in`, or `mail`: also by a link in the mail, without signing in."
    )
