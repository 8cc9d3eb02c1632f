"""A code for tokens, at the identity provider's token endpoint."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from app.oidc_settings import OidcSettings
from app.signing_in import fetching, no
from app.signing_in.carried import Trip
from app.signing_in.fetching import NoAnswer
from app.signing_in.metadata import Metadata


async def given_for(
    code: str, trip: Trip, described: Metadata, settings: OidcSettings, *, redirect_uri: str
) -> Mapping[str, Any]:
    """What the provider gives for the code. Nothing in it has been looked at."""
    form = prepare_token_request(
        "authorization_code",
        code=code,
        redirect_uri=redirect_uri,
        code_verifier=trip.code_verifier,
    )
    try:
        headers, form = _with_the_secret(form, described, settings)
        status, given = await fetching.answer_to(described.token_endpoint, form, headers)
    except NoAnswer as error:
        no.without_answer(error)
    if status != 200:
        no.refused(str(given.get("error")))
    return given


def _with_the_secret(
    form: str, described: Metadata, settings: OidcSettings
) -> tuple[dict[str, str], str]:
    client_id = settings.oidc_client_id
    secret = settings.oidc_client_secret.get_secret_value()
    way = described.way_to_show_the_secret(has_secret=bool(secret))
    if way == "client_secret_basic":
        # RFC 6749 2.3.1 has both encoded first; Authlib leaves that to its caller.
        client_id, secret = quote_plus(client_id), quote_plus(secret)
    auth = ClientAuth(client_id, secret, way)
    _, headers, form = auth.prepare("POST", described.token_endpoint, {}, form)
    return headers, form
