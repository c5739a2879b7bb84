"""Files that browsers get: packed once, with a tag, so that what is unchanged is not sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import zopfli.gzip
from sanic.request import Request
from sanic.response import HTTPResponse

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class File:
    """A file as it is sent; its name tells its type."""

    body: bytes
    name: str
    packed: bytes = field(init=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", zopfli.gzip.compress(self.body))
        object.__setattr__(self, "etag", hashlib.sha256(self.body).hexdigest()[:20])

    @property
    def content_type(self) -> str:
        """The type, as HTTP names it."""
        return TYPES[Path(self.name).suffix]


def send(
    request: Request, file: File, cache: str, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """`file`, or that the browser has it already."""
    packed = "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{file.etag}{"-gz" if packed else ""}"'
    sent = {
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
        "Cache-Control": cache,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    known = request.headers.get("if-none-match", "")
    if etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return HTTPResponse(status=304, headers=sent)
    if packed:
        sent["Content-Encoding"] = "gzip"
    return HTTPResponse(
        file.packed if packed else file.body, headers=sent, content_type=file.content_type
    )
