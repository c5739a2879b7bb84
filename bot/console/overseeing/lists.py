"""What is most frequent, slowest, unanswered; recommendations; the parts beside each other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from bot.console import charts
from bot.console.overseeing.figure import Figure, Material, date, share
from bot.desk import figures
from bot.desk.daily_sets import TITLES, most_frequent
from bot.desk.figures import rate
from bot.desk.scope import DAY, PARTS
from bot.desk.unanswered import unanswered

_MOST_PARTS = 8
_MOST_TITLES = 10


def all_lists(m: Material) -> list[Figure]:
    """All of them."""
    return [
        _ranked(m, "intent", "intents", "intent"),
        _ranked(m, "last", "last", ""),
        _coverage(m),
        _slowest(m),
        _recommended(m),
        _ranked(m, "category", "moderation", "category"),
        _unanswered(m),
        _parts(m),
    ]


def _found(m: Material, **filters: str) -> str:
    """The list of the conversations behind a number: of the same days and the same part."""
    days = {"since": date(m.scope.first), "until": date(m.scope.last)}
    narrowed = {name: getattr(m.scope, name) for name in m.scope.narrowed}
    return f"/conversations?{urlencode({**filters, **days, **narrowed})}"


def _ranked(m: Material, figure: str, name: str, link: str) -> Figure:
    t = m.t
    found = figures.ranked(m.connection, m.scope, figure)
    rows = [(t.get(f"desk.{figure}.{label}", label), count) for label, count in found]
    title, note = t(f"dashboard.{name}"), t(f"dashboard.{name}_note")
    heads = [t(f"dashboard.{name}_head"), t("dashboard.count")]
    links = [_found(m, **{link: label}) for label, _ in found] if link else []
    drawing = charts.bars(title, note, rows) if rows else None
    return Figure(name, title, drawing, heads, rows, note, links)


def _unanswered(m: Material) -> Figure:
    t = m.t
    found = unanswered(m.connection, m.scope)
    heads = [t("dashboard.example"), t("dashboard.count"), t("dashboard.day")]
    rows = [(each.example, each.count, date(int(each.last_at // DAY))) for each in found]
    links = [f"/conversations/{each.conversation}" for each in found]
    title, note = t("dashboard.unanswered"), t("dashboard.unanswered_note")
    return Figure("unanswered", title, None, heads, rows, note, links, wide=True)


def _slowest(m: Material) -> Figure:
    t = m.t
    found = figures.slowest(m.connection, m.scope)
    heads = [t("find.action"), t("dashboard.count"), t("dashboard.median"), t("dashboard.p95")]
    rows = [(each.action, each.count, each.median, each.p95) for each in found]
    title, note = t("dashboard.slowest"), t("dashboard.slowest_note")
    bars = [(each.action.removeprefix("action_"), each.p95) for each in found]
    drawing = charts.bars(title, note, bars, lambda value: f"≤ {value:,.0f} ms")
    links = [_found(m, action=each.action) for each in found]
    return Figure("slowest", title, drawing if found else None, heads, rows, note, links)


def _recommended(m: Material) -> Figure:
    t, offered = m.t, m.total["offered"]
    found = figures.ranked(m.connection, m.scope, figures.OFFERS)
    rows = [(t.get(f"desk.outcome.{e}", e), count, rate(count, offered)) for e, count in found]
    title = t("dashboard.recommended")
    note = t("dashboard.recommended_note", share=share(figures.share_of(m.total, "accepted")))
    heads = [t("dashboard.outcome"), t("dashboard.count"), t("dashboard.share")]
    return _bars("recommended", title, note, heads, rows)


def _coverage(m: Material) -> Figure:
    t, offered = m.t, m.total["offered"]
    found, different = most_frequent(m.connection, m.scope, TITLES, _MOST_TITLES)
    size = figures.catalogue_size(m.connection)
    note = t(
        "dashboard.coverage_note",
        titles=charts.plain(float(different)),
        size=charts.plain(float(size)),
        share=share(rate(different, size)),
    )
    names = figures.title_names(m.connection, [name for name, _ in found], t.language)
    rows = [(names.get(name, name), float(n), rate(n, offered)) for name, n in found]
    heads = [t("dashboard.title_id"), t("dashboard.count"), t("dashboard.share")]
    return _bars("coverage", t("dashboard.coverage"), note, heads, rows)


def _bars(name: str, title: str, note: str, heads: list[str], rows: list[Any]) -> Figure:
    """Bars of counts, and their share beside them in the table."""
    drawing = charts.bars(title, note, [(word, count) for word, count, _ in rows])
    return Figure(
        name, title, drawing if rows else None, heads, rows, note, percents=frozenset({2})
    )


def _parts(m: Material) -> Figure:
    """The headline figures of each language, channel and version."""
    t = m.t
    plain = ("conversations", "messages")
    heads = [t(f"dashboard.{name}") for name in ("part", *plain, *figures.SHARES, "satisfaction")]
    rows: list[Any] = []
    for name in PARTS:
        groups = figures.by_part(m.connection, m.scope, name)
        largest = sorted(groups.items(), key=lambda each: (-each[1]["conversations"], each[0]))
        rows += [
            (
                f"{t('find.' + name)}: {m.word(name, value)}",
                *(sums[each] for each in plain),
                *(figures.share_of(sums, each) for each in figures.SHARES),
                figures.average_rating(sums),
            )
            for value, sums in largest[:_MOST_PARTS]
        ]
    percents = frozenset(range(3, 3 + len(figures.SHARES)))
    title, note = t("dashboard.parts"), t("dashboard.parts_note")
    return Figure("parts", title, None, heads, rows, note, percents=percents, wide=True)
