"""The chat page at "/", its files, and the health of the server."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue.shared import catalogue
from bot.channels.json_body import json_response
from bot.channels.problem import Problem
from bot.store.database import DatabaseUnavailable

FOLDER = Path(__file__).resolve().parent.parent / "page"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class File:
    """A file of the page, as it is sent."""

    body: bytes
    content_type: str
    packed: bytes = field(init=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", gzip.compress(self.body, mtime=0))
        object.__setattr__(self, "etag", hashlib.sha256(self.body).hexdigest()[:20])


def blueprint() -> Blueprint:
    """The routes of the page; its files are read once."""
    routes = Blueprint("page")
    files, now = read_files(FOLDER)

    async def index(request: Request) -> HTTPResponse:
        return _send(request, files["index.html"], "no-cache")

    async def file(request: Request, version: str, name: str) -> HTTPResponse:
        found = files.get(name)
        if found is None or name == "index.html":
            raise Problem(404, "not_found", "There is no such file.")
        return _send(request, found, _FOR_EVER if version == now else "no-cache")

    async def favicon(request: Request) -> HTTPResponse:
        return _send(request, files["icon.svg"], "public, max-age=86400")

    routes.add_route(index, "/", methods=["GET", "HEAD"])
    routes.add_route(file, "/page/<version:str>/<name:str>", methods=["GET", "HEAD"])
    routes.add_route(favicon, "/favicon.ico", methods=["GET", "HEAD"])
    routes.add_route(_health, "/health", methods=["GET", "HEAD"])
    return routes


def read_files(folder: Path) -> tuple[dict[str, File], str]:
    """The files of the page by name, and their common version.

    The page names its files under that version, so that browsers may keep them for ever; what
    they import from one another lies beside them.
    """
    bodies = {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _TYPES
    }
    version = hashlib.sha256(b"".join(bodies.values())).hexdigest()[:12]
    bodies["index.html"] = bodies["index.html"].replace(b'"page/', f'"page/{version}/'.encode())
    files = {name: File(body, _TYPES[Path(name).suffix]) for name, body in bodies.items()}
    return files, version


def _send(request: Request, file: File, cache: str) -> HTTPResponse:
    packed = "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{file.etag}{"-gz" if packed else ""}"'
    headers = {
        **SECURITY_HEADERS,
        "Cache-Control": cache,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    known = request.headers.get("if-none-match", "")
    if etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return HTTPResponse(status=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return HTTPResponse(
        file.packed if packed else file.body, headers=headers, content_type=file.content_type
    )


async def _health(request: Request) -> HTTPResponse:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return json_response({"status": "starting", "model": None, "titles": None}, status=503)
    away = getattr(request.app.ctx, "away", ())
    body: dict[str, Any] = {"status": "ok", "model": agent.model_name, "away": list(away)}
    try:
        body["titles"] = len(await asyncio.to_thread(catalogue))
    except DatabaseUnavailable:
        body |= {"status": "without database", "titles": None}
        return json_response(body, status=503)
    return json_response(body)
