"""Asking the identity provider: never for long, never for much, and never elsewhere."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import httpx
import orjson

WITHIN_SECONDS = 5.0
"""For one question and its whole answer, so that a slow drip ends too."""
LARGEST_ANSWER = 512 * 1024


class NoAnswer(Exception):
    """The provider did not answer, or not with what was asked for. It says nothing of people."""


async def document(address: str) -> dict[str, Any]:
    """The JSON object at the address, asked for once more where the first try fails."""
    try:
        status, content = await _ask("GET", address)
        if status < 500:
            return _object(status, content)
    except NoAnswer:
        pass
    return _object(*await _ask("GET", address))


async def answer_to(
    address: str, form: str, headers: Mapping[str, str]
) -> tuple[int, dict[str, Any]]:
    """The status and the JSON object that a form is answered with. It is sent once: a code that is
    used twice is taken for stolen."""
    headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    status, content = await _ask("POST", address, headers=headers, content=form)
    if status >= 500:
        raise NoAnswer(f"status {status}")
    return status, _parsed(content)


async def _ask(
    method: str, address: str, *, headers: Mapping[str, str] | None = None, content: str = ""
) -> tuple[int, bytes]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    try:
        # Redirects are not followed: whoever answers with one decides where we would go.
        async with (
            asyncio.timeout(WITHIN_SECONDS),
            httpx.AsyncClient(verify=_trusted(), timeout=WITHIN_SECONDS) as client,
            client.stream(method, address, headers=headers, content=content) as response,
        ):
            return response.status_code, await _limited(response)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error


async def _limited(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NoAnswer("compressed, and nobody asked for that")
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise NoAnswer("too large an answer")
    return bytes(content)


def _object(status: int, content: bytes) -> dict[str, Any]:
    if status != httpx.codes.OK:
        raise NoAnswer(f"status {status}")
    return _parsed(content)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise NoAnswer("not JSON") from error
    if not isinstance(found, dict):
        raise NoAnswer("not a JSON object")
    return found


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes longer than asking. SSL_CERT_FILE may name others."""
    return httpx.create_ssl_context()
