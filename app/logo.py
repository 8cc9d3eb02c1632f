"""The municipality's logo: a PNG, or an SVG that holds nothing but a picture."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from app.errors import Conflict, Message

LARGEST = 100_000
"""Bytes."""

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_SVG = "http://www.w3.org/2000/svg"
_PROGRAMS = frozenset({"script", "handler", "listener"})
_OTHER_DOCUMENTS = frozenset({"foreignobject", "iframe", "object", "embed", "audio", "video"})
_MOVING = frozenset({"set", "animate", "animatecolor", "animatemotion", "animatetransform"})
_NEVER = _PROGRAMS | _OTHER_DOCUMENTS | _MOVING
_LINKS = frozenset({"href", "src", "base"})
_WITHIN = re.compile(r"\s*(#.*|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*)", re.DOTALL)
# A backslash can spell any of the others, and image-set takes an address without url().
_ELSEWHERE = re.compile(
    r"\\|@import|//|javascript:|image-set|url\((?!\s*[\"']?\s*#)", re.IGNORECASE
)


@dataclass(frozen=True)
class Logo:
    content: bytes
    media_type: str


def logo_at(path: Path) -> Logo:
    """The logo in the file. Conflict, with what to do, where it cannot be one."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "?"
        raise _refusal(Message("filen kan ikke læses (%(reason)s).", reason=reason)) from None
    if len(content) > LARGEST:
        raise _refusal(Message("filen fylder over 100 kB. Gem den mindre."))
    if content.startswith(_PNG):
        return Logo(content, "image/png")
    if fault := svg_fault(content):
        raise _refusal(fault)
    return Logo(content, "image/svg+xml")


def _refusal(why: Message) -> Conflict:
    return Conflict(Message("GAVEBORD_LOGO kan ikke bruges: %(why)s", why=why))


def svg_fault(content: bytes) -> Message | None:
    """Why it is no SVG, or holds more than a picture; None where it is as it should be."""
    seen = _Seen()
    try:
        seen.parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        return Message("filen er hverken en SVG eller en PNG.")
    except _MoreThanAPicture as more:
        return Message(
            "der står %(what)s i SVG-filen. En SVG må kun holde billedet selv: ingen programmer, "
            "animationer eller henvisninger ud af filen. Gem den igen som en enkel SVG, eller som "
            "PNG.",
            what=str(more)[:60],
        )
    return None


class _MoreThanAPicture(Exception):
    """Says what it is."""


class _Seen:
    """Looks at everything in the file as it goes by, and keeps nothing but the style it is in."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.element
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.depth = 0
        self.style: list[str] | None = None

    def doctype(self, _name: str, _system: object, _public: object, has_subset: int) -> None:
        """Drawing programs write one. What it declares itself, could stand for anything."""
        if has_subset:
            raise _MoreThanAPicture("<!DOCTYPE […]>")

    def instruction(self, target: str, _data: str) -> None:
        raise _MoreThanAPicture(f"<?{target}>")

    def element(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.depth == 0 and (space, local) != (_SVG, "svg"):
            raise ValueError(name)
        # Browsers read the text of a style together, whatever stands in between.
        if local.lower() in _NEVER or self.style is not None:
            raise _MoreThanAPicture(f"<{local}>")
        self.depth += 1
        if local.lower() == "style":
            self.style = []
        for attribute, value in attributes.items():
            _must_stay_within(attribute, value)

    def text(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.style is not None and name.rpartition(" ")[2].lower() == "style":
            if found := _ELSEWHERE.search("".join(self.style)):
                raise _MoreThanAPicture(found[0])
            self.style = None


def _must_stay_within(attribute: str, value: str) -> None:
    """Attributes of a space of their own are a drawing program's notes, unless they are links."""
    space, _, local = attribute.rpartition(" ")
    if local.lower().startswith("on"):
        raise _MoreThanAPicture(f"{local}=")
    if local.lower() in _LINKS:
        if not _WITHIN.fullmatch(value):
            raise _MoreThanAPicture(f"{local}={value}")
    elif not space and (found := _ELSEWHERE.search(value)):
        raise _MoreThanAPicture(f"{local}= … {found[0]}")
