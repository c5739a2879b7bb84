"""Routes for pictures: sent by a viewer, and read again by the same viewer.

POST /uploads has the picture itself as its body. The body is read piece by piece under a limit of
its own, since the server's limit for all others is much lower.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.channels.callers import Callers
from bot.channels.json_body import json_response
from bot.channels.problem import Problem
from bot.settings import settings
from bot.store.uploads import NotAPictureError, UploadStore

# Pictures decoded at once: each may take 160 MB for a moment.
_AT_ONCE = 2


def add(routes: Blueprint, callers: Callers, engine: Engine) -> tuple[str, ...]:
    """Add the routes; their paths."""
    store = UploadStore(engine)
    busy = asyncio.Semaphore(_AT_ONCE)

    @routes.post("/uploads", stream=True)
    async def upload(request: Request) -> HTTPResponse:
        viewer = callers.viewer(request, "uploads")
        content = await _body(request, settings().upload_mb * 1_000_000)
        try:
            async with busy:
                made = await asyncio.to_thread(store.add, viewer, content)
        except NotAPictureError as error:
            raise Problem(422, error.code, str(error)) from None
        return json_response({"id": made.id, "width": made.width, "height": made.height})

    @routes.get("/uploads/<name:str>")
    async def picture(request: Request, name: str) -> HTTPResponse:
        viewer = callers.viewer(request, "reads")
        found = await asyncio.to_thread(store.read, name, viewer)
        if found is None:
            raise Problem(404, "not_found", "There is no such picture.")
        body, mime = found
        headers = {
            "Cache-Control": "private, max-age=86400",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return HTTPResponse(body, headers=headers, content_type=mime)

    return "/uploads", "/uploads/<name:str>"


async def _body(request: Request, limit: int) -> bytes:
    """The body of a streaming request.

    Raises:
        Problem: pictures are not taken (403), none was sent (422), or it is too large (413).
    """
    if not limit:
        raise Problem(403, "no_uploads", "Pictures are not taken here.")
    # Sanic's own limit is for messages; it is put back with the next request of the connection.
    # A little too much is read to its end, so that the refusal finds a client who listens.
    request.stream.request_max_size = 4 * limit
    content, size = bytearray(), 0
    async for chunk in request.stream:
        size += len(chunk)
        if size <= limit:
            content += chunk
    if size > limit:
        raise _too_large(limit)
    if not content:
        raise Problem(422, "unknown_picture", "Send the picture as the body.")
    return bytes(content)


def _too_large(limit: int) -> Problem:
    return Problem(413, "too_large", f"A picture may have {limit // 1_000_000} MB at most.")
