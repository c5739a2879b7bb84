"""The figures of the dashboard with their charts and tables, in the reader's words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy.engine import Connection

from bot.console import charts
from bot.console.charts import Line
from bot.console.words import Words
from bot.desk import figures
from bot.desk.figures import ACCEPTED, Scope, rate
from bot.desk.rows import DAY

SPLIT_BY = ("language", "channel", "version")
_MOST_LINES = 5
_NOTHING = "–"


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
    percents: frozenset[int] = frozenset()  # columns that are shares from 0 to 1


@dataclass
class Overview:
    """All of it: headline figures (word, value, note) and charts."""

    stats: list[tuple[str, str, str]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def overview(connection: Connection, scope: Scope, by: str, t: Words) -> Overview:
    """The dashboard for `scope`; `by` is one of `SPLIT_BY`, or "" for lines of the whole.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    made = _Making(connection, scope, by, t)
    return Overview(made.stats(), made.figures())


class _Making:
    def __init__(self, connection: Connection, scope: Scope, by: str, t: Words) -> None:
        self.connection, self.scope, self.by, self.t = connection, scope, by, t
        self.days = [_date(each) for each in scope.days]
        self.total = figures.totals(connection, scope).get("", {})
        self.daily = figures.totals(connection, scope, "day")
        self.viewers, self.daily_viewers = figures.viewers(connection, scope)
        self.opinions = figures.opinions(connection, scope)
        self.outcomes = dict(figures.ranked(connection, scope, "recommended"))
        self.offered = sum(self.outcomes.values())
        self.accepted = sum(self.outcomes.get(each, 0.0) for each in ACCEPTED)

    def stats(self) -> list[tuple[str, str, str]]:
        t, total = self.t, self.total
        talks = total.get("conversations", 0.0)
        said = total.get("viewer_messages", 0.0)
        minutes = figures.minutes(self.connection)
        average = self.opinions.average
        return [
            (t("dashboard.conversations"), charts.plain(talks), ""),
            (t("dashboard.viewers"), charts.plain(float(self.viewers)), ""),
            (
                t("dashboard.per_minute"),
                charts.plain(sum(minutes[-5:]) / 5),
                t("dashboard.peak", n=max(minutes, default=0)),
            ),
            (t("dashboard.contained"), _share(rate(total.get("contained", 0.0), talks)), ""),
            (t("dashboard.fallback_rate"), _share(rate(total.get("fallbacks", 0.0), said)), ""),
            (
                t("dashboard.handed_over"),
                _share(rate(total.get("handed_over", 0.0), talks)),
                charts.plain(total.get("handed_over", 0.0)),
            ),
            (
                t("dashboard.satisfaction"),
                _NOTHING if average is None else f"{average:.1f} / 5",
                t(
                    "dashboard.thumbs",
                    up=sum(self.opinions.up.values()),
                    down=sum(self.opinions.down.values()),
                ),
            ),
            (
                t("dashboard.flagged"),
                charts.plain(total.get("flagged_messages", 0.0)),
                _share(rate(total.get("flagged_messages", 0.0), said)),
            ),
            (
                t("dashboard.accepted"),
                _share(rate(self.accepted, self.offered)),
                t("dashboard.of_offered", offered=charts.plain(self.offered)),
            ),
        ]

    def figures(self) -> list[Figure]:
        return [
            self._conversations(),
            self._quality(),
            self._hours(),
            self._satisfaction(),
            self._ranked("intent", "intents", "intent"),
            self._ranked("last", "last", ""),
            self._ranked("category", "moderation", "category"),
            self._unanswered(),
            self._slowest(),
            self._recommended(),
            self._coverage(),
            self._parts(),
        ]

    # One figure each.

    def _conversations(self) -> Figure:
        t = self.t
        talks = [self.daily.get(day, {}).get("conversations", 0.0) for day in self.scope.days]
        seen = figures.days_with(self.daily_viewers, self.scope.days)
        messages = [self.daily.get(day, {}).get("messages", 0.0) for day in self.scope.days]
        if self.by:
            split = self._split("conversations")
            heads = [t("dashboard.day"), *(line.name for line in split)]
            rows = [[d, *(ln.values[i] for ln in split)] for i, d in enumerate(self.days)]
            return self._lines("conversations", split, heads, rows)
        series = [Line(t("dashboard.conversations"), talks), Line(t("dashboard.viewers"), seen)]
        heads = [
            t("dashboard.day"),
            t("dashboard.conversations"),
            t("dashboard.viewers"),
            t("dashboard.messages"),
        ]
        rows = [list(each) for each in zip(self.days, talks, seen, messages, strict=True)]
        return self._lines("conversations", series, heads, rows)

    def _split(self, figure: str) -> list[Line]:
        """A line for each value of what is split by, the largest first."""
        groups = figures.totals(self.connection, self.scope, self.by)
        largest = sorted(groups, key=lambda each: -groups[each].get(figure, 0.0))[:_MOST_LINES]
        made = []
        for value in largest:
            part = Scope(
                self.scope.first,
                self.scope.last,
                **{
                    name: value if name == self.by else getattr(self.scope, name)
                    for name in SPLIT_BY
                },
            )
            daily = figures.totals(self.connection, part, "day")
            values = [daily.get(day, {}).get(figure, 0.0) for day in self.scope.days]
            made.append(Line(self._word(self.by, value), values))
        return made

    def _quality(self) -> Figure:
        t = self.t

        def shares(part: str, whole: str) -> list[float | None]:
            sums = [self.daily.get(day, {}) for day in self.scope.days]
            return [rate(each.get(part, 0.0), each.get(whole, 0.0)) for each in sums]

        series = [
            Line(t("dashboard.contained"), shares("contained", "conversations")),
            Line(t("dashboard.fallback_rate"), shares("fallbacks", "viewer_messages")),
            Line(t("dashboard.handed_over"), shares("handed_over", "conversations")),
        ]
        rows = [[d, *(ln.values[i] for ln in series)] for i, d in enumerate(self.days)]
        heads = [t("dashboard.day"), *(line.name for line in series)]
        return self._lines("quality", series, heads, rows, shares=True)

    def _hours(self) -> Figure:
        hours = figures.hours(self.connection, self.scope)
        places = [f"{hour:02d}" for hour in range(24)]
        drawing = charts.columns(
            self.t("dashboard.hours"), self.t("dashboard.hours_note"), places, hours
        )
        heads = [self.t("dashboard.hour"), self.t("dashboard.per_minute")]
        rows = [list(each) for each in zip(places, hours, strict=True)]
        note = self.t("dashboard.hours_note")
        return Figure("hours", self.t("dashboard.hours"), drawing, heads, rows, note)

    def _satisfaction(self) -> Figure:
        t, opinions = self.t, self.opinions
        average: list[float | None] = []
        for day in self.scope.days:
            total, count = opinions.scores.get(day, (0.0, 0))
            average.append(rate(total, count))
        up = figures.days_with(opinions.up, self.scope.days)
        down = figures.days_with(opinions.down, self.scope.days)
        heads = [
            t("dashboard.day"),
            t("dashboard.average"),
            t("dashboard.scores"),
            t("dashboard.up"),
            t("dashboard.down"),
        ]
        rows = [
            [d, average[i], opinions.scores.get(self.scope.days[i], (0.0, 0))[1], up[i], down[i]]
            for i, d in enumerate(self.days)
        ]
        drawing = None
        if any(value is not None for value in average):
            drawing = charts.lines(
                t("dashboard.satisfaction"),
                t("dashboard.satisfaction_note"),
                self.days,
                [Line(t("dashboard.average"), average)],
                top=5.0,
            )
        elif any(up) or any(down):
            series = [Line(t("dashboard.up"), up), Line(t("dashboard.down"), down)]
            drawing = charts.lines(
                t("dashboard.satisfaction"), t("dashboard.thumbs_note"), self.days, series
            )
        if drawing is None:
            rows = []
        return Figure("satisfaction", t("dashboard.satisfaction"), drawing, heads, rows)

    def _ranked(self, figure: str, name: str, link: str) -> Figure:
        t = self.t
        found = figures.ranked(self.connection, self.scope, figure)
        rows = [(t.get(f"desk.{figure}.{label}", label), count) for label, count in found]
        drawing = charts.bars(t(f"dashboard.{name}"), t(f"dashboard.{name}_note"), rows)
        heads = [t(f"dashboard.{name}_head"), t("dashboard.count")]
        links = [f"/conversations?{link}={label}" for label, _ in found] if link else []
        note = t(f"dashboard.{name}_note")
        title = t(f"dashboard.{name}")
        return Figure(name, title, drawing if rows else None, heads, rows, note, links)

    def _unanswered(self) -> Figure:
        t = self.t
        found = figures.unanswered(self.connection, self.scope)
        heads = [t("dashboard.example"), t("dashboard.count"), t("dashboard.day")]
        rows = [(each.example, each.count, _date(int(each.last_at // DAY))) for each in found]
        links = [f"/conversations/{each.conversation}" for each in found]
        title, note = t("dashboard.unanswered"), t("dashboard.unanswered_note")
        return Figure("unanswered", title, None, heads, rows, note, links)

    def _slowest(self) -> Figure:
        t = self.t
        found = figures.slowest(self.connection, self.scope)
        heads = [t("find.action"), t("dashboard.count"), t("dashboard.median"), t("dashboard.p95")]
        rows = [(each.action, each.count, each.median, each.p95) for each in found]
        title, note = t("dashboard.slowest"), t("dashboard.slowest_note")
        bars = [(each.action.removeprefix("action_"), each.p95) for each in found]
        drawing = charts.bars(title, note, bars, lambda value: f"≤ {value:,.0f} ms")
        links = [f"/conversations?action={each.action}" for each in found]
        return Figure("slowest", title, drawing if found else None, heads, rows, note, links)

    def _recommended(self) -> Figure:
        t = self.t
        rows = [
            (t.get(f"desk.outcome.{name}", name), count, rate(count, self.offered))
            for name, count in self.outcomes.items()
        ]
        title = t("dashboard.recommended")
        note = t(
            "dashboard.recommended_note",
            share=_share(rate(self.accepted, self.offered)),
        )
        drawing = charts.bars(title, note, [(name, count) for name, count, _ in rows])
        heads = [t("dashboard.outcome"), t("dashboard.count"), t("dashboard.share")]
        return Figure(
            "recommended", title, drawing if rows else None, heads, rows, note,
            percents=frozenset({2}),
        )  # fmt: skip

    def _coverage(self) -> Figure:
        t = self.t
        found, different = figures.ranked_of(self.connection, self.scope, "title", 10)
        size = figures.catalogue_size(self.connection)
        title = t("dashboard.coverage")
        note = t(
            "dashboard.coverage_note",
            titles=charts.plain(float(different)),
            size=charts.plain(float(size)),
            share=_share(rate(different, size)),
        )
        names = figures.title_names(self.connection, [name for name, _ in found], self.t.language)
        named = [(names.get(name, name), count) for name, count in found]
        rows = [(name, count, rate(count, self.offered)) for name, count in named]
        drawing = charts.bars(title, note, named)
        heads = [t("dashboard.title_id"), t("dashboard.count"), t("dashboard.share")]
        return Figure(
            "coverage", title, drawing if rows else None, heads, rows, note,
            percents=frozenset({2}),
        )  # fmt: skip

    def _parts(self) -> Figure:
        """The headline figures of each language, channel and version."""
        t = self.t
        heads = [
            t("dashboard.part"),
            t("dashboard.conversations"),
            t("dashboard.messages"),
            t("dashboard.contained"),
            t("dashboard.fallback_rate"),
            t("dashboard.handed_over"),
        ]
        rows = []
        for split in SPLIT_BY:
            groups = figures.totals(self.connection, self.scope, split)
            for value, sums in sorted(groups.items(), key=lambda e: -e[1]["conversations"])[:8]:
                talks = sums["conversations"]
                rows.append(
                    (
                        f"{t('find.' + split)}: {self._word(split, value)}",
                        talks,
                        sums["messages"],
                        rate(sums["contained"], talks),
                        rate(sums["fallbacks"], sums["viewer_messages"]),
                        rate(sums["handed_over"], talks),
                    )
                )
        percents = frozenset({3, 4, 5})
        return Figure("parts", t("dashboard.parts"), None, heads, rows, percents=percents)

    # Small things.

    def _lines(
        self,
        name: str,
        series: Sequence[Line],
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        shares: bool = False,
    ) -> Figure:
        title, note = self.t(f"dashboard.{name}"), self.t(f"dashboard.{name}_note")
        drawing = charts.lines(
            title,
            note,
            [each[5:] for each in self.days],
            series,
            charts.percent if shares else charts.plain,
            1.0 if shares else None,
        )
        percents = frozenset(range(1, len(heads))) if shares else frozenset()
        return Figure(
            name, title, _with_legend(drawing, series), heads, rows, note, percents=percents
        )

    def _word(self, group: str, value: str) -> str:
        return self.t.get(f"desk.{group}.{value}", value) if value else _NOTHING


def _with_legend(drawing: Markup, series: Sequence[Line]) -> Markup:
    entries = Markup("").join(
        Markup(
            '<li><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><line class="line s{}"'
            ' x1="1" x2="23" y1="12" y2="12"{}/></svg>{}</li>'
        ).format(
            number % 6 + 1,
            Markup(' stroke-dasharray="{}"').format(charts.DASHES[number % 6])
            if number % 6
            else "",
            line.name,
        )
        for number, line in enumerate(series)
    )
    return drawing + Markup('<ul class="legend">{}</ul>').format(entries)


def _share(value: float | None) -> str:
    return _NOTHING if value is None else charts.percent(value)


def _date(number: int) -> str:
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=number)).isoformat()
