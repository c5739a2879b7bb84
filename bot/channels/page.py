"""The chat page at "/", its files, and the health of the server."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue.shared import catalogue
from bot.channels.files import FOR_EVER, TYPES, File, send
from bot.channels.json_body import json_response
from bot.channels.problem import Problem
from bot.channels.widget import LAUNCHER, Widget
from bot.store.database import DatabaseUnavailable

FOLDER = Path(__file__).resolve().parent.parent / "page"
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
        "require-trusted-types-for 'script'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def blueprint(widget: Widget) -> Blueprint:
    """The routes of the page, which is the widget alone; its files are read once."""
    routes = Blueprint("page")
    files, now = read_files(FOLDER, widget)

    async def index(request: Request) -> HTTPResponse:
        return send(request, files["index.html"], "no-cache", SECURITY_HEADERS)

    async def file(request: Request, version: str, name: str) -> HTTPResponse:
        found = files.get(name)
        if found is None or name == "index.html":
            raise Problem(404, "not_found", "There is no such file.")
        return send(request, found, FOR_EVER if version == now else "no-cache", SECURITY_HEADERS)

    async def favicon(request: Request) -> HTTPResponse:
        return send(request, files["icon.svg"], "public, max-age=86400", SECURITY_HEADERS)

    routes.add_route(index, "/", methods=["GET", "HEAD"])
    routes.add_route(file, "/page/<version:str>/<name:str>", methods=["GET", "HEAD"])
    routes.add_route(favicon, "/favicon.ico", methods=["GET", "HEAD"])
    routes.add_route(_health, "/health", methods=["GET", "HEAD"])
    return routes


def read_files(folder: Path, widget: Widget) -> tuple[dict[str, File], str]:
    """The files of the page by name, and their common version.

    The page names its files under that version, and the widget under the widget's, so that
    browsers may keep them for ever.
    """
    bodies = {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in TYPES
    }
    version = hashlib.sha256(b"".join(bodies.values())).hexdigest()[:12]
    page = bodies["index.html"].replace(b'"page/', f'"page/{version}/'.encode())
    launcher = f'"widget/{widget.version}/{LAUNCHER}" integrity="{widget.integrity}"'
    bodies["index.html"] = page.replace(f'"{LAUNCHER}"'.encode(), launcher.encode())
    return {name: File(body, name) for name, body in bodies.items()}, version


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
