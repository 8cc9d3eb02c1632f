"""What the identity provider says of itself (OpenID Connect Discovery)."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from app.oidc_settings import is_safe_address
from app.signing_in.fetching import NoAnswer

PATH = "/.well-known/openid-configuration"


class Unusable(NoAnswer):
    """The provider cannot be used as it describes itself."""


def _safe(address: str) -> str:
    if not is_safe_address(address):
        raise ValueError("neither https nor on this machine")
    return address


Address = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_safe)]


class Metadata(BaseModel):
    """Where it does what. What else it says is not needed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: Address
    token_endpoint: Address
    jwks_uri: Address
    end_session_endpoint: Address | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False

    def way_to_show_the_secret(self, *, has_secret: bool) -> str:
        """How the client shows who it is when it exchanges a code."""
        if not has_secret:
            return "none"
        for way in ("client_secret_basic", "client_secret_post"):
            if way in self.token_endpoint_auth_methods_supported:
                return way
        raise Unusable("it takes no secret")


def address_of(issuer: str) -> str:
    return issuer.removesuffix("/") + PATH


def described(document: dict[str, Any], *, issuer: str) -> Metadata:
    """Raises Unusable where it is another's description, or lacks something."""
    try:
        metadata = Metadata.model_validate(document)
    except ValidationError as error:
        wrong = sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})
        raise Unusable(f"wrong or missing: {', '.join(wrong)}") from None
    if metadata.issuer != issuer:
        raise Unusable(f"it calls itself {metadata.issuer[:200]!r}")
    return metadata
