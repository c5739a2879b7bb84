"""What the dashboard shows: the figures of days added up, by language, channel and version."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, distinct, exists, func, select
from sqlalchemy.engine import Connection

from bot.desk import neighbours
from bot.desk.daily import ALL, BOUNDS, OVER, VIEWERS
from bot.desk.rows import DAY
from bot.store.catalogue_schema import titles
from bot.store.desk_schema import conversations, daily_figures, turns

SPLITS = ("day", "language", "channel", "version")
ACCEPTED = ("kept", "rated", "asked", "seen")
_SUMS = (
    *("conversations", "messages", "viewer_messages", "handed_over", "fallbacks", "contained"),
    *("flagged_messages", "failures"),
)
_SOURCES = daily_figures.c


@dataclass(frozen=True)
class Scope:
    """Which days, both included, counted from 1970; "" is every language, channel, version."""

    first: int
    last: int
    language: str = ""
    channel: str = ""
    version: str = ""

    @property
    def days(self) -> list[int]:
        """Every day of it."""
        return list(range(self.first, self.last + 1))

    def holds(self, table: Any) -> Any:
        """The condition on a table with these columns."""
        found = (table.c.day >= self.first) & (table.c.day <= self.last)
        for name in ("language", "channel", "version"):
            if getattr(self, name):
                found &= table.c[name] == getattr(self, name)
        return found

    @property
    def narrow(self) -> bool:
        """Whether it leaves out languages, channels or versions."""
        return bool(self.language or self.channel or self.version)


def _rows(scope: Scope, figures: Sequence[str], by: str = "") -> Any:
    """Which rows hold `figures` in `scope`: the sums over all parts, unless these are asked for."""
    parts = scope.narrow or by in ("language", "channel", "version")
    rows = (_SOURCES.language != ALL) if parts else (_SOURCES.language == ALL)
    # Each day by itself, so that the key's later columns serve too.
    rows &= _SOURCES.day.in_(scope.days) & _SOURCES.figure.in_(figures)
    return rows & scope.holds(daily_figures) if parts else rows


def totals(connection: Connection, scope: Scope, by: str = "") -> dict[Any, dict[str, float]]:
    """Sums of the plain figures, by the value of the column `by` (all under "" without)."""
    key = _SOURCES[by] if by else None
    query = select(_SOURCES.figure, func.sum(_SOURCES.count), *([key] if by else []))
    query = query.where(_rows(scope, _SUMS, by))
    query = query.group_by(_SOURCES.figure, *([key] if by else []))
    found: dict[Any, dict[str, float]] = {}
    for row in connection.execute(query):
        group = row[2] if by else ""
        found.setdefault(group, dict.fromkeys(_SUMS, 0.0))[row[0]] = float(row[1])
    return found


def viewers(connection: Connection, scope: Scope) -> tuple[int, dict[int, int]]:
    """How many different viewers, in all and by day."""
    c = conversations.c
    held = scope.holds(conversations)
    every = connection.execute(select(func.count(distinct(c.viewer))).where(held)).scalar_one()
    query = select(c.day, func.count(distinct(c.viewer))).where(held).group_by(c.day)
    if not scope.narrow:
        query = select(_SOURCES.day, _SOURCES.count).where(_rows(scope, [VIEWERS]))
    return int(every), {row[0]: row[1] for row in connection.execute(query)}


def ranked(
    connection: Connection, scope: Scope, figure: str, most: int = 12
) -> list[tuple[str, float]]:
    """The labels of a figure with the largest counts."""
    return ranked_of(connection, scope, figure, most)[0]


def ranked_of(
    connection: Connection, scope: Scope, figure: str, most: int
) -> tuple[list[tuple[str, float]], int]:
    """The labels of a figure with the largest counts, and how many labels there are."""
    total = func.sum(_SOURCES.count)
    query = select(_SOURCES.label, total, func.count().over()).where(_rows(scope, [figure]))
    query = query.group_by(_SOURCES.label).order_by(total.desc(), _SOURCES.label).limit(most)
    rows = connection.execute(query).all()
    return [(row[0], float(row[1])) for row in rows], rows[0][2] if rows else 0


def hours(connection: Connection, scope: Scope) -> list[float]:
    """Messages of viewers a minute, by the hour of the day (UTC), on an average day."""
    found = dict(ranked(connection, scope, "hour", 24))
    return [found.get(str(hour), 0.0) / 60 / max(len(scope.days), 1) for hour in range(24)]


def minutes(connection: Connection, now: float | None = None, count: int = 60) -> list[int]:
    """Messages of viewers in each of the last minutes, the oldest first."""
    end = time.time() if now is None else now
    begin = end - 60 * count
    query = select(turns.c.at).where(turns.c.at > begin, turns.c.at <= end).limit(200_000)
    made = [0] * count
    for at in connection.execute(query).scalars():
        made[min(int((at - begin) // 60), count - 1)] += 1
    return made


@dataclass(frozen=True)
class Speed:
    """How long an action takes from the message to the answer, in milliseconds (upper bounds)."""

    action: str
    count: int
    median: float
    p95: float


def slowest(connection: Connection, scope: Scope, most: int = 10) -> list[Speed]:
    """The actions whose slow answers are the slowest."""
    query = select(_SOURCES.label, func.sum(_SOURCES.count)).where(_rows(scope, ["action"]))
    classes: dict[str, dict[int, float]] = {}
    for label, count in connection.execute(query.group_by(_SOURCES.label)):
        action, _, bound = label.rpartition("|")
        classes.setdefault(action, {})[int(bound)] = float(count)
    made = [
        Speed(action, round(sum(some.values())), quantile(some, 0.5), quantile(some, 0.95))
        for action, some in classes.items()
    ]
    return sorted(made, key=lambda each: (-each.p95, -each.median, each.action))[:most]


def quantile(classes: Mapping[int, float], share: float) -> float:
    """The upper bound of the class in which `share` of all is reached."""
    left = share * sum(classes.values())
    for bound in (*BOUNDS, OVER):
        left -= classes.get(bound, 0.0)
        if left <= 1e-9:
            return float(bound)
    return float(OVER)


@dataclass(frozen=True)
class Unanswered:
    """Messages without an answer that ask about the same."""

    gist: str
    example: str
    count: int
    last_at: float
    conversation: int


def unanswered(connection: Connection, scope: Scope, most: int = 15) -> list[Unanswered]:
    """What stayed without an answer, grouped by what it is about, the most frequent first."""
    begin, end = scope.first * DAY, (scope.last + 1) * DAY
    t = turns.c
    asked = (t.gist.isnot(None)) & (t.at >= begin) & (t.at < end)
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


@dataclass(frozen=True)
class Opinions:
    """What viewers think, by day: scores from 1 to 5 (sum and count), thumbs up and down."""

    scores: Mapping[int, tuple[float, int]]
    up: Mapping[int, int]
    down: Mapping[int, int]

    @property
    def average(self) -> float | None:
        """The average score; None without any."""
        count = sum(n for _, n in self.scores.values())
        return sum(total for total, _ in self.scores.values()) / count if count else None


def opinions(connection: Connection, scope: Scope) -> Opinions:
    """What viewers think, where they can say so."""
    satisfaction, feedback = neighbours.table("satisfaction"), neighbours.table("feedback")
    scores: dict[int, tuple[float, int]] = {}
    if satisfaction is not None:
        day = _day(connection, satisfaction.c.at)
        query = select(day, func.sum(satisfaction.c.score), func.count())
        query = query.where(_theirs(scope, satisfaction)).group_by(day)
        scores = {row[0]: (float(row[1]), row[2]) for row in connection.execute(query)}
    thumbs: dict[str, dict[int, int]] = {"up": {}, "down": {}}
    if feedback is not None:
        day = _day(connection, feedback.c.at)
        query = select(feedback.c.verdict, day, func.count()).where(_theirs(scope, feedback))
        for row in connection.execute(query.group_by(feedback.c.verdict, day)):
            thumbs.setdefault(row[0], {})[row[1]] = row[2]
    return Opinions(scores, thumbs["up"], thumbs["down"])


def _day(connection: Connection, at: Any) -> Any:
    days = at / float(DAY)
    return cast(func.floor(days) if connection.dialect.name == "postgresql" else days, Integer)


def _theirs(scope: Scope, table: Any) -> Any:
    held = (table.c.at >= scope.first * DAY) & (table.c.at < (scope.last + 1) * DAY)
    if scope.narrow:
        c = conversations
        held &= exists().where(
            c.c.viewer == table.c.viewer, c.c.started_at <= table.c.at, scope.holds(c)
        )
    return held


def catalogue_size(connection: Connection) -> int:
    """How many titles there are to recommend."""
    return int(connection.execute(select(func.count()).select_from(titles)).scalar_one())


def title_names(connection: Connection, ids: Sequence[str], language: str) -> dict[str, str]:
    """What titles are called; one that is not in the catalogue is missing."""
    query = select(titles.c.id, titles.c.title, titles.c.title_zh).where(titles.c.id.in_(ids))
    return {
        row.id: (row.title_zh or row.title) if language == "zh" else row.title
        for row in connection.execute(query)
    }


def rate(part: float, whole: float) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


def days_with(values: Mapping[int, float], days: Sequence[int]) -> list[float]:
    """The values of `days`, 0 where there is none."""
    return [float(values.get(day, 0)) for day in days]
