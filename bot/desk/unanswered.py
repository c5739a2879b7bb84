"""What viewers asked and got no answer to, grouped by what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.engine import Connection

from bot.desk.scope import Scope
from bot.store.desk_schema import conversations, turns


@dataclass(frozen=True)
class Unanswered:
    """Messages without an answer that ask about the same; `example` is the last one."""

    gist: str
    example: str
    count: int
    last_at: float
    conversation: int


def unanswered(connection: Connection, scope: Scope, most: int = 15) -> list[Unanswered]:
    """The groups of `scope`, the most frequent first."""
    t = turns.c
    asked = (t.gist.isnot(None)) & (t.at >= scope.begin) & (t.at < scope.end)
    if scope.narrow:
        asked &= exists().where(conversations.c.id == t.conversation, scope.holds(conversations))
    count, last = func.count(), func.max(t.id)
    groups = select(t.gist, count.label("n"), last.label("last")).where(asked).group_by(t.gist)
    groups = groups.order_by(count.desc(), last.desc()).limit(most)
    rows = connection.execute(groups).all()
    ids = select(t.id, t.text, t.at, t.conversation).where(t.id.in_([row.last for row in rows]))
    last_of = {row.id: row for row in connection.execute(ids)}
    return [
        Unanswered(
            row.gist,
            last_of[row.last].text,
            row.n,
            last_of[row.last].at,
            last_of[row.last].conversation,
        )
        for row in rows
        if row.last in last_of
    ]
