"""Work in the background goes on, whatever happens to it."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk.keeping import keep_doing
from bot.store.database import DatabaseUnavailable


@pytest.mark.parametrize("wrong", [DatabaseUnavailable("away"), ValueError("an odd event")])
async def test_a_failure_ends_nothing(wrong: Exception, caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise wrong
        loop.call_soon_threadsafe(enough.set)

    task = asyncio.create_task(keep_doing(work, "the work", 0.01))
    await asyncio.wait_for(enough.wait(), 5)
    task.cancel()
    assert "the work" in caplog.text and str(wrong) in caplog.text
