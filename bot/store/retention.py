"""Deletes what has been kept for long enough.

A conversation goes as a whole once its last event is too old. Of one that goes on, old events go
as soon as its part at hand no longer needs them. What a viewer has rated and listed stays until
the viewer deletes it.
"""

from __future__ import annotations

import time

from sqlalchemy import Table, delete, func, select
from sqlalchemy.engine import Engine

from bot.settings import settings
from bot.store import desk_rows
from bot.store.database import reading, writing
from bot.store.schema import (
    cases,
    events,
    failures,
    handoffs,
    messages_seen,
    outbox,
    tracker_snapshots,
)

DAY = 86_400.0
# Conversations deleted in one transaction: a live turn waits no longer than for these.
_AT_ONCE = 50
_DATED: tuple[Table, ...] = (cases, failures, messages_seen, outbox)


def delete_old(engine: Engine, days: int | None = None, now: float | None = None) -> dict[str, int]:
    """Delete conversations and records older than `days`.

    Args:
        engine: the database.
        days: by default the setting `retention_days`; 0 keeps everything.
        now: the present, in seconds since 1970.

    Returns:
        Rows deleted, by table.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    days = settings().retention_days if days is None else days
    deleted = dict.fromkeys(("events", "tracker_snapshots", "handoffs"), 0)
    deleted.update((table.name, 0) for table in _DATED)
    if not days:
        return deleted
    before = (time.time() if now is None else now) - days * DAY
    ended = _ended(engine, before)
    for start in range(0, len(ended), _AT_ONCE):
        some = ended[start : start + _AT_ONCE]
        with writing(engine) as connection:
            for table in (events, tracker_snapshots):
                gone = connection.execute(delete(table).where(table.c.sender_id.in_(some)))
                deleted[table.name] += gone.rowcount
            desk_rows.forget(connection, some)
    at_hand = (
        select(tracker_snapshots.c.seq)
        .where(tracker_snapshots.c.sender_id == events.c.sender_id)
        .scalar_subquery()
    )
    old = (events.c.timestamp < before) & (events.c.seq <= at_hand)
    with writing(engine) as connection:
        shortened = list(
            connection.execute(select(events.c.sender_id).where(old).distinct()).scalars()
        )
        gone = connection.execute(delete(events).where(old))
        for start in range(0, len(shortened), _AT_ONCE):
            desk_rows.forget(connection, shortened[start : start + _AT_ONCE])
        deleted["events"] += gone.rowcount
        for table in _DATED:
            deleted[table.name] = connection.execute(
                delete(table).where(table.c.at < before)
            ).rowcount
        deleted["handoffs"] = connection.execute(
            delete(handoffs).where(handoffs.c.closed_at < before)
        ).rowcount
    return deleted


def _ended(engine: Engine, before: float) -> list[str]:
    query = (
        select(events.c.sender_id)
        .group_by(events.c.sender_id)
        .having(func.max(events.c.timestamp) < before)
    )
    with reading(engine) as connection:
        return list(connection.execute(query).scalars())
