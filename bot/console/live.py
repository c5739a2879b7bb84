"""Server-sent events: pages that update themselves, and the numbers in the navigation."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web

from bot.console.access import SIGNED_IN, needs
from bot.console.visit import SESSIONS, Visit, visit

CLOSING: web.AppKey[asyncio.Event] = web.AppKey("closing", asyncio.Event)
HEARTBEAT_SECONDS = 15.0
COUNTS_SECONDS = 3.0

# A count's name → the permission to see it, and what counts (in a thread).
_counts: dict[str, tuple[str, Callable[[web.Request], int]]] = {}


class Stream:
    """An open stream of events to one page."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self.response = response
        self._visit: Visit = visit(request)

    async def send(self, event: str, data: Any, id: int | str | None = None) -> None:
        """Send an event; `data` becomes JSON, `id` comes back as Last-Event-ID."""
        lines = [f"event: {event}", f"data: {json.dumps(data, ensure_ascii=True)}"]
        if id is not None:
            lines.insert(0, f"id: {id}")
        await self.response.write(("\n".join(lines) + "\n\n").encode())

    async def ticks(self, seconds: float = 1.0) -> AsyncIterator[None]:
        """Come by every `seconds`, at once first, until the page is gone, the session is over or
        the console stops."""
        closing = self._request.app[CLOSING]
        beat = time.monotonic()
        while not closing.is_set():
            yield
            if time.monotonic() - beat > HEARTBEAT_SECONDS:
                if not await self._still_signed_in():
                    await self.send("signed-out", {})
                    return
                await self.response.write(b": still here\n\n")
                beat = time.monotonic()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(closing.wait(), seconds)

    async def _still_signed_in(self) -> bool:
        sessions = self._request.app[SESSIONS]
        return bool(await asyncio.to_thread(sessions.find, self._visit.token, False))


@asynccontextmanager
async def stream(request: web.Request) -> AsyncIterator[Stream]:
    """Open a stream:

    async with live.stream(request) as events:
        async for _ in events.ticks(1.0):
            await events.send("message", {...}, id=7)
    return events.response
    """
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    with suppress(ConnectionResetError):
        yield Stream(request, response)


def count(name: str, permission: str, number: Callable[[web.Request], int]) -> None:
    """Show a number beside the place of the navigation whose `count` is `name`.

    Args:
        name: of the count.
        permission: who may know it.
        number: counts; called in a thread every few seconds for each open page.
    """
    _counts[name] = (permission, number)


def routes() -> list[web.RouteDef]:
    """The stream of the navigation's numbers."""
    return [web.get("/live/counts", counts)]


@needs(SIGNED_IN)
async def counts(request: web.Request) -> web.StreamResponse:
    """The numbers beside the navigation's places, whenever they change."""
    mine = {
        name: number
        for name, (permission, number) in _counts.items()
        if visit(request).may(permission)
    }
    before: dict[str, int] | None = None
    async with stream(request) as events:
        async for _ in events.ticks(COUNTS_SECONDS):
            now = {name: await asyncio.to_thread(number, request) for name, number in mine.items()}
            if now != before:
                await events.send("counts", now)
                before = now
    return events.response
