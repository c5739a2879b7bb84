"""Work that is done again and again in the background, whatever happens to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bot.store.database import DatabaseUnavailable

logger = logging.getLogger(__name__)


async def keep_doing(work: Callable[[], Any], what: str, seconds: float) -> None:
    """Do `work` (blocking, in a thread) every `seconds` until cancelled.

    A failure is logged with `what` it was and ends nothing: one event that cannot be read must not
    hold up all others. While the database is away it is tried every minute at least; after another
    failure the next try waits longer, but never for more than ten minutes beyond its time.
    """
    while True:
        pause = seconds
        try:
            await asyncio.to_thread(work)
        except DatabaseUnavailable as error:
            logger.warning("%s: waits for the database: %s", what, error)
            pause = min(seconds, 60.0)
        except Exception:
            logger.exception("%s: could not be brought up to date", what)
            pause = min(10 * seconds, seconds + 600.0)
        await asyncio.sleep(pause)
