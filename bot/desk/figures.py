"""What the dashboard shows: the figures of days added up, by language, channel and version."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.desk.answer_times import quantile
from bot.desk.daily_sets import ACTIONS, every
from bot.desk.scope import Scope, within
from bot.store.catalogue_schema import titles
from bot.store.desk_schema import daily_figures, turns

# What came of an offer when it was taken up.
ACCEPTED = ("kept", "rated", "asked", "seen")
OFFERS = "recommended"
_PLAIN = (
    *("conversations", "messages", "viewer_messages", "handed_over", "fallbacks", "contained"),
    *("flagged_messages", "failures", "ratings", "rating_sum", "thumbs_up", "thumbs_down"),
)
SUMS = (*_PLAIN, "offered", "accepted")
# Shares, by what is divided by what.
SHARES = {
    "contained": ("contained", "conversations"),
    "fallback_rate": ("fallbacks", "viewer_messages"),
    "handed_over": ("handed_over", "conversations"),
    "flagged_share": ("flagged_messages", "viewer_messages"),
    "accepted": ("accepted", "offered"),
}
_SOURCES = daily_figures.c
# By the names in `SUMS`.
Sums = dict[str, float]


def by_day(connection: Connection, scope: Scope, by: str = "") -> dict[str, dict[int, Sums]]:
    """The sums of each day, by the value of `by` (one of `PARTS`; all under "" without)."""
    keys = [_SOURCES[by], _SOURCES.day] if by else [_SOURCES.day]
    query = select(_SOURCES.figure, _SOURCES.label, func.sum(_SOURCES.count), *keys)
    query = query.where(*within(daily_figures, scope, [*_PLAIN, OFFERS], by))
    found: dict[str, dict[int, Sums]] = {}
    for figure, label, count, *group in connection.execute(
        query.group_by(_SOURCES.figure, _SOURCES.label, *keys)
    ):
        day, value = group[-1], group[0] if by else ""
        _add(found.setdefault(value, {}).setdefault(day, nothing()), figure, label, count)
    return found


def by_part(connection: Connection, scope: Scope, by: str) -> dict[str, Sums]:
    """The sums of all days for each value of `by`, one of `PARTS`."""
    key = _SOURCES[by]
    query = select(_SOURCES.figure, _SOURCES.label, func.sum(_SOURCES.count), key)
    query = query.where(*within(daily_figures, scope, [*_PLAIN, OFFERS], by))
    found: dict[str, Sums] = {}
    for figure, label, count, value in connection.execute(
        query.group_by(_SOURCES.figure, _SOURCES.label, key)
    ):
        _add(found.setdefault(value, nothing()), figure, label, count)
    return found


def _add(sums: Sums, figure: str, label: str, count: float) -> None:
    if figure != OFFERS:
        sums[figure] += count
        return
    sums["offered"] += count
    if label in ACCEPTED:
        sums["accepted"] += count


def nothing() -> Sums:
    """Every sum at 0."""
    return dict.fromkeys(SUMS, 0.0)


def total(some: Iterable[Sums]) -> Sums:
    """Sums added up."""
    made = nothing()
    for each in some:
        for name, count in each.items():
            made[name] += count
    return made


def ranked(
    connection: Connection, scope: Scope, figure: str, most: int = 12
) -> list[tuple[str, float]]:
    """The labels of a figure with the largest counts."""
    count = func.sum(_SOURCES.count)
    query = select(_SOURCES.label, count).where(*within(daily_figures, scope, [figure]))
    query = query.group_by(_SOURCES.label).order_by(count.desc(), _SOURCES.label).limit(most)
    return [(row[0], float(row[1])) for row in connection.execute(query)]


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
    classes: dict[str, dict[int, float]] = {}
    for label, count in every(connection, scope, ACTIONS):
        action, _, bound = label.rpartition("|")
        classes.setdefault(action, {})[int(bound)] = float(count)
    made = [
        Speed(action, round(sum(some.values())), quantile(some, 0.5), quantile(some, 0.95))
        for action, some in classes.items()
    ]
    return sorted(made, key=lambda each: (-each.p95, -each.median, each.action))[:most]


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


def share_of(sums: Sums, name: str) -> float | None:
    """One of `SHARES`, from 0 to 1; None of nothing."""
    part, whole = SHARES[name]
    return rate(sums[part], sums[whole])


def average_rating(sums: Sums) -> float | None:
    """How content viewers were, from 1 to 5; None when nobody said so."""
    return rate(sums["rating_sum"], sums["ratings"])


def rate(part: float, whole: float) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None
