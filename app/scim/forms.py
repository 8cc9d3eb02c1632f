"""What is kept of what the directory sends: as bounded and readable as what people write."""

import re
import unicodedata
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, StringConstraints, ValidationError

from app.rest.faults import invalid
from app.rest.forms import Form
from app.scim.resources import WORK, Group, Mailbox, Telephone, User
from app.text import Line, Mail, OptionalLine, Phone, written

_RANDOM = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def _identifier(text: str) -> str:
    """One in a thousand of the ids that machines make up looks as if it had a CPR number in it."""
    written(_RANDOM.sub("x", text))
    if "\n" in text or "\r" in text:
        raise ValueError("one line only")
    return unicodedata.normalize("NFC", text).strip()


Identifier = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_identifier)
]


class KeptUser(Form):
    user_name: Identifier
    external_id: Identifier | None
    name: Line
    mail: Mail | None
    phone: Phone | None
    title: OptionalLine
    locale: Literal["da", "en"]
    is_active: bool

    @property
    def of_the_person(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("name", "mail", "phone", "title", "locale")}


class KeptGroup(Form):
    name: Line
    external_id: Identifier | None


def kept(user: User) -> KeptUser:
    """Invalid where something cannot be kept."""
    return _checked(KeptUser, facts(user))


def kept_group(group: Group) -> KeptGroup:
    return _checked(KeptGroup, group_facts(group))


def group_facts(group: Group) -> dict[str, object]:
    return {"name": group.display_name, "external_id": group.external_id or None}


def facts(user: User) -> dict[str, object]:
    """What would be kept, not yet checked. People are employees: of several addresses and numbers
    it is the one at work, and none of those at home."""
    return {
        "user_name": user.user_name,
        "external_id": user.external_id or None,
        "name": user.display_name,
        "mail": _at_work(user.emails),
        "phone": _plain(_at_work(user.phone_numbers)),
        "title": user.title or "",
        "locale": _language(user.preferred_language),
        "is_active": user.active,
    }


def _at_work(entries: list[Mailbox] | list[Telephone] | None) -> str | None:
    for wanted in (WORK, None):
        for entry in entries or ():
            if entry.value and (entry.type and entry.type.lower()) == wanted:
                return entry.value
    return None


def _plain(number: str | None) -> str | None:
    """As it is written here: `tel:+45-72.30(41)17` is `+45 72 30 41 17`."""
    if number is None:
        return None
    return " ".join(re.sub(r"[-./()]", " ", number.removeprefix("tel:")).split())


def _language(tag: str | None) -> str:
    return "en" if (tag or "").lower().startswith("en") else "da"


Kept = TypeVar("Kept", bound=Form)
_SAID = {
    "user_name": "userName",
    "external_id": "externalId",
    "name": "displayName",
    "mail": "emails",
    "phone": "phoneNumbers",
}


def _checked(form: type[Kept], values: dict[str, object]) -> Kept:
    """Told by the names that the directory uses."""
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise invalid(
            {**fault, "loc": ("body", *(_SAID.get(str(step), step) for step in fault["loc"]))}
            for fault in error.errors(include_url=False)
        ) from error
