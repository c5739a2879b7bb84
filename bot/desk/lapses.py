"""What happens when nobody takes a handoff, or the person who took it goes away.

- A person without a sign of life for `away` seconds: what they took over goes back to the bot and
  into the queue, what was only assigned to them becomes free. The viewer is told.
- A viewer who waits for half of `wait` is told once that it still takes a while.
- A viewer who waits for `wait` in vain: the handoff is closed and the viewer told.

The server calls `lapse` every few seconds; any number of processes may.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import and_, select, update
from sqlalchemy.engine import Connection, Engine

from bot.desk import outgoing
from bot.store.answering_schema import presence
from bot.store.database import writing
from bot.store.schema import handoffs


@dataclass(frozen=True)
class Lapsed:
    """How many handoffs were freed, reminded of, and closed."""

    freed: int
    reminded: int
    closed: int


def lapse(engine: Engine, wait: float, away: float, now: float | None = None) -> Lapsed:
    """Do what is due.

    Args:
        engine: the database.
        wait: seconds that a viewer may wait; 0: for ever.
        away: seconds without a sign after which a person counts as gone; 0: never.
        now: the present, in seconds since 1970.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    now = time.time() if now is None else now
    with writing(engine) as connection:
        freed = _free(connection, now - away) if away else 0
        reminded = _remind(connection, now - wait / 2, now) if wait else 0
        closed = _close(connection, now - wait, now) if wait else 0
    return Lapsed(freed, reminded, closed)


def _free(connection: Connection, before: float) -> int:
    here = select(presence.c.person).where(presence.c.at >= before)
    gone = and_(
        handoffs.c.closed_at.is_(None),
        handoffs.c.assignee.isnot(None),
        handoffs.c.assigned_at < before,
        handoffs.c.assignee.notin_(here),
    )
    freed = 0
    for row in connection.execute(select(handoffs).where(gone)).all():
        done = connection.execute(
            update(handoffs)
            .where(handoffs.c.id == row.id, handoffs.c.assignee == row.assignee, gone)
            .values(assignee=None, assignee_name=None, assigned_at=None, taken_at=None)
        )
        freed += done.rowcount
        if done.rowcount and row.taken_at is not None:
            outgoing.notice(connection, row.viewer, "person_left", row.assignee_name)
            outgoing.from_bot(connection, row.viewer, "utter_person_went_away", row.language)
    return freed


def _remind(connection: Connection, before: float, now: float) -> int:
    late = and_(
        handoffs.c.closed_at.is_(None),
        handoffs.c.taken_at.is_(None),
        handoffs.c.reminded_at.is_(None),
        handoffs.c.at < before,
    )
    told = 0
    for row in connection.execute(select(handoffs).where(late)).all():
        done = connection.execute(
            update(handoffs).where(handoffs.c.id == row.id, late).values(reminded_at=now)
        )
        told += done.rowcount
        if done.rowcount:
            outgoing.notice(connection, row.viewer, "person_waiting")
    return told


def _close(connection: Connection, before: float, now: float) -> int:
    in_vain = and_(
        handoffs.c.closed_at.is_(None), handoffs.c.assignee.is_(None), handoffs.c.at < before
    )
    closed = 0
    for row in connection.execute(select(handoffs).where(in_vain)).all():
        done = connection.execute(
            update(handoffs)
            .where(handoffs.c.id == row.id, in_vain)
            .values(closed_at=now, outcome="nobody")
        )
        closed += done.rowcount
        if done.rowcount:
            outgoing.from_bot(connection, row.viewer, "utter_no_person_came", row.language)
    return closed
