"""The dashboard: how the assistant does, day by day, and each figure as a table and as CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.console.access import needs
from bot.console.navigation import Entry
from bot.console.overseeing import Figure, overview
from bot.console.overseeing.figure import date
from bot.console.rendering import link, render
from bot.console.visit import engine, visit
from bot.desk.choices import choices
from bot.desk.filters import day
from bot.desk.scope import DAY, PARTS, Scope
from bot.store.database import reading

NAVIGATION = (Entry("dashboard", "/dashboard", "dashboard.read", order=300, key="d"),)
RANGES = (7, 30, 90)
LONGEST_DAYS = 400
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def routes() -> list[web.RouteDef]:
    """The dashboard, and its figures as CSV."""
    return [
        web.get("/dashboard", show),
        web.get("/dashboard/{figure}.csv", table),
    ]


@needs("dashboard.read")
async def show(request: web.Request) -> web.Response:
    """Every figure of a range of days."""
    scope, days = scope_of(request.query)
    by = request.query.get("by", "")
    by = by if by in PARTS else ""
    found, known = await asyncio.to_thread(_look, request, scope, by)
    query = {name: value for name, value in request.query.items() if value and name in _FIELDS}
    return render(
        request,
        "desk/dashboard.html",
        scope=scope,
        days=days,
        ranges=RANGES,
        by=by,
        splits=PARTS,
        form={name: query.get(name, "") for name in _FIELDS},
        known=known,
        overview=found,
        csv=lambda name: link(f"/dashboard/{name}.csv", **query),
        since=date(scope.first),
        until=date(scope.last),
    )


_FIELDS = ("days", "since", "until", "language", "channel", "version", "by")


@needs("dashboard.read")
async def table(request: web.Request) -> web.Response:
    """The table of one figure as CSV (UTF-8 with a mark, so that spreadsheets read Chinese)."""
    scope, _ = scope_of(request.query)
    by = request.query.get("by", "")
    found, _ = await asyncio.to_thread(_look, request, scope, by if by in PARTS else "")
    figure = next((e for e in found.figures if e.name == request.match_info["figure"]), None)
    if figure is None:
        raise web.HTTPNotFound
    name = f"usher-{figure.name}-{date(scope.first)}-{date(scope.last)}.csv"
    return web.Response(
        body=("\ufeff" + written(figure)).encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def written(figure: Figure) -> str:
    """A figure's table as CSV; a cell that a spreadsheet would take for a formula is quoted."""
    text = io.StringIO()
    out = csv.writer(text)
    for row in (figure.heads, *figure.rows):
        out.writerow([_cell(each) for each in row])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def scope_of(query: Mapping[str, str], now: Callable[[], float] = time.time) -> tuple[Scope, int]:
    """The days and the part that a query names, and of how many days it is; a wrong one is left
    out."""
    today = int(now() // DAY)
    since, until = day(query.get("since", "")), day(query.get("until", ""))
    last = min(int(until // DAY), today) if until is not None else today
    given = query.get("days", "")
    count = int(given) if given in map(str, RANGES) else RANGES[1]
    first = int(since // DAY) if since is not None else last - count + 1
    first = max(min(first, last), last - LONGEST_DAYS + 1)
    parts = {name: query.get(name, "")[:80] for name in ("language", "channel", "version")}
    return Scope(first, last, **parts), 0 if since is not None else count


def _look(request: web.Request, scope: Scope, by: str) -> tuple[Any, Mapping[str, Sequence[str]]]:
    database = engine(request)
    with reading(database) as connection:
        found = overview(connection, scope, by, visit(request).t)
    return found, choices(database)
