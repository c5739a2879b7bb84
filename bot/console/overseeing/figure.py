"""A chart with its table, and what all of them are made from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup
from sqlalchemy.engine import Connection

from bot.console import charts
from bot.console.charts import Line
from bot.console.words import Words, called
from bot.desk import daily_sets, figures
from bot.desk.daily_sets import Different
from bot.desk.figures import Sums
from bot.desk.scope import Scope

NOTHING = "–"
# A share beyond that is shown as one of all.
_MOST_OF_ALL = 0.4


@dataclass(frozen=True)
class Figure:
    """A chart with its table; `rows` hold numbers and texts as they go into a CSV file."""

    name: str
    title: str
    drawing: Markup | None
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    links: Sequence[str] = ()
    percents: frozenset[int] = field(default_factory=frozenset)  # columns that are shares, 0 to 1
    wide: bool = False


class Material:
    """What the figures of one dashboard are made from, each read once and only when it is used.

    Args:
        connection: to read with.
        scope: which days and which part of all conversations.
        by: what lines are split by: one of `scope.PARTS`, or "".
        t: the reader's words.
    """

    def __init__(self, connection: Connection, scope: Scope, by: str, t: Words) -> None:
        self.connection, self.scope, self.by, self.t = connection, scope, by, t
        self.days = [date(each) for each in scope.days]

    @cached_property
    def daily(self) -> dict[int, Sums]:
        """The sums of each day on which something was said."""
        found: dict[int, Sums] = {}
        for days in self.split.values():
            for day, sums in days.items():
                found[day] = figures.total((found.get(day, {}), sums))
        return found

    @cached_property
    def total(self) -> Sums:
        """The sums of all days."""
        return figures.total(self.daily.values())

    @cached_property
    def split(self) -> dict[str, dict[int, Sums]]:
        """The sums of each day by what lines are split by (all under ""), the largest first."""
        found = figures.by_day(self.connection, self.scope, self.by)

        def size(value: str) -> float:
            return -sum(each["conversations"] for each in found[value].values())

        return {value: found[value] for value in sorted(found, key=lambda v: (size(v), v))}

    @cached_property
    def viewers(self) -> Different:
        """How many different viewers there were."""
        return daily_sets.different(self.connection, self.scope, daily_sets.VIEWERS)[""]

    def sums(self, day: int) -> Sums:
        """The sums of one day."""
        return self.daily.get(day) or figures.nothing()

    def word(self, group: str, value: str) -> str:
        """What a language, a channel or a version is called."""
        return called(self.t, f"desk.{group}.", value) if value else NOTHING

    def lines(
        self,
        name: str,
        series: Sequence[Line],
        table: Sequence[Line] = (),
        shares: bool = False,
        top: float | None = None,
    ) -> Figure:
        """A figure of lines over the days; `table`: lines that stand in its table alone; `top`: the
        largest value there can be."""
        title, note = self.t(f"dashboard.{name}"), self.t(f"dashboard.{name}_note")
        most = max((v for line in series for v in line.values if v is not None), default=0.0)
        drawing = charts.lines(
            title,
            note,
            [each[5:] for each in self.days],
            series,
            charts.percent if shares else charts.plain,
            1.0 if shares and most > _MOST_OF_ALL else top,
        )
        columns = [*series, *table]
        heads = [self.t("dashboard.day"), *(line.name for line in columns)]
        rows = [[d, *(ln.values[i] for ln in columns)] for i, d in enumerate(self.days)]
        return Figure(
            name,
            title,
            drawing + charts.legend(series),
            heads,
            rows,
            note,
            percents=frozenset(range(1, len(heads))) if shares else frozenset(),
        )


def share(value: float | None) -> str:
    """A share from 0 to 1 in words; a dash where there is none."""
    return NOTHING if value is None else charts.percent(value)


def date(number: int) -> str:
    """The day of that number since 1970, such as 2026-11-26."""
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=number)).isoformat()
