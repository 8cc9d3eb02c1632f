"""The identity provider, over OpenID Connect: the way there, what it says, and the way out.

No database here: nobody waits for the provider while holding a transaction.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet
from joserfc.jwt import Token

from app.oidc_settings import OidcSettings
from app.signing_in import exchange, fetching, metadata, no, signatures, tokens
from app.signing_in.carried import Answer, Claims, LogoutNotice, Trip
from app.signing_in.fetching import NoAnswer
from app.signing_in.metadata import Metadata
from app.signing_in.refusals import ProviderDown
from app.signing_in.remembered import Remembered
from app.signing_in.signatures import NoKeyFits, NotSigned
from app.signing_in.tokens import Expected, NotForUs

LONGEST_HINT = 4000
"""A longer token does not fit in an address everywhere; the provider then asks the person."""


class Provider:
    """The provider of the settings, with what it has said of itself lately."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._expected = Expected(
            settings.oidc_issuer,
            settings.oidc_client_id,
            timedelta(seconds=settings.oidc_clock_skew_seconds),
        )
        self._metadata = Remembered(self._fetch_metadata)
        self._keys = Remembered(self._fetch_keys)

    async def way_in(
        self,
        trip: Trip,
        *,
        redirect_uri: str,
        locale: str,
        now: datetime,
        prompt: str | None = None,
    ) -> str:
        """The address to send the browser to. ProviderDown where there is none to be had."""
        described = await self._described(now)
        address: str = prepare_grant_uri(
            described.authorization_endpoint,
            client_id=self._settings.oidc_client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=self._settings.oidc_scopes,
            state=trip.state,
            nonce=trip.nonce,
            code_challenge=create_s256_code_challenge(trip.code_verifier),
            code_challenge_method="S256",
            ui_locales=locale,
            prompt=prompt,
        )
        return address

    async def claims(
        self, answer: Answer, trip: Trip, *, redirect_uri: str, now: datetime
    ) -> Claims:
        """Who the provider says it is, from what the browser brought back of the trip. Raises a
        SignInFailed where it says no, says nothing, or cannot have said it."""
        described = await self._described(now)
        self._came_from_here(answer, described)
        if answer.error is not None:
            no.refused(answer.error)
        if not answer.code:
            no.invalid("no code")
        given = await exchange.given_for(
            answer.code, trip, described, self._settings, redirect_uri=redirect_uri
        )
        id_token, access_token = given.get("id_token"), given.get("access_token")
        if not isinstance(id_token, str):
            no.invalid("no ID token")
        token = await self._opened(id_token, now)
        try:
            found = tokens.checked(
                token,
                self._expected,
                nonce=trip.nonce,
                access_token=access_token if isinstance(access_token, str) else None,
                now=now,
            )
            session = tokens.session_of(found)
        except NotForUs as error:
            no.not_for_us(error)
        return Claims(self._expected.issuer, found["sub"], session, id_token, found)

    async def way_out(self, id_token: str | None, *, back_to: str, now: datetime) -> str | None:
        """The address where the browser is signed out at the provider too, and sent back to
        `back_to`, which must be registered there. None where there is none, or it is down: signing
        out here never waits for that."""
        try:
            address = (await self._described(now)).end_session_endpoint
        except ProviderDown:
            return None
        if address is None:
            return None
        query = {
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": back_to,
        }
        if id_token and len(id_token) <= LONGEST_HINT:
            query["id_token_hint"] = id_token
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def logout_notice(self, token: str, *, now: datetime) -> LogoutNotice:
        """What a logout token says that somebody sent us. Raises a SignInFailed where the provider
        cannot have made it."""
        opened = await self._opened(token, now)
        try:
            return tokens.logout_notice(opened, self._expected, now=now)
        except NotForUs as error:
            no.not_for_us(error)

    def _came_from_here(self, answer: Answer, described: Metadata) -> None:
        """RFC 9207: another provider's answer must not be taken for this one's."""
        is_promised = described.authorization_response_iss_parameter_supported
        if answer.issuer is None and not is_promised:
            return
        if answer.issuer != self._expected.issuer:
            no.invalid("iss of the answer")

    async def _opened(self, token: str, now: datetime) -> Token:
        """With the keys at hand; or, where none of them fits, with those the provider has now."""
        try:
            try:
                return signatures.opened(token, await self._keys.get(now))
            except NoKeyFits:
                return signatures.opened(token, await self._keys.renewed(now))
        except (NoKeyFits, NotSigned) as error:
            no.invalid(f"the signature: {error}")
        except NoAnswer as error:
            no.without_answer(error)

    async def _described(self, now: datetime) -> Metadata:
        try:
            return await self._metadata.get(now)
        except NoAnswer as error:
            no.without_answer(error)

    async def _fetch_metadata(self, now: datetime) -> Metadata:
        issuer = self._expected.issuer
        return metadata.described(
            await fetching.document(metadata.address_of(issuer)), issuer=issuer
        )

    async def _fetch_keys(self, now: datetime) -> KeySet:
        described = await self._metadata.get(now)
        return signatures.keys_of(await fetching.document(described.jwks_uri))
