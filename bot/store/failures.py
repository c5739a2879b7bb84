"""What went wrong, under an id that the viewer can quote."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
import traceback

from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import engine, writing
from bot.store.privacy import mask
from bot.store.schema import failures

logger = logging.getLogger(__name__)

# Without letters and digits that are mistaken for one another when read aloud or copied.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TRACE_LIMIT = 20_000
_ERROR_LIMIT = 2_000


def new_failure_id() -> str:
    """An id such as "E-7F3K2Q"; made without the database, which may be what failed."""
    return "E-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


class FailureStore:
    """Keeps failures for the staff, masked."""

    def __init__(self, store: Engine) -> None:
        self._engine = store

    def record(
        self,
        where: str,
        error: BaseException | str,
        viewer: str | None = None,
        failure_id: str | None = None,
    ) -> str:
        """Keep a failure and return its id.

        Args:
            where: the action, channel or job that failed.
            error: the exception, with its traceback, or a description.
            viewer: whose message it was, if any.
            failure_id: an id already told to the viewer; by default a new one.

        Raises:
            DatabaseUnavailable: the database is away.
        """
        known = failure_id or new_failure_id()
        trace = ""
        if isinstance(error, BaseException):
            lines = traceback.format_exception(type(error), error, error.__traceback__)
            trace = "".join(lines)[-_TRACE_LIMIT:]
            error = f"{type(error).__name__}: {error}"
        with writing(self._engine) as connection:
            connection.execute(
                failures.insert().values(
                    id=known,
                    place=storable.text(where, 160),
                    error=storable.text(mask(error[:_ERROR_LIMIT])),
                    trace=storable.text(mask(trace)),
                    viewer=storable.text(viewer) if viewer is not None else None,
                    at=time.time(),
                )
            )
        return known


async def report(
    where: str,
    error: BaseException | str,
    viewer: str | None = None,
    store: Engine | None = None,
) -> str:
    """Log and store a failure, by default in the settings' database.

    Returns the id that is told to the viewer.

    The database may be what failed, so that nothing is raised when it is away.
    """
    failure = new_failure_id()
    trace = error if isinstance(error, BaseException) else None
    logger.error("%s failed (%s): %s", where, failure, type(error).__name__, exc_info=trace)
    try:
        failures_kept = FailureStore(store or engine())
        await asyncio.to_thread(failures_kept.record, where, error, viewer, failure_id=failure)
    except Exception as again:  # noqa: BLE001 - the last net: it must not fail in turn
        logger.error("failure %s could not be stored: %s", failure, again)
    return failure
