"""Usher beside the bot that `rasa init` makes: time of a message, messages a second, memory.

Both are served in processes of their own and called through the REST channel, in turns, so that
a machine that slows down slows both. `make bench-latency`
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from bot import quiet
from bot.settings import ROOT, settings

GREETINGS = ("hello", "hi", "hey there")
FACTS = (
    "who directed Heat?",
    "《霸王别姬》谁演的",
    "a funny sci-fi from the 90s under two hours",
    "推荐几部科幻片",
    "how long is The Godfather?",
    "something like Inception",
)
ROUNDS, MESSAGES_A_ROUND, TURNS_A_SENDER = 5, 60, 6
SENDERS, MESSAGES_A_SENDER = 16, 24
LONG_CONVERSATION, WINDOW = 1000, 25
START_LIMIT = 180.0


@dataclass
class Bot:
    """A served bot and what was measured of it."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    sentences: Sequence[str]
    started: float = 0.0
    single: list[float] = field(default_factory=list)
    throughput: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Address of the REST channel."""
        return f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"

    def memory(self) -> float:
        """Resident memory of the process and its children, in MB."""
        process = psutil.Process(self.process.pid)
        every = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in every) / 1e6


def say(text: str) -> None:
    """Progress, apart from the figures."""
    print(text, file=sys.stderr, flush=True)


def stock_project() -> Path:
    """The bot that `rasa init` makes, made and trained once."""
    folder = settings().data_dir / "bench" / "stock"
    if not list(folder.glob("models/*.tar.gz")):
        say("making and training the stock bot …")
        folder.mkdir(parents=True, exist_ok=True)
        log = (folder.parent / "stock.log").open("wb")
        subprocess.run(
            [sys.executable, "-m", "rasa", "init", "--no-prompt", "--quiet", "--init-dir", folder],
            check=True,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **quiet.ENVIRONMENT},
        )
    return folder


@contextmanager
def served(
    name: str, command: Sequence[str], folder: Path, sentences: Sequence[str]
) -> Iterator[Bot]:
    """Start `command` with `{port}` filled in; stop it when done."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (settings().data_dir / "bench" / f"{name}.log").open("wb")
    began = time.monotonic()
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        cwd=folder,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **quiet.ENVIRONMENT, "PYTHONPATH": str(ROOT)},
    )
    bot = Bot(name, process, port, sentences)
    try:
        asyncio.run(_first_answer(bot))
        bot.started = time.monotonic() - began
        say(f"{name}: first answer after {bot.started:.1f} s")
        yield bot
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


async def _first_answer(bot: Bot) -> None:
    began = time.monotonic()
    async with aiohttp.ClientSession() as session:
        while True:
            if bot.process.poll() is not None:
                raise RuntimeError(f"{bot.name} ended before it answered; see its log in bench/")
            try:
                if await _send(session, bot, "warm-up", bot.sentences[0]):
                    return
            except (aiohttp.ClientError, ValueError):
                pass
            if time.monotonic() - began > START_LIMIT:
                raise RuntimeError(f"{bot.name} did not answer within {START_LIMIT:.0f} s")
            await asyncio.sleep(0.25)


async def _send(session: aiohttp.ClientSession, bot: Bot, sender: str, text: str) -> list[object]:
    async with session.post(bot.url, json={"sender": sender, "message": text}) as response:
        response.raise_for_status()
        answer: list[object] = await response.json()
        return answer


async def single(bot: Bot, messages: int) -> list[float]:
    """Milliseconds of each of `messages` messages, one at a time."""
    times = []
    async with aiohttp.ClientSession() as session:
        for number in range(messages):
            if number % TURNS_A_SENDER == 0:
                sender = uuid.uuid4().hex
            text = bot.sentences[number % len(bot.sentences)]
            began = time.perf_counter()
            await _send(session, bot, sender, text)
            times.append((time.perf_counter() - began) * 1000)
    return times


