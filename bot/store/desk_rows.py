"""What the review desk is told beside the events: what is deleted, and what is kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.store.desk_schema import conversations, desk_stale


def forget(connection: Connection, senders: Sequence[str]) -> int:
    """Delete the conversations of `senders`, and have made anew what is left of their events.

    Everything that belongs to a conversation goes with it; the figures of its day are counted
    again. Part of the caller's transaction. Returns how many conversations there were.
    """
    if not senders:
        return 0
    theirs = conversations.c.viewer.in_(senders)
    days = connection.execute(select(conversations.c.day).where(theirs).distinct()).scalars().all()
    stale = [{"sender": sender, "day": None} for sender in senders]
    connection.execute(
        desk_stale.insert(), [*stale, *({"sender": None, "day": day} for day in days)]
    )
    return int(connection.execute(delete(conversations).where(theirs)).rowcount)


def touch(connection: Connection, senders: Sequence[str], at: float) -> None:
    """Have made anew what the desk shows of `senders`, from their conversation at the time `at` on:
    something is kept about it beside the events. Part of the caller's transaction."""
    if senders:
        stale = [{"sender": sender, "at": at} for sender in senders]
        connection.execute(desk_stale.insert(), stale)
