"""What a client is told of this server before it begins."""

from functools import cache
from typing import Any, TypeVar

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Meta,
    Patch,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from app.scim.lists import MOST
from app.scim.resources import POLICY, Group, User


@cache
def provider() -> ScimProvider:
    return ScimProvider(
        models=[User, Group],
        policy=POLICY,
        config=ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=MOST),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=True),
            etag=ETag(supported=True),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="API key",
                    description="A key with the scope `scim`, sent as a bearer token.",
                    primary=True,
                )
            ],
        ),
    )


def config(base: str) -> ServiceProviderConfig:
    found = provider().config
    assert found is not None
    meta = Meta(resource_type="ServiceProviderConfig", location=f"{base}/ServiceProviderConfig")
    return found.model_copy(update={"meta": meta})


def resource_types(base: str) -> list[ResourceType]:
    return [_at(base, "ResourceType", one) for one in provider().resource_types]


def schemas(base: str) -> list[Schema]:
    return [_at(base, "Schema", one) for one in provider().schemas]


Described = TypeVar("Described", bound=Resource[Any])


def _at(base: str, kind: str, one: Described) -> Described:
    meta = Meta(resource_type=kind, location=f"{base}/{kind}s/{one.id}")
    return one.model_copy(update={"meta": meta})
