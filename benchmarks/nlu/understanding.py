"""The trained assistant, as the bot loads it, reading whole messages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from bot.agent import load

Parsed = dict[str, Any]


class Assistant:
    """Parses sentences one after another with the whole pipeline.

    Raises:
        NoModelError: nothing is trained.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._agent = self._loop.run_until_complete(load())

    def parse(self, texts: Sequence[str]) -> list[Parsed]:
        """What is understood of each text, in Rasa's form."""

        async def each() -> list[Parsed]:
            return [await self._agent.parse_message(text) for text in texts]

        return self._loop.run_until_complete(each())

    def milliseconds(self, texts: Sequence[str]) -> list[float]:
        """How long each text takes, by the clock on the wall."""

        async def each() -> list[float]:
            times = []
            for text in texts:
                began = time.perf_counter()
                await self._agent.parse_message(text)
                times.append((time.perf_counter() - began) * 1000)
            return times

        return self._loop.run_until_complete(each())

    def close(self) -> None:
        """End the event loop."""
        self._loop.close()


def intent(parsed: Parsed) -> str:
    """The intent that was understood; the fallback where there is none."""
    return str((parsed.get("intent") or {}).get("name") or "nlu_fallback")
