"""One request straight to the application, its body piece by piece, and how much of it was read."""

import json
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any


async def sent(
    app: Any, method: str, path: str, pieces: Iterator[bytes], headers: Mapping[str, str]
) -> SimpleNamespace:
    sent, read = [], 0

    async def receive():
        nonlocal read
        piece = next(pieces, None)
        if piece is None:
            return {"type": "http.request", "body": b"", "more_body": False}
        read += 1
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "server": ("testserver", 80),
        "path": path,
        "query_string": b"filename=a.pdf" if path.endswith("/files") else b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return SimpleNamespace(
        status_code=sent[0]["status"],
        headers={"Content-Type": dict(sent[0]["headers"])[b"content-type"].decode()},
        json=lambda: json.loads(body),
        pieces_read=read,
    )