async def throughput(bot: Bot) -> float:
    """Messages a second with `SENDERS` senders at once, each waiting for its answer."""

    async def viewer(session: aiohttp.ClientSession) -> None:
        for number in range(MESSAGES_A_SENDER):
            if number % TURNS_A_SENDER == 0:
                sender = uuid.uuid4().hex
            await _send(session, bot, sender, bot.sentences[number % len(bot.sentences)])

    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        began = time.perf_counter()
        await asyncio.gather(*(viewer(session) for _ in range(SENDERS)))
        return SENDERS * MESSAGES_A_SENDER / (time.perf_counter() - began)


async def long_conversation(bot: Bot) -> tuple[float, float]:
    """Median milliseconds of first turns, and of the last turns of a very long conversation."""
    first, last = [], []
    text = FACTS[0]
    async with aiohttp.ClientSession() as session:
        for _ in range(WINDOW):
            began = time.perf_counter()
            await _send(session, bot, uuid.uuid4().hex, text)
            first.append((time.perf_counter() - began) * 1000)
        sender = uuid.uuid4().hex
        for turn in range(LONG_CONVERSATION):
            began = time.perf_counter()
            await _send(session, bot, sender, text)
            last.append((time.perf_counter() - began) * 1000)
            if (turn + 1) % 250 == 0:
                say(f"  turn {turn + 1}: {last[-1]:.1f} ms")
    return statistics.median(first), statistics.median(last[-WINDOW:])


def percentile(times: Sequence[float], share: float) -> float:
    """The value below which `share` of the times lie."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def main() -> int:
    """Measure, print a table and, last, one JSON line; non-zero only when it could not measure."""
    (settings().data_dir / "bench").mkdir(parents=True, exist_ok=True)
    python = sys.executable
    stock_command = [python, "-m", "rasa", "run", "--port", "{port}", "--quiet"]
    usher_command = [python, "-m", "bot", "run", "--port", "{port}"]
    try:
        folder = stock_project()
        with (
            served("stock", stock_command, folder, GREETINGS) as stock,
            served("usher", usher_command, ROOT, FACTS) as usher,
        ):
            bots = (stock, usher)
            for bot in bots:
                asyncio.run(single(bot, 30))
            for number in range(1, ROUNDS + 1):
                for bot in bots:
                    bot.single += asyncio.run(single(bot, MESSAGES_A_ROUND))
                    bot.throughput.append(asyncio.run(throughput(bot)))
                say(f"round {number} of {ROUNDS}")
            memory = {bot.name: bot.memory() for bot in bots}
            first, last = asyncio.run(long_conversation(usher))
    except (RuntimeError, OSError, subprocess.SubprocessError, aiohttp.ClientError) as error:
        print(f"bench-latency: {error}", file=sys.stderr)
        return 1
    print(f"{'':<8}{'p50 ms':>9}{'p95 ms':>9}{'msg/s':>9}{'MB':>8}{'start s':>9}")
    for bot in bots:
        print(
            f"{bot.name:<8}{statistics.median(bot.single):>9.1f}"
            f"{percentile(bot.single, 0.95):>9.1f}"
            f"{statistics.median(bot.throughput):>9.1f}{memory[bot.name]:>8.0f}{bot.started:>9.1f}"
        )
    print(f"usher, one conversation: turn 1 {first:.1f} ms, {LONG_CONVERSATION} {last:.1f} ms")
    p50 = statistics.median(usher.single) / statistics.median(stock.single)
    rate = statistics.median(usher.throughput) / statistics.median(stock.throughput)
    bars = {
        "p50_to_stock": {"value": round(p50, 3), "bar": 0.5, "ok": p50 <= 0.5},
        "throughput_to_stock": {"value": round(rate, 2), "bar": 2.5, "ok": rate >= 2.5},
        "turn_1000_to_turn_1": {
            "value": round(last / first, 3),
            "bar": 1.3,
            "ok": last / first <= 1.3,
        },
    }
    print(json.dumps({"bars": bars}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
