"""Exports: what staff may take with them, streamed row by row."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from aiohttp import web

from bot.console import export_sources, exports
from bot.console.access import needs
from bot.console.forms import day
from bot.console.navigation import Entry
from bot.console.rendering import render
from bot.console.visit import engine, log, visit

NAVIGATION = (Entry("export", "/export", "export", order=540, key="x"),)


def routes() -> list[web.RouteDef]:
    """The page, and the files."""
    return [
        web.get("/export", choose),
        web.get(r"/export/{source:[a-z_]+}.{format:jsonl|csv}", download),
    ]


@needs("export")
async def choose(request: web.Request) -> web.Response:
    """What there is to export."""
    may = visit(request).may
    sources = [each for each in export_sources.SOURCES if may(each.permission)]
    return render(request, "export.html", sources=sources)


@needs("export")
async def download(request: web.Request) -> web.StreamResponse:
    """Send a source's rows between `since` and `until` (days, UTC)."""
    found = export_sources.source(request.match_info["source"])
    if found is None:
        raise web.HTTPNotFound
    if not visit(request).may(found.permission):
        raise web.HTTPForbidden
    kind = request.match_info["format"]
    since, until = day(request.query.get("since")), day(request.query.get("until"), end=True)
    store = engine(request)
    await asyncio.to_thread(
        log,
        request,
        "export.download",
        f"export:{found.name}",
        format=kind,
        since=request.query.get("since", ""),
        until=request.query.get("until", ""),
    )
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    response = web.StreamResponse(
        headers={
            "Content-Type": f"{exports.FORMATS[kind]}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="usher-{found.name}-{today}.{kind}"',
        }
    )
    batches = found.batches(store, since, until)
    # The first batch before the status: a database that is away is an error, not half a file.
    rows = await asyncio.to_thread(_next, batches)
    response.enable_compression()
    await response.prepare(request)
    if kind == "csv":
        await response.write(exports.csv_head(found.columns).encode())
    while rows:
        text = exports.jsonl(rows) if kind == "jsonl" else exports.csv_lines(found.columns, rows)
        await response.write(text.encode("utf-8", "replace"))
        rows = await asyncio.to_thread(_next, batches)
    await response.write_eof()
    return response


def _next(batches: Any) -> list[exports.Row]:
    return next(batches, [])
