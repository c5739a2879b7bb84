"""The console's styles, scripts and icons, each under the version of them all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aiohttp import web

from bot.console.access import EVERYBODY, needs

FOLDER = Path(__file__).resolve().parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class _Files:
    bodies: dict[str, tuple[bytes, str]]
    version: str


def routes() -> list[web.RouteDef]:
    """Where the files are."""
    return [
        web.get("/static/{version:[0-9a-z]+}/{name:[a-z0-9/_-]+[.][a-z]+}", _file),
        web.get("/favicon.ico", _favicon),
    ]


def address(name: str) -> str:
    """The path of a file.

    Raises:
        KeyError: there is no such file.
    """
    files = _files()
    if name not in files.bodies:
        raise KeyError(name)
    return f"/static/{files.version}/{name}"


@needs(EVERYBODY)
async def _file(request: web.Request) -> web.Response:
    return _send(request.match_info["name"], request.match_info["version"] == _files().version)


@needs(EVERYBODY)
async def _favicon(request: web.Request) -> web.Response:
    return _send("icon.svg", False)


def _send(name: str, for_ever: bool) -> web.Response:
    found = _files().bodies.get(name)
    if found is None:
        raise web.HTTPNotFound
    cache = "public, max-age=31536000, immutable" if for_ever else "no-cache"
    response = web.Response(
        body=found[0], content_type=found[1], charset="utf-8", headers={"Cache-Control": cache}
    )
    response.enable_compression()
    return response


@lru_cache(maxsize=1)
def _files() -> _Files:
    bodies = {
        path.relative_to(FOLDER).as_posix(): (path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in _TYPES
    }
    version = hashlib.sha256(b"".join(body for body, _ in bodies.values())).hexdigest()[:12]
    return _Files(bodies, version)
