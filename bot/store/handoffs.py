"""Viewers who want to talk to a person."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import reading, writing
from bot.store.privacy import mask
from bot.store.schema import handoffs


@dataclass(frozen=True)
class Handoff:
    """A viewer waiting for a person."""

    id: int
    viewer: str
    reason: str
    language: str | None
    at: datetime


class HandoffStore:
    """The queue of handoffs; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, viewer: str, reason: str, language: str | None) -> int:
        """Put a viewer into the queue and return the number; one already waiting keeps theirs."""
        viewer = storable.text(viewer)
        waiting = (
            select(handoffs.c.id)
            .where(handoffs.c.viewer == viewer, handoffs.c.closed_at.is_(None))
            .order_by(handoffs.c.id)
            .limit(1)
        )
        with writing(self._engine) as connection:
            known = connection.execute(waiting).scalar()
            if known is not None:
                return int(known)
            done = connection.execute(
                handoffs.insert().values(
                    viewer=viewer,
                    reason=storable.text(mask(reason), 2000),
                    language=language,
                    at=time.time(),
                )
            )
            return int(done.inserted_primary_key[0])

    def pending(self) -> list[Handoff]:
        """Who is waiting, longest first."""
        query = select(handoffs).where(handoffs.c.closed_at.is_(None)).order_by(handoffs.c.id)
        with reading(self._engine) as connection:
            return [
                Handoff(
                    row.id,
                    row.viewer,
                    row.reason,
                    row.language,
                    datetime.fromtimestamp(row.at, timezone.utc),
                )
                for row in connection.execute(query)
            ]

    def close(self, handoff_id: int) -> bool:
        """Take a viewer out of the queue; False when nobody waited under that number."""
        row = (handoffs.c.id == handoff_id) & handoffs.c.closed_at.is_(None)
        with writing(self._engine) as connection:
            done = connection.execute(update(handoffs).where(row).values(closed_at=time.time()))
            return bool(done.rowcount)
