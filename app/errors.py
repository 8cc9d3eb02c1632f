"""What the domain may say no with. Pure: no web, no database, no language but the source text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class Message:
    """A sentence for people. The Danish text is the key; `values` fill its `%(name)s` places."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values: Mapping[str, object] = values

    @classmethod
    def listed(cls, parts: Sequence["Message"]) -> "Message":
        """The parts with commas between; each is translated by itself."""
        places = [f"part_{place}" for place in range(len(parts))]
        text = ", ".join(f"%({place})s" for place in places)
        return cls(text, **dict(zip(places, parts, strict=True)))

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: `pointer` is a JSON pointer, or `parameter` a name."""

    code: str
    detail: Message
    pointer: str | None = None
    parameter: str | None = None


class AppError(Exception):
    """A refusal with a stable code: the class name in snake case."""

    status: ClassVar[int] = 500
    title: ClassVar[Message] = Message("Noget gik galt")
    leads_to: str = ""
    """The page of ours where somebody goes on who signs in because of it."""

    def __init__(self, detail: Message | None = None, **members: object) -> None:
        super().__init__(str(detail) if detail else str(self.title))
        self.detail = detail
        self.members = members

    @property
    def code(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class NotSignedIn(AppError):
    status = 401
    title = Message("Du skal logge ind")

    @property
    def code(self) -> str:
        """Also where the log tells more of it: to the caller it is no more than this."""
        return "not_signed_in"


class NotAllowed(AppError):
    status = 403
    title = Message("Det må du ikke")


class OnWhoseBehalf(NotAllowed):
    """They may, when they say for whom."""

    @property
    def code(self) -> str:
        return "not_allowed"


class NotFound(AppError):
    status = 404
    title = Message("Det findes ikke")


class Conflict(AppError):
    status = 409
    title = Message("Det kan ikke lade sig gøre nu")


class Stale(AppError):
    """Somebody changed it since the caller read it."""

    status = 412
    title = Message("Nogen var hurtigere")


class TooSlow(AppError):
    """The client did not send what it had begun on."""

    status = 408
    title = Message("Det gik for langsomt")


class TooLarge(AppError):
    status = 413
    title = Message("Det er for stort")


class Invalid(AppError):
    status = 422
    title = Message("Noget skal rettes")

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].detail if len(faults) == 1 else None)
        self.faults = faults

    @classmethod
    def at(cls, pointer: str, detail: Message, *, code: str = "invalid") -> "Invalid":
        return cls(Fault(code, detail, pointer=pointer))


class MatchRequired(AppError):
    status = 428
    title = Message("Sig, hvilken version du har set")


class TooMany(AppError):
    """So often in so short a time. `headers` say how often is allowed, and when to come back."""

    status = 429
    title = Message("For mange forsøg")

    def __init__(self, headers: Mapping[str, str]) -> None:
        minutes = -(-int(headers.get("Retry-After", 60)) // 60)
        super().__init__(
            Message("Prøv igen om et minut.")
            if minutes == 1
            else Message("Prøv igen om %(minutes)s minutter.", minutes=minutes)
        )
        self.headers = headers


class Busy(AppError):
    """The database cannot answer now; trying again is right, after `retry_after` seconds."""

    status = 503
    retry_after: ClassVar[int] = 2
    title = Message("Prøv igen om lidt")


class Unsettled(Busy):
    """The database went away during the commit: whether it was kept, nobody knows yet."""

    title = Message("Det er uvist, om det blev gemt")
