"""Event streams to viewers: what the outbox gets is sent to whoever listens, in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.channels.history import outbox_message
from bot.channels.problem import Problem
from bot.store import storable
from bot.store.database import DatabaseUnavailable, reading
from bot.store.messages import Outbox
from bot.store.schema import outbox

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
POLL_SECONDS = 1.0
STREAMS_PER_VIEWER = 6
_AT_ONCE = 100


class Streams:
    """The open streams of this process.

    One query a second serves them all, however many there are: any process may write to the
    outbox, so that it has to be looked at. What this process appends wakes its streams at once.

    Args:
        engine: the database of the outbox.
        poll: seconds between two looks at it.
        heartbeat: seconds of silence before a sign of life.
        per_viewer: the most streams of one viewer.
    """

    def __init__(
        self,
        engine: Engine,
        poll: float = POLL_SECONDS,
        heartbeat: float = HEARTBEAT_SECONDS,
        per_viewer: int = STREAMS_PER_VIEWER,
    ) -> None:
        self._engine = engine
        self._outbox = Outbox(engine)
        self._poll = poll
        self._heartbeat = heartbeat
        self._per_viewer = per_viewer
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._poller: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def append(self, viewer: str, message: dict[str, Any]) -> int:
        """Put a message into the outbox (blocking) and wake the viewer's streams."""
        number = self._outbox.append(viewer, message)
        if self._loop is not None and viewer in self._listeners:
            self._loop.call_soon_threadsafe(self._wake, viewer)
        return number

    def admit(self, viewer: str) -> None:
        """Raises:
        Problem: the viewer has too many streams open (429).
        """
        if len(self._listeners.get(viewer, ())) >= self._per_viewer:
            raise Problem(
                429,
                "too_many_streams",
                "Too many open pages; close one.",
                {"Retry-After": str(round(self._heartbeat * 2))},
            )

    async def follow(self, viewer: str, last_event: int | None) -> AsyncGenerator[bytes, None]:
        """The event stream of `viewer`, in bytes as they go over the wire.

        Args:
            viewer: whose messages.
            last_event: the id of the last one received; none: from now on.
        """
        if last_event is None:
            last_event = await self.newest(viewer)
        yield b"retry: 3000\n: hello\n\n"
        async with aclosing(self.messages(viewer, last_event)) as arrivals:
            async for arrived in arrivals:
                if not arrived:
                    yield b": still here\n\n"
                for number, message in arrived:
                    yield _event(number, message)

    async def newest(self, viewer: str) -> int:
        """The id of the newest message for `viewer`; 0 when there is none.

        Raises:
            DatabaseUnavailable: the database is away.
        """
        return await asyncio.to_thread(self._outbox.last_id, viewer)

    async def messages(
        self, viewer: str, last_event: int
    ) -> AsyncGenerator[list[tuple[int, dict[str, Any]]], None]:
        """What comes for `viewer` after the message `last_event`, with ids, in order.

        A heartbeat of silence gives an empty list.
        """
        woken = asyncio.Event()
        self._listeners[viewer].add(woken)
        self._start()
        try:
            while not self._closing:
                woken.clear()
                # There may be more than are read at once.
                while arrived := await self._after(viewer, last_event):
                    last_event = arrived[-1][0]
                    yield arrived
                try:
                    await asyncio.wait_for(woken.wait(), self._heartbeat)
                except asyncio.TimeoutError:
                    yield []
        finally:
            self._listeners[viewer].discard(woken)
            if not self._listeners[viewer]:
                del self._listeners[viewer]

    def close(self) -> None:
        """End every stream; clients come back to the next server by themselves."""
        self._closing = True
        if self._poller is not None:
            self._poller.cancel()
        for viewer in list(self._listeners):
            self._wake(viewer)

    async def _after(self, viewer: str, last_event: int) -> list[tuple[int, dict[str, Any]]]:
        try:
            return await asyncio.to_thread(self._outbox.after, viewer, last_event, _AT_ONCE)
        except DatabaseUnavailable as error:
            logger.warning("event streams wait for the database: %s", error)
            return []

    def _wake(self, viewer: str) -> None:
        for woken in self._listeners.get(viewer, ()):
            woken.set()

    def _start(self) -> None:
        if self._poller is None or self._poller.done():
            self._loop = asyncio.get_running_loop()
            self._poller = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Wake the streams of those for whom something came, while there are any."""
        seen: int | None = None
        while self._listeners:
            try:
                first = seen is None
                seen, viewers = await asyncio.to_thread(self._arrived, seen)
                # What came before the first look is not known to be new to anybody.
                for viewer in list(self._listeners) if first else viewers:
                    self._wake(viewer)
            except DatabaseUnavailable as error:
                logger.warning("event streams wait for the database: %s", error)
            await asyncio.sleep(self._poll)

    def _arrived(self, seen: int | None) -> tuple[int, set[str]]:
        with reading(self._engine) as connection:
            if seen is None:
                return int(connection.execute(select(func.max(outbox.c.id))).scalar() or 0), set()
            rows = connection.execute(
                select(outbox.c.id, outbox.c.viewer).where(outbox.c.id > seen)
            ).all()
        return max([seen, *(row.id for row in rows)]), {row.viewer for row in rows}


def _event(number: int, message: dict[str, Any]) -> bytes:
    data = storable.dump(outbox_message(number, message, time.time()))
    return f"id: {number}\nevent: message\ndata: {data}\n\n".encode()
