"""What the settings must have before strangers can reach the product. Pure."""

from collections.abc import Iterator

from app.errors import Conflict, Message
from app.settings import Settings


def must_be_fit(settings: Settings) -> None:
    """Conflict in production with development settings, saying which."""
    found = list(unfit(settings)) if settings.mode == "production" else []
    if found:
        raise Conflict(
            Message("Gavebordet er ikke sat op til drift. %(what)s", what=Message.listed(found))
        )


def unfit(settings: Settings) -> Iterator[Message]:
    if not settings.is_secure:
        yield Message("GAVEBORD_PUBLIC_URL skal være https://… eller GAVEBORD_MODE=development")
    if settings.demo_sign_in:
        yield Message("GAVEBORD_DEMO_SIGN_IN lader enhver logge ind som enhver")
    if any(_is_everybody(proxy.strip()) for proxy in settings.trusted_proxies.split(",")):
        yield Message(
            "GAVEBORD_TRUSTED_PROXIES=%(proxies)s tror på enhver", proxies=settings.trusted_proxies
        )
    if not (settings.oidc_issuer or settings.smtp_host):
        yield Message(
            "GAVEBORD_OIDC_ISSUER og GAVEBORD_SMTP_HOST mangler begge, så ingen kan logge ind"
        )


def _is_everybody(proxy: str) -> bool:
    return proxy == "*" or proxy.endswith("/0")
