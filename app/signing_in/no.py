"""How the identity provider's part says no: a line for those who run Gavebordet, a sentence for the
person, and nothing that tells a stranger how near they were."""

import logging
import re
from typing import NoReturn

from app.errors import Message
from app.signing_in.fetching import NoAnswer
from app.signing_in.metadata import Unusable
from app.signing_in.refusals import ProviderDown, ProviderRefused, Refusal, not_valid
from app.signing_in.tokens import NotForUs

_OUR_FAULT = frozenset({"invalid_client", "unauthorized_client", "invalid_scope"})
_FOR_A_WHILE = frozenset({"server_error", "temporarily_unavailable"})
_log = logging.getLogger(__name__)


def without_answer(error: NoAnswer) -> NoReturn:
    if isinstance(error, Unusable):
        _log.error("the identity provider is not set up as it should be: %s", error)
        raise ProviderDown(
            Refusal.PROVIDER_UNUSABLE,
            Message("Kommunens login er ikke sat rigtigt op. Sig det til jeres it-afdeling."),
        ) from error
    _log.warning("the identity provider does not answer: %s", error)
    raise ProviderDown(
        Refusal.PROVIDER_DOWN,
        Message("Kommunens login svarer ikke. Prøv igen om et øjeblik."),
    ) from error


def refused(error: str) -> NoReturn:
    """For an error code of the provider's. The text beside it may be anybody's, and is not read."""
    if error == "access_denied":
        raise ProviderRefused(
            Refusal.CANCELLED, Message("Login blev afbrudt. Du kan begynde forfra.")
        )
    if error == "invalid_grant":
        invalid("the code")
    if error in _FOR_A_WHILE:
        without_answer(NoAnswer(error))
    if error in _OUR_FAULT:
        without_answer(Unusable(error))
    named = error if re.fullmatch(r"[a-z_]{1,50}", error) else "no error code"
    _log.warning("the identity provider refused: %s", named)
    raise ProviderRefused(
        Refusal.PROVIDER_REFUSED,
        Message("Kommunens login sagde nej. Spørg jeres it-afdeling, om du har adgang."),
    )


def invalid(what: str) -> NoReturn:
    _log.warning("an answer of the identity provider was refused: %s", what)
    raise not_valid()


def not_for_us(error: NotForUs) -> NoReturn:
    if error.is_about_time:
        _log.warning("a token's time does not fit our clock: %s", error)
        raise not_valid(Refusal.CLOCKS_DISAGREE) from error
    invalid(f"the claim {error}")
