"""Each message is answered once, however often it is sent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.engine import Engine

from bot.channels.history import History
from bot.channels.problem import Problem
from bot.channels.turns import TurnFailed
from bot.store.failures import report
from bot.store.messages import MessagesSeen

Replies = list[dict[str, Any]]

# How long to wait for another process that has taken the message up.
ELSEWHERE_SECONDS = 15.0
_LOOK_SECONDS = 0.25


class Once:
    """Recognises messages by the id their client gave them.

    Args:
        channel: the channel's name.
        engine: the database that remembers.
        history: where the answer of a turn is found whose reply was never kept.
        alone: whether no other process answers viewers; by default as Sanic was started.
    """

    def __init__(
        self, channel: str, engine: Engine, history: History, alone: bool | None = None
    ) -> None:
        self._channel = channel
        self._seen = MessagesSeen(engine)
        self._history = history
        self._alone = int(os.environ.get("SANIC_WORKERS") or 1) <= 1 if alone is None else alone
        self._running: dict[tuple[str, str], asyncio.Task[Replies]] = {}

    async def answer(
        self,
        viewer: str,
        client_id: str,
        lock: asyncio.Lock,
        make: Callable[[], Awaitable[Replies]],
    ) -> Replies:
        """The answer to the message, made by `make` under `lock` unless it was given before.

        It is made to the end and kept even when the caller is cancelled.

        Raises:
            TurnFailed: it could not be made; sent again, the message counts as new.
            Problem: another process is still at it (409).
        """
        key = viewer, client_id
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._answer(viewer, client_id, lock, make))
            self._running[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(task)

    def _done(self, key: tuple[str, str], task: asyncio.Task[Replies]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()  # the caller may be gone: it is not an error that nobody looked

    async def _answer(
        self,
        viewer: str,
        client_id: str,
        lock: asyncio.Lock,
        make: Callable[[], Awaitable[Replies]],
    ) -> Replies:
        key = (self._channel, viewer, client_id)
        try:
            async with lock:
                if not await asyncio.to_thread(self._seen.first_time, *key):
                    known = await self._given(viewer, client_id)
                    if known is not None:
                        return known
                try:
                    replies = await make()
                except TurnFailed:
                    await asyncio.to_thread(self._seen.forget, *key)
                    raise
                await asyncio.to_thread(self._seen.store_reply, *key, replies)
                return replies
        except (TurnFailed, Problem):
            raise
        except Exception as error:
            raise TurnFailed(await report(f"channel {self._channel}", error, viewer)) from error

    async def _given(self, viewer: str, client_id: str) -> Replies | None:
        """The answer given before; none when it has to be made after all.

        A process that was stopped may have left a message taken up but not answered; whether its
        turn had been saved is told by the conversation itself.
        """
        key = (self._channel, viewer, client_id)
        waited = 0.0
        while True:
            known = await asyncio.to_thread(self._seen.reply, *key)
            if known is None:
                known = await asyncio.to_thread(self._history.answer, viewer, client_id)
            if known is not None:
                return known
            if self._alone:
                return None
            if waited >= ELSEWHERE_SECONDS:
                raise Problem(
                    409, "in_progress", "This message is being answered.", {"Retry-After": "5"}
                )
            await asyncio.sleep(_LOOK_SECONDS)
            waited += _LOOK_SECONDS
