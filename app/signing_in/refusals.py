"""Why somebody was not signed in, in words for people and one word for the log. Pure."""

from enum import StrEnum
from typing import ClassVar

from app.errors import AppError, Busy, Message


class Refusal(StrEnum):
    """Why somebody was not signed in."""

    PROVIDER_DOWN = "provider_down"
    PROVIDER_UNUSABLE = "provider_unusable"
    PROVIDER_REFUSED = "provider_refused"
    CANCELLED = "cancelled"
    NOT_VALID = "not_valid"
    CLOCKS_DISAGREE = "clocks_disagree"
    TRIP_UNKNOWN = "trip_unknown"
    TRIP_EXPIRED = "trip_expired"
    OTHER_BROWSER = "other_browser"
    PERSON_UNKNOWN = "person_unknown"
    PERSON_LEFT = "person_left"
    MAIL_NOT_VERIFIED = "mail_not_verified"
    BOUND_ELSEWHERE = "bound_elsewhere"
    LINK_NOT_GOOD = "link_not_good"


class SignInFailed(AppError):
    """Nobody was signed in. `reason` is for the log, and `person_id` who it was, where that is
    known."""

    def __init__(self, reason: Refusal, detail: Message, *, person_id: int | None = None) -> None:
        super().__init__(detail, reason=reason)
        self.reason = reason
        self.person_id = person_id


class ProviderDown(SignInFailed, Busy):
    """The provider cannot be used now: it does not answer, or it is not set up as it should be."""

    status = 503
    title = Message("Kommunens login virker ikke lige nu")
    retry_after: ClassVar[int] = 30


class ProviderRefused(SignInFailed):
    """The provider said no, or the person changed their mind there."""

    status = 403
    title = Message("Du blev ikke logget ind")


class AnswerNotValid(SignInFailed):
    """What came back is not what the provider should have sent, or is not for this browser."""

    status = 400
    title = Message("Login kunne ikke gennemføres")


class PersonRefused(SignInFailed):
    """The provider knows who it is, but may not let them in here."""

    status = 403
    title = Message("Du kan ikke logge ind endnu")


class LinkNotGood(SignInFailed):
    """The link has been used, is too old, or was never one."""

    status = 410
    title = Message("Linket virker ikke længere")

    def __init__(self) -> None:
        super().__init__(
            Refusal.LINK_NOT_GOOD,
            Message("Et link kan bruges én gang og i 20 minutter. Bed om et nyt, så er du inde."),
        )


def not_valid(reason: Refusal = Refusal.NOT_VALID) -> AnswerNotValid:
    """For whatever is wrong with an answer: the log knows what, and whoever sent it is not told."""
    return AnswerNotValid(reason, _DETAILS[reason])


_DETAILS = {
    Refusal.NOT_VALID: Message(
        "Svaret fra kommunens login kunne ikke godkendes. Prøv igen, og sig det til jeres "
        "it-afdeling, hvis det bliver ved."
    ),
    Refusal.CLOCKS_DISAGREE: Message(
        "Svaret fra kommunens login er udløbet, eller urene går for forskelligt. Prøv igen, og sig "
        "det til jeres it-afdeling, hvis det bliver ved."
    ),
    Refusal.TRIP_UNKNOWN: Message("Det login er brugt eller findes ikke. Begynd forfra."),
    Refusal.TRIP_EXPIRED: Message("Det tog for lang tid at logge ind. Begynd forfra."),
    Refusal.OTHER_BROWSER: Message(
        "Login blev begyndt i en anden browser, eller browseren gemmer ikke cookies. Begynd forfra."
    ),
}
