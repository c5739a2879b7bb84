"""What viewers asked and got no answer to, grouped by what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.desk.daily_sets import GISTS, most_frequent
from bot.desk.scope import DAY, Scope
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
    groups, _ = most_frequent(connection, scope, GISTS, most)
    c, t = conversations.c, turns.c
    last = select(func.max(t.id)).select_from(turns.join(conversations, c.id == t.conversation))
    # The day of the conversation, as the groups are counted; one of its messages may be later.
    asked = [t.gist.in_([gist for gist, _ in groups]), t.at >= scope.begin, t.at < scope.end + DAY]
    last = last.where(*asked, scope.holds(conversations)).group_by(t.gist)
    ids = connection.execute(last).scalars().all()
    query = select(t.gist, t.text, t.at, t.conversation).where(t.id.in_(ids))
    examples = {row.gist: row for row in connection.execute(query)}
    return [
        Unanswered(gist, row.text, count, row.at, row.conversation)
        for gist, count in groups
        if (row := examples.get(gist)) is not None
    ]
