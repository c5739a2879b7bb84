"""What others keep about conversations: flags, who waits and who answers.

Those tables name the viewer and a time or an event. A record belongs to the viewer's conversation
that had begun by then, the last such one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement

from bot.store.desk_schema import conversations
from bot.store.judging_schema import flags
from bot.store.schema import handoffs

# Of the newest records of a kind at most so many are looked through.
MOST = 20_000


@dataclass
class Around:
    """What others keep about one conversation."""

    thumbs_up: int = 0
    thumbs_down: int = 0
    rating: int | None = None
    flags: list[str] = field(default_factory=list)
    waiting: bool = False
    taken: bool = False
    assignee: str = ""


def belonging(
    connection: Connection, source: Table, condition: ColumnElement[bool], event: str = ""
) -> set[int]:
    """The conversations that records of `source` belong to.

    Args:
        connection: to read with.
        source: has `viewer`, `at` and perhaps an event.
        condition: which records.
        event: the column with the id of an event, where it is known.
    """
    c = conversations.alias()
    begun = c.c.started_at <= source.c.at
    if event:
        begun = (source.c[event].is_(None) & begun) | (c.c.id <= source.c[event])
    owner = select(func.max(c.c.id)).where(c.c.viewer == source.c.viewer, begun)
    query = (
        select(owner.scalar_subquery())
        .where(condition)
        .order_by(*(each.desc() for each in source.primary_key.columns))
        .limit(MOST)
    )
    return {each for each in connection.execute(query).scalars() if each is not None}


def around(connection: Connection, rows: Sequence[Any]) -> dict[int, Around]:
    """What is kept about the conversations in `rows` of `conversations`."""
    found = {row.id: Around(row.thumbs_up, row.thumbs_down, row.rating) for row in rows}
    if not rows:
        return found
    viewers = sorted({row.viewer for row in rows})
    begun: dict[str, list[tuple[int, float]]] = {each: [] for each in viewers}
    query = select(conversations.c.viewer, conversations.c.id, conversations.c.started_at)
    for row in connection.execute(query.where(conversations.c.viewer.in_(viewers))):
        begun[row.viewer].append((row.id, row.started_at))

    def owner(row: Any) -> Around:
        event = getattr(row, "event", None)
        ids = [
            known
            for known, at in begun[row.viewer]
            if (known <= event if event is not None else at <= row.at)
        ]
        return found.get(max(ids, default=0)) or Around()

    for row in _rows(connection, flags, viewers):
        if row.closed_at is None:
            owner(row).flags.append(row.reason)
    for row in _rows(connection, handoffs, viewers):
        if row.closed_at is None:
            mine = owner(row)
            mine.taken = row.taken_at is not None
            mine.waiting = not mine.taken
            mine.assignee = row.assignee_name or ""
    return found


def _rows(connection: Connection, source: Table, viewers: Sequence[str]) -> Iterable[Any]:
    query = select(source).where(source.c.viewer.in_(viewers)).order_by(source.c.at)
    return connection.execute(query).all()
