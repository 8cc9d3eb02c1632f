"""Keyset pages: a list is cut after a key, never by counting rows."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from starlette.datastructures import URL

from app.errors import Fault, Invalid, Message
from app.rest.bodies import dumped
from app.rest.paths import Plain
from app.text import LARGEST_ID

Key = tuple[int | date, ...]
_DIGEST_BYTES = 9


@dataclass(frozen=True)
class Page:
    """How much is asked for, and after which key. `after` is None for the first page."""

    limit: int
    after: Key | None
    url: URL

    def keyed(self, *kinds: type) -> Key | None:
        """The key to go on after, when it has the given kinds; None for the first page."""
        if self.after is None:
            return None
        if [type(part) for part in self.after] != list(kinds):
            raise _not_ours()
        return self.after

    @property
    def after_id(self) -> int:
        """For lists by id: the id to go on after; 0 for the first page."""
        match self.keyed(int):
            case (int(row_id),):
                return row_id
        return 0


async def asked_page(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most."), Plain] = 50,
    cursor: Annotated[
        str | None,
        Query(max_length=400, description="From the `next` of the page before; opaque."),
    ] = None,
) -> Page:
    return page_at(request.url, cursor, limit=limit)


AskedPage = Annotated[Page, Depends(asked_page)]


def page_at(url: URL, cursor: str | None, *, limit: int) -> Page:
    """The page of the list at the address. Invalid where the cursor is not one of its own."""
    return Page(limit, None if cursor is None else _read(cursor, _scope(url)), url)


def next_page(page: Page, rows: Sequence[Any], *, key: Callable[[Any], Key]) -> str | None:
    """The address of the page after these rows; None where there is not one row more."""
    if len(rows) <= page.limit:
        return None
    return _after(page.url, _written(key(rows[page.limit - 1]), _scope(page.url)))


class PageOf(BaseModel):
    """A page of a list. `next` is the cursor of the next page, or null on the last."""

    next: str | None


def page_response(
    page: Page,
    rows: Sequence[Any],
    *,
    key: Callable[[Any], Key],
    shown: Callable[[Any], Mapping[str, Any]],
    is_log: bool = False,
) -> Response:
    """Up to `limit` of the rows; one row more than that says that there is a next page.

    A log also has `resume`: the cursor to ask with later, for what has been added since.
    """
    cursor = None
    kept = rows[: page.limit]
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    if len(rows) > page.limit:
        cursor = _written(key(kept[-1]), _scope(page.url))
        headers["Link"] = f'<{_after(page.url, cursor)}>; rel="next"'
    body: dict[str, Any] = {"items": [shown(row) for row in kept], "next": cursor}
    if is_log:
        last = key(kept[-1]) if kept else page.after
        body["resume"] = last and _written(last, _scope(page.url))
    return Response(dumped(body), 200, headers, "application/json")


def _after(url: URL, cursor: str) -> str:
    """The address of the page after the cursor."""
    if not url.query:
        return f"{url.path}?cursor={cursor}"
    after = url.include_query_params(cursor=cursor)
    return f"{after.path}?{after.query}"


def _scope(url: URL) -> str:
    """What a cursor is good for: this list with these filters, at any page size."""
    if not url.query:
        return f"{url.path}?"
    plain = url.remove_query_params(["cursor", "limit"])
    return f"{plain.path}?{plain.query}"


def _written(key: Key, scope: str) -> str:
    parts = [part.isoformat() if isinstance(part, date) else part for part in key]
    payload = orjson.dumps(parts)
    return _encoded(_digest(payload, scope) + payload)


def _read(cursor: str, scope: str) -> Key:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, payload = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
        if digest != _digest(payload, scope) or cursor != _encoded(raw):
            raise _not_ours()
        parts = orjson.loads(payload)
        return tuple(_part(part) for part in parts)
    except (TypeError, ValueError):
        raise _not_ours() from None


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _part(part: object) -> int | date:
    if isinstance(part, str):
        return date.fromisoformat(part)
    if isinstance(part, int) and 0 <= part <= LARGEST_ID:
        return part
    raise ValueError


def _digest(payload: bytes, scope: str) -> bytes:
    """Tells a cursor that was changed, or belongs to another list. It guards no secret."""
    return hashlib.blake2s(payload + scope.encode("utf-8", "replace"), digest_size=9).digest()


def _not_ours() -> Invalid:
    return Invalid(
        Fault(
            "cursor",
            Message("Cursoren hører ikke til denne liste. Begynd forfra uden cursor."),
            parameter="cursor",
        )
    )
