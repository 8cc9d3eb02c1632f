"""The files that pages need: compressed where that makes them smaller, and kept by browsers."""

import gzip
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_SMALLER = frozenset({".css", ".js", ".svg", ".json", ".txt", ".md"})
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class PageFiles(StaticFiles):
    """What was fetched at set-up lies in a folder that is named by its version, so it never
    changes; our own files are asked for again, and sent only if they have changed."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = Path(full_path)
        response.headers["Cache-Control"] = _FOR_EVER if "vendor" in path.parts else _ASK_AGAIN
        response.headers["X-Content-Type-Options"] = "nosniff"
        if path.suffix not in _SMALLER:
            return response
        response.headers["Vary"] = "Accept-Encoding"
        if isinstance(response, NotModifiedResponse) or not _takes_gzip(Headers(scope=scope)):
            return response
        kept = ("content-type", "last-modified", "cache-control", "vary", "x-content-type-options")
        headers = {name: response.headers[name] for name in kept}
        # The same file, and not the same octets.
        headers["ETag"] = f"W/{response.headers['etag']}"
        headers["Content-Encoding"] = "gzip"
        return Response(_gzipped(path, stat_result.st_mtime_ns), status_code, headers)


def _takes_gzip(headers: Headers) -> bool:
    wishes = (part.strip().partition(";") for part in headers.get("accept-encoding", "").split(","))
    return any(name == "gzip" and weight.replace(" ", "") != "q=0" for name, _, weight in wishes)


@lru_cache(maxsize=256)
def _gzipped(path: Path, changed_at: int) -> bytes:
    """`changed_at` makes it anew when the file has changed."""
    return gzip.compress(path.read_bytes(), mtime=0)
