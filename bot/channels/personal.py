"""Routes for what is kept about a viewer: all of it as a file, or all of it deleted."""

from __future__ import annotations

import asyncio
import json

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.engine import Engine

from bot.channels.callers import Callers
from bot.channels.turns import Turns
from bot.store.tracker_store import forget
from bot.store.viewers import ViewerStore

FILE_NAME = "usher.json"


def add(routes: Blueprint, callers: Callers, engine: Engine, turns: Turns) -> tuple[str, ...]:
    """Add the routes; their paths."""
    store = ViewerStore(engine)

    @routes.get("/personal")
    async def export(request: Request) -> HTTPResponse:
        viewer = callers.viewer(request, "personal")
        kept = await asyncio.to_thread(store.export, viewer)
        text = json.dumps(kept, ensure_ascii=False, indent=1, default=str)
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
        }
        return HTTPResponse(
            text.encode("utf-8", "replace"), headers=headers, content_type="application/json"
        )

    @routes.delete("/personal")
    async def delete(request: Request) -> HTTPResponse:
        viewer = callers.viewer(request, "personal")
        async with turns.lock(viewer):
            await asyncio.to_thread(store.delete, viewer)
            forget(viewer)
        return empty()

    return ("/personal",)
