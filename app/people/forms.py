"""What a client may send about people."""

from typing import Literal

from pydantic import Field

from app.people.keys import Scope
from app.people.signed_in import Role
from app.rest.forms import Form, left_out
from app.text import Day, Id, Line, Mail, OptionalLine, Phone


class NewPerson(Form):
    name: Line = Field(examples=["Signe Aaskov"])
    mail: Mail | None = Field(None, description="Work mail.", examples=["signe@lindborg.example"])
    phone: Phone | None = Field(None, description="Work phone.", examples=["72 30 41 17"])
    title: OptionalLine = Field("", examples=["Enhedsleder"])
    unit_id: Id | None = Field(None, description="Where the person works.")
    locale: Literal["da", "en"] = "da"


class PersonChange(Form):
    name: Line = left_out()
    mail: Mail | None = None
    phone: Phone | None = None
    title: OptionalLine = left_out()
    unit_id: Id | None = None
    locale: Literal["da", "en"] = left_out()


class RolesForm(Form):
    roles: list[Role] = Field(max_length=10, description="All the roles the person shall hold.")


class NewKey(Form):
    mail: Mail = Field(description="The work mail of the person whose key it is.")
    label: Line = Field(description="What it is used for.")
    scopes: list[Scope] = Field(min_length=1, max_length=10, description="What it is good for.")
    expires_on: Day = Field(description="The last day on which it is good.")
