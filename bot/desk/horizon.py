"""Up to which event everything is known, although ids are drawn before they are committed.

In PostgreSQL a smaller id may come into sight after a larger one. What is beyond the horizon is
looked at again each time; it moves only once every transaction has ended that was running when the
newest id was read. SQLite has one writer at a time: what is committed later has a larger id.
"""

from __future__ import annotations

import time

from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection, Engine

from bot.store.database import reading
from bot.store.schema import events

_KEPT = 100
# An id is drawn a moment before its transaction counts as running.
_SETTLE_SECONDS = 0.25


class Horizon:
    """Of the events in one database; methods raise `DatabaseUnavailable` when it is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._postgresql = engine.dialect.name == "postgresql"
        # Ids read at a time, and the first transaction that had not begun by then.
        self._read: list[tuple[int, int, float]] = []

    def newest(self, connection: Connection) -> int:
        """The newest id in sight; 0 when there is none."""
        last = int(connection.execute(select(func.max(events.c.id))).scalar() or 0)
        if self._postgresql:
            query = text("SELECT txid_snapshot_xmax(txid_current_snapshot())")
            begun = int(connection.execute(query).scalar_one())
            self._read.append((last, begun, time.monotonic()))
            del self._read[:-_KEPT]
        return last

    def safe(self, last: int) -> int:
        """The id up to which nothing can come any more; `last` is what `newest` gave."""
        if not self._postgresql:
            return last
        with reading(self._engine) as connection:
            query = text("SELECT txid_snapshot_xmin(txid_current_snapshot())")
            oldest = int(connection.execute(query).scalar_one())
        now = time.monotonic()
        safe = 0
        for known, begun, at in list(self._read):
            if begun <= oldest and now - at >= _SETTLE_SECONDS:
                safe = max(safe, known)
                self._read.remove((known, begun, at))
        return safe
