"""Serves the console: in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Engine

from bot.console.application import application
from bot.settings import Settings

_SHUTDOWN_SECONDS = 3.0


async def serve(
    configuration: Settings, host: str, port: int, engine: Engine | None = None
) -> web.AppRunner:
    """Start to serve; `cleanup()` of what is returned ends it.

    Raises:
        OSError: the address cannot be listened on.
    """
    runner = web.AppRunner(
        application(configuration, engine), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS
    )
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


class InThread:
    """A console in a thread of this process: `with InThread(settings, port=0) as console`."""

    def __init__(
        self, configuration: Settings, host: str = "127.0.0.1", port: int = 0, engine: Any = None
    ) -> None:
        self._arguments = (configuration, host, port, engine)
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._thread = threading.Thread(target=self._run, name="console", daemon=True)
        self.url = ""

    def __enter__(self) -> InThread:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(serve(*self._arguments), self._loop)
        self._runner = started.result(30)
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
