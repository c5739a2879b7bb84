"""A real server on a free port, and viewers of it as the page behaves."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.channels.rote_server import serve

# Rasa's channels take seconds to import: one process does, and every server is a fork of it.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.channels.rote_server"])


@dataclass
class Server:
    """A running server; `data` is its data folder."""

    url: str
    data: Path
    process: Any


class running:  # noqa: N801 - reads as a phrase
    """A server of its own: `with running(folder, USHER_REST_TOKEN="x") as server`."""

    def __init__(self, data: Path, **environment: str) -> None:
        self._data = data
        self._environment = {"USHER_DATA_DIR": str(data), **environment}

    def __enter__(self) -> Server:
        port, log = free_port(), self._data / "server.log"
        process = _forks.Process(target=serve, args=(port, self._environment, str(log)))
        process.start()
        self._server = Server(f"http://127.0.0.1:{port}", self._data, process)
        for _ in range(600):
            if not process.is_alive():
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return self._server
            time.sleep(0.05)
        process.kill()
        pytest.fail("the server did not start:\n" + log.read_text()[-4000:])

    def __exit__(self, *_: object) -> None:
        process = self._server.process
        process.terminate()
        process.join(10)
        if process.is_alive():
            process.kill()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Viewer:
    """A viewer with a token, as the page behaves."""

    def __init__(self, http: aiohttp.ClientSession, token: str, viewer: str) -> None:
        self.http = http
        self.token = token
        self.id = viewer
        self.headers = {"Authorization": f"Bearer {token}"}

    async def send(
        self, text: Any, client_id: str | None = None, metadata: Any = None
    ) -> tuple[int, dict[str, Any]]:
        """Send a message; the status and the body of the answer."""
        body = {"id": client_id or f"c-{os.urandom(8).hex()}", "text": text}
        if metadata is not None:
            body["metadata"] = metadata
        async with self.http.post(
            "/webhooks/web/messages", json=body, headers=self.headers
        ) as response:
            return response.status, await response.json()

    async def texts(self, text: str, **kwargs: Any) -> list[str]:
        """The texts answered to `text`."""
        status, body = await self.send(text, **kwargs)
        assert status == 200, body
        return [message.get("text", "") for message in body["messages"]]

    async def history(self, query: str = "") -> dict[str, Any]:
        """A page of the history."""
        async with self.http.get(f"/webhooks/web/history{query}", headers=self.headers) as response:
            assert response.status == 200
            return await response.json()


async def new_viewer(http: aiohttp.ClientSession) -> Viewer:
    """Somebody who has never been here."""
    async with http.post("/webhooks/web/session") as response:
        body = await response.json()
        assert response.status == 200, body
    return Viewer(http, body["token"], body["viewer"])


async def read_events(
    viewer: Viewer, count: int, last: str | None = None, seconds: float = 5
) -> list[dict[str, Any]]:
    """The next `count` events of the viewer's stream, each with its id."""
    headers = {**viewer.headers, **({"Last-Event-ID": last} if last else {})}
    found: list[dict[str, Any]] = []

    async def read() -> None:
        async with viewer.http.get("/webhooks/web/events", headers=headers) as response:
            assert response.status == 200
            assert response.headers["Content-Type"].startswith("text/event-stream")
            number = ""
            async for line in response.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    number = value
                elif name == "data":
                    found.append({"event_id": number, **json.loads(value)})
                    if len(found) == count:
                        return

    await asyncio.wait_for(read(), seconds)
    return found
