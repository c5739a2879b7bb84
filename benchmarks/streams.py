"""What idle event streams cost a server: memory and processor time, with 2,000 open.

    python -m benchmarks.streams [--streams 2000] [--seconds 30]

The server has the real channels and an assistant that answers by rote, so that what is measured is
the streams alone. Each belongs to a viewer of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from bot.channels.tokens import ViewerTokens
from tests.channels.served import Server, running

_AT_ONCE = 50
# Viewers who are told something, one after the other.
_TOLD = 20


async def measure(server: Server, streams: int, seconds: float) -> dict[str, float]:
    """Open the streams, let them rest, then have some of them told something.

    Returns:
        Resident memory before and after in MB and per stream in KB, the share of one processor
        used meanwhile, and how long a message took to such a viewer (median), in milliseconds.
    """
    process = psutil.Process(server.process.pid)
    secret = (server.data / "secret").read_bytes().strip()
    tokens = ViewerTokens(secret, 1)
    gate = asyncio.Semaphore(_AT_ONCE)
    before = process.memory_info().rss
    limitless = aiohttp.TCPConnector(limit=0)
    no_end = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(server.url, connector=limitless, timeout=no_end) as http:

        async def opened(token: str) -> aiohttp.ClientResponse:
            async with gate:
                headers = {"Authorization": f"Bearer {token}"}
                response = await http.get("/webhooks/web/events", headers=headers)
                assert response.status == 200
                await response.content.readline()
                return response

        known = [tokens.issue().text for _ in range(streams)]
        responses = await asyncio.gather(*map(opened, known))
        await asyncio.sleep(2)
        after = process.memory_info().rss
        used, began = sum(process.cpu_times()[:2]), time.monotonic()
        await asyncio.sleep(seconds)
        share = (sum(process.cpu_times()[:2]) - used) / (time.monotonic() - began)
        late = [
            await _told(http, token, response)
            for token, response in zip(known[:_TOLD], responses, strict=False)
        ]
        for response in responses:
            response.close()
    return {
        "streams": streams,
        "memory_before_mb": round(before / 1e6, 1),
        "memory_after_mb": round(after / 1e6, 1),
        "kb_per_stream": round((after - before) / 1e3 / streams, 1),
        "cpu_percent": round(100 * share, 1),
        "message_ms": round(1000 * statistics.median(late), 1),
    }


async def _told(http: aiohttp.ClientSession, token: str, response: aiohttp.ClientResponse) -> float:
    """Seconds from the moment something is said to the one at which the viewer's stream has it."""
    headers = {"Authorization": f"Bearer {token}"}
    body = {"id": "stream-bench", "text": "remind me"}
    async with http.post("/webhooks/web/messages", json=body, headers=headers) as answer:
        assert answer.status == 200
    while True:
        line = (await response.content.readline()).decode()
        if line.startswith("data:"):
            return time.time() - float(json.loads(line[5:])["time"])


def main() -> int:
    """Print the figures; the last line is JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--streams", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        asyncio.run(_known(server))
        found = asyncio.run(measure(server, options.streams, options.seconds))
    for name, value in found.items():
        print(f"{name:20} {value}")
    print(json.dumps({"benchmark": "streams", **found}))
    return 0


async def _known(server: Server) -> None:
    """The first session makes the secret that tokens are signed with."""
    async with aiohttp.ClientSession(server.url) as http, http.post("/webhooks/web/session"):
        pass


if __name__ == "__main__":
    raise SystemExit(main())
