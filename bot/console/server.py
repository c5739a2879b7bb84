"""Serves the console: in a process of its own, or (for tests) in a thread."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Engine

from bot import quiet
from bot.console.application import application
from bot.desk.collecting import keep_collecting
from bot.desk.projector import keep_following
from bot.listening import cannot_listen
from bot.settings import Settings, settings
from bot.store.database import POOL_SIZE
from bot.store.database import engine as engine_of
from bot.store.log_masking import install

_SHUTDOWN_SECONDS = 3.0


def main(host: str | None = None, port: int | None = None, with_parent: bool = False) -> int:
    """Serve until interrupted; returns the exit status.

    Args:
        host: address to listen on, by default the setting `host`.
        port: by default the setting `console_port`.
        with_parent: end when standard input does, that is when the process that keeps it open ends.
    """
    configuration = settings()
    host = host or configuration.host
    port = configuration.console_port if port is None else port
    if port == 0:
        print("usher: no port for the console; set USHER_CONSOLE_PORT", file=sys.stderr)
        return 1
    problem = cannot_listen(host, port, "USHER_CONSOLE_PORT")
    if problem:
        print(f"usher: {problem}", file=sys.stderr)
        return 1
    level = configuration.log_level.upper()
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    quiet.loggers(level)
    install()
    asyncio.run(_until_stopped(configuration, host, port, with_parent))
    return 0


async def serve(
    configuration: Settings, host: str, port: int, engine: Engine | None = None
) -> web.AppRunner:
    """Start to serve; `cleanup()` of what is returned ends it.

    Raises:
        OSError: the address cannot be listened on.
    """
    # As many threads as the database has connections: a few slow pages must not hold up the others,
    # nor the streams of pages that are open (asyncio's own number goes by the processors).
    threads = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="console")
    asyncio.get_running_loop().set_default_executor(threads)
    runner = web.AppRunner(
        application(configuration, engine), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS
    )
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


async def _until_stopped(configuration: Settings, host: str, port: int, with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    runner = await serve(configuration, host, port)
    # Here and not beside the assistant, whose answers it would make wait.
    store = engine_of(configuration.database)
    desk = asyncio.gather(keep_following(store), keep_collecting(store))
    if with_parent:

        def watch() -> None:
            while os.read(0, 1024):  # ends when the parent does, however it ends
                pass
            loop.call_soon_threadsafe(stop.set)

        threading.Thread(target=watch, name="parent", daemon=True).start()
    else:
        print(f"  The console is ready: {configuration.console_url or _shown(host, port)}")
        print("  Ctrl-C stops it.", flush=True)
    await stop.wait()
    desk.cancel()
    await runner.cleanup()


def _shown(host: str, port: int) -> str:
    return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '::', '::1') else host}:{port}"


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
        left = asyncio.all_tasks(self._loop)  # connections that browsers kept open
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
