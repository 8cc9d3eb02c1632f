"""When one wants one's mail, over JSON. Each for themselves."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field, Strict

from app.notifications import choices
from app.notifications.choices import Choice
from app.notifications.models import HowMuch
from app.people.call import Changing, Reading, router
from app.rest.bodies import resource
from app.rest.forms import Form
from app.rest.matching import RequiredVersion
from app.rest.problems import problems

my_mail = router("/me/mail", tag="people")


class MailChoiceForm(Form):
    hour: Annotated[int, Strict()] = Field(
        ge=0, le=23, description="When it is sent on working days, on the clock in Denmark."
    )
    how_much: HowMuch = Field(
        description="`all`, only what is `needed` of one, or `none`. The pages have it all."
    )


class MailChoiceOut(BaseModel):
    """When mail is sent to the person that the key belongs to, and how much."""

    version: int
    hour: int
    how_much: HowMuch


@my_mail.get("", response_model=MailChoiceOut)
def read_mail_choice(call: Reading) -> Response:
    """When one gets mail, and how much; also where one has not chosen."""
    return _shown(choices.choice_of(call.rows, call.person.id))


@my_mail.put("", response_model=MailChoiceOut, responses=problems(409, 412, 428))
def choose_mail(call: Changing, form: MailChoiceForm, version: RequiredVersion) -> Response:
    """Choose when one gets mail, and how much."""
    return _shown(
        choices.choose(
            call.session,
            call.person.id,
            hour=form.hour,
            how_much=form.how_much,
            version=version,
            now=call.now,
        )
    )


def _shown(choice: Choice) -> Response:
    body = {"version": choice.version, "hour": choice.hour, "how_much": choice.how_much}
    return resource(body)
