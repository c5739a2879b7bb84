"""Figures of each day, counted once: what the dashboard adds up.

A day's figures are a function of the conversations that began on it, by language, channel and
version of the assistant. `figure` and `label` name what is counted:

    conversations, viewer_messages, messages, handed_over, fallbacks, contained, flagged_messages,
    failures; viewers (of all parts together); category:<name>; intent:<name>; last:<intent>;
    action:<name>|<bound in ms>; recommended:<outcome or "passed">; title:<id of one offered>;
    hour:<0–23> (viewers' messages)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Integer, case, cast, delete, distinct, func, literal, select
from sqlalchemy.engine import Connection

from bot.desk.rows import DAY
from bot.store.desk_schema import conversations, daily_figures, recommended_titles, turns

# Upper bounds of the classes that answering times are counted in, in milliseconds.
BOUNDS = (10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 5000, 10_000, 30_000)
OVER = 60_000
_GROUP = (conversations.c.language, conversations.c.channel, conversations.c.version)
# In place of language, channel and version: the sum over them, which is what is mostly asked for.
ALL = "*"
# Different viewers: a figure that no parts add up to.
VIEWERS = "viewers"
_KEYS = ("language", "channel", "version", "figure", "label")


def count_again(connection: Connection, days: Iterable[int]) -> None:
    """Count the figures of `days` from the conversations that began on them."""
    for day in days:
        connection.execute(delete(daily_figures).where(daily_figures.c.day == day))
        counts: dict[tuple[str, ...], float] = defaultdict(float)
        for *group, figure, label, count in _counted(connection, day):
            part = tuple(value or "" for value in group)
            for key in ((*part, figure, label), (ALL, ALL, ALL, figure, label)):
                counts[key] += float(count or 0)
        viewers = select(func.count(distinct(conversations.c.viewer)))
        whole = connection.execute(viewers.where(conversations.c.day == day)).scalar_one()
        counts[(ALL, ALL, ALL, VIEWERS, "")] = float(whole)
        rows = [
            {"day": day, **dict(zip(_KEYS, key, strict=True)), "count": count}
            for key, count in counts.items()
            if count
        ]
        if rows:
            connection.execute(daily_figures.insert(), rows)


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
    bound = case(*((t.milliseconds <= each, each) for each in BOUNDS), else_=OVER)
    timed = select(*_GROUP, t.action, bound, func.count()).select_from(joined)
    timed = timed.where(that_day, t.action.isnot(None), t.milliseconds.isnot(None))
    for row in connection.execute(timed.group_by(*_GROUP, t.action, bound)):
        yield (*row[:3], "action", f"{row[3][:140]}|{row[4]}", row[5])
    offered = recommended_titles.join(conversations, recommended_titles.c.conversation == c.id)
    outcome = func.coalesce(recommended_titles.c.outcome, literal("passed"))
    yield from _by(connection, "recommended", outcome, that_day, offered)
    yield from _by(connection, "title", recommended_titles.c.title_id, that_day, offered)


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
