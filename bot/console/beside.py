"""Keeps a console running beside the assistant.

It is a process of its own: neither takes the other's time, and neither falls with the other. A
console that dies is started again; it ends when the assistant's process ends, however that ends.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from bot.settings import ROOT

logger = logging.getLogger(__name__)
_FIRST_WAIT, _LONGEST_WAIT, _WELL = 1.0, 60.0, 30.0
_STOP_SECONDS = 6.0


class Beside:
    """A console in a process beside this one: `with Beside(host, port): …`.

    Args:
        host: where it listens.
        port: where it listens.
        environment: settings that differ from this process's environment.
    """

    def __init__(self, host: str, port: int, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(environment or {})
        self._command = [
            *(sys.executable, "-m", "bot", "console", "serve", "--with-parent"),
            *("--host", host, "--port", str(port)),
        ]
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep, name="console", daemon=True)

    @property
    def pid(self) -> int | None:
        """The number of the process that runs now."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Beside:
        self._process = self._start()
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._watch.join(_STOP_SECONDS)

    def _start(self) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C reaches this process, which then stops it.
        return subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, **self._environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _keep(self) -> None:
        wait = _FIRST_WAIT
        while self._process is not None:
            began = time.monotonic()
            status = self._process.wait()
            if self._stopping.is_set():
                return
            wait = _FIRST_WAIT if time.monotonic() - began > _WELL else wait
            logger.error("the console ended (%s); it starts again in %.0f s", status, wait)
            if self._stopping.wait(wait):
                return
            wait = min(wait * 2, _LONGEST_WAIT)
            self._process = self._start()
