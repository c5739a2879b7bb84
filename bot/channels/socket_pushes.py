"""What comes later for the sessions that are connected by Socket.IO: persons' words, notices.

Each viewer with a connection is followed in the outbox as an event stream would be. Where the
last connection ended is remembered, so that what came in between is delivered when the viewer
comes back to this process; one that it has not met hears what comes from then on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from bot.channels.streams import Streams
from bot.store.database import DatabaseUnavailable

logger = logging.getLogger(__name__)

_REMEMBERED = 10_000


class SocketPushes:
    """The connected viewers of this process.

    Args:
        streams: of the outbox.
        send: brings a message to all connections of a viewer.
    """

    def __init__(
        self, streams: Streams, send: Callable[[str, dict[str, Any]], Awaitable[None]]
    ) -> None:
        self._streams = streams
        self._send = send
        self._viewers: defaultdict[str, set[str]] = defaultdict(set)  # of each connection
        self._connections: defaultdict[str, set[str]] = defaultdict(set)  # of each viewer
        self._following: dict[str, asyncio.Task[None]] = {}
        self._places: OrderedDict[str, int] = OrderedDict()

    def join(self, connection: str, viewer: str) -> None:
        """A viewer speaks through this connection."""
        self._viewers[connection].add(viewer)
        self._connections[viewer].add(connection)
        if viewer not in self._following:
            self._following[viewer] = asyncio.create_task(self._follow(viewer))

    def leave(self, connection: str) -> None:
        """The connection has ended."""
        for viewer in self._viewers.pop(connection, ()):
            self._connections[viewer].discard(connection)
            if not self._connections[viewer]:
                del self._connections[viewer]
                if viewer in self._following:
                    self._following.pop(viewer).cancel()

    async def _follow(self, viewer: str) -> None:
        try:
            await self._deliver(viewer)
        except DatabaseUnavailable as error:
            logger.warning("a Socket.IO session waits for the database: %s", error)
        finally:
            if self._following.get(viewer) is asyncio.current_task():
                del self._following[viewer]  # the viewer's next message tries again

    async def _deliver(self, viewer: str) -> None:
        if viewer not in self._places:
            self._places[viewer] = await self._streams.newest(viewer)
        self._places.move_to_end(viewer)
        while len(self._places) > max(_REMEMBERED, len(self._following)):
            self._places.popitem(last=False)
        async with aclosing(self._streams.messages(viewer, self._places[viewer])) as arrivals:
            async for arrived in arrivals:
                for number, message in arrived:
                    await self._send(viewer, message)
                    self._places[viewer] = number
