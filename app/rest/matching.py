"""ETag and If-Match: nobody changes what they have not seen."""

import re
from typing import Annotated

from fastapi import Depends, Header

from app.errors import Fault, Invalid, MatchRequired, Message

ETAG_PATTERN = r'^("[0-9]{1,15}"|[*])$'
_NOT_AN_ETAG = Message('Send den ETag, du fik, fx If-Match: "3".')


async def required_version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='The ETag of the version you have read, as `"3"`; `*` for any version.',
            examples=['"3"'],
        ),
    ] = None,
) -> int | None:
    """The version the caller has seen; None for `*`. MatchRequired when nothing is said."""
    if if_match is None:
        raise MatchRequired(
            Message("Send If-Match med den ETag, du fik, da du hentede den. Så overskrives intet.")
        )
    return _version(if_match)


async def optional_version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='The ETag of the version you have read, as `"3"`. Optional here.',
        ),
    ] = None,
) -> int | None:
    return None if if_match is None else _version(if_match)


def _version(if_match: str) -> int | None:
    """Blanks around a header belong to HTTP, not to the ETag."""
    etag = if_match.strip(" \t")
    if not re.fullmatch(ETAG_PATTERN, etag):
        raise Invalid(Fault("etag", _NOT_AN_ETAG, parameter="If-Match"))
    return None if etag == "*" else int(etag.strip('"'))


RequiredVersion = Annotated[int | None, Depends(required_version)]
OptionalVersion = Annotated[int | None, Depends(optional_version)]
