"""Lines over days: of the whole, or one for each language, channel or version."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console import charts
from bot.console.charts import Line
from bot.console.overseeing.figure import Figure, Material
from bot.desk import daily_sets, figures
from bot.desk.daily_sets import Different
from bot.desk.figures import Sums, average_rating

_MOST_LINES = 5
_BEST = 5.0  # of ratings
_NONE, _UNSEEN = figures.nothing(), Different()
_QUALITY = ("contained", "fallback_rate", "handed_over")


def whole(m: Material) -> list[Figure]:
    """Every figure by day, of all conversations in the scope."""
    t, days = m.t, m.scope.days
    counts = {
        name: [m.sums(day)[name] for day in days]
        for name in ("conversations", "messages", "viewer_messages")
    }
    seen = [float(m.viewers.by_day.get(day, 0)) for day in days]
    talks = [
        Line(t("dashboard.conversations"), counts["conversations"]),
        Line(t("dashboard.viewers"), seen),
    ]
    minutes = [each / (24 * 60) for each in counts["viewer_messages"]]
    more = [
        Line(t("dashboard.messages"), counts["messages"]),
        Line(t("dashboard.per_minute"), minutes),
    ]
    quality = [Line(t(f"dashboard.{name}"), _shares(m.daily, days, name)) for name in _QUALITY]
    return [
        m.lines("conversations", talks, more),
        m.lines("quality", quality, shares=True),
        _hours(m),
        _satisfaction(m),
        *(_one(m, name, {"": m.daily}) for name in ("flagged_share", "accepted")),
    ]


def split(m: Material) -> list[Figure]:
    """The same, with a line for each of the largest parts."""
    largest = list(m.split)[:_MOST_LINES]
    parts = {value: m.split[value] for value in largest}
    days = m.scope.days

    def sums(name: str) -> list[Line]:
        return [
            Line(m.word(m.by, value), [some.get(day, _NONE)[name] for day in days])
            for value, some in parts.items()
        ]

    seen = daily_sets.different(m.connection, m.scope, daily_sets.VIEWERS, m.by)
    viewers = [
        Line(
            m.word(m.by, value),
            [float(seen.get(value, _UNSEEN).by_day.get(day, 0)) for day in days],
        )
        for value in largest
    ]
    averages = [
        Line(m.word(m.by, value), [average_rating(some.get(day, _NONE)) for day in days])
        for value, some in parts.items()
    ]
    return [
        m.lines("conversations", sums("conversations")),
        m.lines("viewers", viewers),
        m.lines("messages", sums("messages")),
        *(_one(m, name, parts) for name in figures.SHARES),
        _hours(m),
        m.lines("satisfaction", averages, top=_BEST),
    ]


def _one(m: Material, name: str, parts: Mapping[str, Mapping[int, Sums]]) -> Figure:
    """A share by day, a line for each part."""
    series = [
        Line(
            m.word(m.by, value) if m.by else m.t(f"dashboard.{name}"),
            _shares(daily, m.scope.days, name),
        )
        for value, daily in parts.items()
    ]
    return m.lines(name, series, shares=True)


def _shares(daily: Mapping[int, Sums], days: list[int], name: str) -> list[float | None]:
    return [figures.share_of(daily.get(day, _NONE), name) for day in days]


def _hours(m: Material) -> Figure:
    hours = figures.hours(m.connection, m.scope)
    places = [f"{hour:02d}" for hour in range(24)]
    title, note = m.t("dashboard.hours"), m.t("dashboard.hours_note")
    drawing = charts.columns(title, note, places, hours)
    heads = [m.t("dashboard.hour"), m.t("dashboard.per_minute")]
    rows = [list(each) for each in zip(places, hours, strict=True)]
    return Figure("hours", title, drawing, heads, rows, note)


def _satisfaction(m: Material) -> Figure:
    t, days = m.t, m.scope.days
    average = Line(t("dashboard.average"), [average_rating(m.sums(day)) for day in days])
    scores, up, down = (
        Line(t(f"dashboard.{word}"), [m.sums(day)[name] for day in days])
        for word, name in (("scores", "ratings"), ("up", "thumbs_up"), ("down", "thumbs_down"))
    )
    if m.total["ratings"]:
        return m.lines("satisfaction", [average], [scores, up, down], top=_BEST)
    if m.total["thumbs_up"] or m.total["thumbs_down"]:
        return m.lines("thumbs_daily", [up, down])
    return Figure("satisfaction", t("dashboard.satisfaction"), None, [], [])
