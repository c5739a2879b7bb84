"""Viewers who want to talk to a person."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine, Row

from bot.store import storable
from bot.store.database import insert, reading, writing
from bot.store.privacy import mask
from bot.store.schema import handoffs


@dataclass(frozen=True)
class Handoff:
    """A viewer who asked for a person; `taken_at` tells since when one speaks with them."""

    id: int
    viewer: str
    reason: str
    language: str | None
    at: datetime
    assignee: str | None = None
    assignee_name: str | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None

    @classmethod
    def of(cls, row: Row) -> Handoff:
        """The handoff in a row of `handoffs`."""
        return cls(
            row.id,
            row.viewer,
            row.reason,
            row.language,
            _time(row.at),
            row.assignee,
            row.assignee_name,
            _time(row.taken_at),
            _time(row.closed_at),
            row.outcome,
        )


class HandoffStore:
    """The queue of handoffs; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, viewer: str, reason: str, language: str | None) -> int:
        """Put a viewer into the queue and return the number; one already waiting keeps theirs."""
        with writing(self._engine) as connection:
            return open_in(connection, viewer, reason, language)

    def pending(self) -> list[Handoff]:
        """Who waits or is being answered, longest first."""
        query = select(handoffs).where(handoffs.c.closed_at.is_(None)).order_by(handoffs.c.id)
        with reading(self._engine) as connection:
            return [Handoff.of(row) for row in connection.execute(query)]

    def taken_over(self, viewer: str) -> bool:
        """Whether a person speaks with the viewer, so that the assistant is silent."""
        query = select(handoffs.c.id).where(
            handoffs.c.viewer == storable.text(viewer),
            handoffs.c.closed_at.is_(None),
            handoffs.c.taken_at.isnot(None),
        )
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def close(self, handoff_id: int) -> bool:
        """Take a viewer out of the queue; False when nobody waited under that number."""
        row = (handoffs.c.id == handoff_id) & handoffs.c.closed_at.is_(None)
        with writing(self._engine) as connection:
            done = connection.execute(update(handoffs).where(row).values(closed_at=time.time()))
            return bool(done.rowcount)


def open_in(connection: Connection, viewer: str, reason: str, language: str | None) -> int:
    """`HandoffStore.open` within a transaction."""
    viewer = storable.text(viewer)
    waiting = select(handoffs.c.id).where(
        handoffs.c.viewer == viewer, handoffs.c.closed_at.is_(None)
    )
    known = connection.execute(waiting).scalar()
    if known is None:
        connection.execute(
            insert(connection, handoffs)
            .values(
                viewer=viewer,
                reason=storable.text(mask(reason), 2000),
                language=language,
                at=time.time(),
            )
            .on_conflict_do_nothing()
        )
        known = connection.execute(waiting).scalar_one()
    return int(known)


def _time(seconds: float | None) -> Any:
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)
