"""Figures of each day, counted once: what the dashboard adds up (sets are in `daily_sets`).

A day's figures are a function of the conversations that began on it, by language, channel and
version of the assistant. `figure` and `label` name what is counted:

    conversations, viewer_messages, messages, handed_over, fallbacks, contained, flagged_messages,
    failures, ratings, rating_sum, thumbs_up, thumbs_down; category:<name>; intent:<name>;
    last:<intent>; recommended:<outcome or "passed">;
    hour:<0–23> (viewers' messages)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, case, cast, delete, func, literal, select
from sqlalchemy.engine import Connection

from bot.desk.daily_sets import count_sets
from bot.desk.scope import DAY, PARTS, sums_of
from bot.store.desk_schema import (
    conversations,
    daily_figures,
    daily_sets,
    recommended_titles,
    turns,
)

_GROUP = (conversations.c.language, conversations.c.channel, conversations.c.version)
_KEYS = (*PARTS, "figure", "label")


@dataclass(frozen=True)
class Counted:
    """Rows of `daily_figures` and of `daily_sets` for one day."""

    day: int
    figures: list[dict[str, Any]]
    sets: list[dict[str, Any]]


def count_day(connection: Connection, day: int) -> Counted:
    """The figures and the sets of `day`, from the conversations that began on it; only reads."""
    counts: dict[tuple[str, ...], float] = defaultdict(float)
    for *group, figure, label, number in _counted(connection, day):
        for part in sums_of(group):
            key = (*part, figure, label)
            counts[key] += float(number or 0)
    figures = [
        {"day": day, **dict(zip(_KEYS, key, strict=True)), "count": number}
        for key, number in counts.items()
        if number
    ]
    return Counted(day, figures, count_sets(connection, day))


def keep_day(connection: Connection, counted: Counted) -> None:
    """Put what was counted of a day in place of what was kept of it."""
    for table, rows in ((daily_figures, counted.figures), (daily_sets, counted.sets)):
        connection.execute(delete(table).where(table.c.day == counted.day))
        if rows:
            connection.execute(table.insert(), rows)


def _counted(connection: Connection, day: int) -> Iterator[tuple[Any, ...]]:
    c = conversations.c
    that_day = c.day == day
    sums = {
        "conversations": func.count(),
        "messages": func.sum(c.messages),
        "viewer_messages": func.sum(c.viewer_messages),
        "handed_over": func.sum(c.handed_over),
        "fallbacks": func.sum(c.fallbacks),
        "contained": func.sum(case((_contained(), 1), else_=0)),
        "flagged_messages": func.sum(c.flagged),
        "failures": func.sum(c.failures),
        "ratings": func.count(c.rating),
        "rating_sum": func.sum(c.rating),
        "thumbs_up": func.sum(c.thumbs_up),
        "thumbs_down": func.sum(c.thumbs_down),
    }
    query = select(*_GROUP, *sums.values()).where(that_day, c.messages > 0).group_by(*_GROUP)
    for row in connection.execute(query):
        for figure, count in zip(sums, row[3:], strict=True):
            yield (*row[:3], figure, "", count)
    yield from _by(connection, "category", c.category, that_day & c.category.isnot(None))
    yield from _by(connection, "last", c.last_step, that_day & c.last_step.isnot(None))
    t = turns.c
    joined = turns.join(conversations, t.conversation == c.id)
    yield from _by(connection, "intent", t.intent, that_day & t.intent.isnot(None), joined)
    hour = cast(func.floor(t.at / 3600.0) if _has_floor(connection) else t.at / 3600, Integer) % 24
    yield from _by(connection, "hour", hour, that_day, joined)
    offered = recommended_titles.join(conversations, recommended_titles.c.conversation == c.id)
    outcome = func.coalesce(recommended_titles.c.outcome, literal("passed"))
    yield from _by(connection, "recommended", outcome, that_day, offered)


def _contained() -> Any:
    """Answered to the end by the assistant: nobody asked for a person, nothing broke."""
    c = conversations.c
    return (c.handed_over == 0) & (c.failures == 0) & (c.viewer_messages > 0)


def _has_floor(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"  # where a cast would round


def _by(
    connection: Connection, figure: str, label: Any, condition: Any, source: Any = conversations
) -> Iterator[tuple[Any, ...]]:
    query = select(*_GROUP, label, func.count()).select_from(source).where(condition)
    for row in connection.execute(query.group_by(*_GROUP, label)):
        yield (*row[:3], figure, str(row[3])[:160], row[4])


def days_of(connection: Connection) -> list[int]:
    """Every day on which a conversation began."""
    query = select(conversations.c.day).distinct().order_by(conversations.c.day)
    return list(connection.execute(query).scalars())


def day_of(at: float) -> int:
    """The day of a time, counted from 1970 (UTC)."""
    return int(at // DAY)
