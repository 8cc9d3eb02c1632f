"""What the rows of a file may say. An empty cell says nothing: its field is None."""

import re
from typing import Annotated

from pydantic import BeforeValidator

from app.importing.columns import SheetKind
from app.rest.forms import Form
from app.text import Line, Mail, OptionalProse, Phone


def _separated(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text) if part]


class UnitRow(Form):
    external_id: Line | None = None
    name: Line | None = None
    short_name: Line | None = None
    parent: Line | None = None
    leader: Mail | None = None


class PersonRow(Form):
    mail: Mail | None = None
    name: Line | None = None
    phone: Phone | None = None
    title: Line | None = None
    unit: Line | None = None


class GiftRow(Form):
    network: Line | None = None
    title: Line | None = None
    summary: OptionalProse | None = None
    citizen_value: OptionalProse | None = None
    ask: OptionalProse | None = None
    target_group: OptionalProse | None = None
    success_criterion: OptionalProse | None = None
    baseline: OptionalProse | None = None
    how_to_continue: OptionalProse | None = None
    contacts: Annotated[list[Mail], BeforeValidator(_separated)] | None = None


class SentKind(Form):
    """What the file that is sent is about."""

    kind: SheetKind
