"""What viewers think: scores and thumbs, by day and by the conversation they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Table, cast, func, select
from sqlalchemy.engine import Connection

from bot.desk.scope import DAY, Scope
from bot.store.desk_schema import conversations
from bot.store.feedback_schema import feedback, satisfaction


@dataclass
class Opinions:
    """By day: scores from 1 to 5 (sum and count), thumbs up and down."""

    scores: dict[int, tuple[float, int]] = field(default_factory=dict)
    up: dict[int, int] = field(default_factory=dict)
    down: dict[int, int] = field(default_factory=dict)

    @property
    def average(self) -> float | None:
        """The average score; None without any."""
        count = sum(n for _, n in self.scores.values())
        return sum(total for total, _ in self.scores.values()) / count if count else None

    def average_of(self, day: int) -> float | None:
        """The average score of a day; None without any."""
        total, count = self.scores.get(day, (0.0, 0))
        return total / count if count else None


def joined(some: Iterable[Opinions]) -> Opinions:
    """The opinions about several parts together."""
    made = Opinions()
    for each in some:
        for day, (total, count) in each.scores.items():
            known = made.scores.get(day, (0.0, 0))
            made.scores[day] = (known[0] + total, known[1] + count)
        for mine, theirs in ((made.up, each.up), (made.down, each.down)):
            for day, count in theirs.items():
                mine[day] = mine.get(day, 0) + count
    return made


def opinions(connection: Connection, scope: Scope, by: str = "") -> dict[str, Opinions]:
    """What viewers think, by the value of `by` (one of `PARTS`; all under "" without).

    An opinion counts on the day it was given, for the viewer's conversation that had begun last.
    """
    found: dict[str, Opinions] = {} if by else {"": Opinions()}
    score = [func.sum(satisfaction.c.score), func.count()]
    for value, day, total, count in _days(connection, scope, by, satisfaction, [], score):
        found.setdefault(value, Opinions()).scores[day] = (float(total), count)
    verdict = [feedback.c.verdict]
    for value, day, thumb, count in _days(connection, scope, by, feedback, verdict, [func.count()]):
        mine = found.setdefault(value, Opinions())
        (mine.up if thumb == "up" else mine.down)[day] = count
    return found


def _days(
    connection: Connection,
    scope: Scope,
    by: str,
    table: Table,
    keys: Sequence[Any],
    sums: Sequence[Any],
) -> Iterator[tuple[Any, ...]]:
    """For each value of `by` ("" without), day and value of `keys`: these, and `sums`."""
    days = table.c.at / float(DAY)
    whole = func.floor(days) if connection.dialect.name == "postgresql" else days
    grouped = [cast(whole, Integer), *keys]
    source: Any = table
    held = [table.c.at >= scope.begin, table.c.at < scope.end]
    if by or scope.narrow:
        begun = conversations.alias("begun")
        last = select(func.max(begun.c.id)).where(
            begun.c.viewer == table.c.viewer, begun.c.started_at <= table.c.at
        )
        source = table.join(conversations, conversations.c.id == last.scalar_subquery())
        held += [conversations.c[name] == getattr(scope, name) for name in scope.narrowed]
    if by:
        grouped.append(conversations.c[by])
    query = select(*grouped, *sums).select_from(source).where(*held).group_by(*grouped)
    for day, *rest in connection.execute(query):
        value = (rest.pop(len(keys)) or "") if by else ""
        yield (value, day, *rest)
