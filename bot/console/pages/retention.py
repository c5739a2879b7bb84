"""Retention: how long each kind of data is kept, and what would go."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console.access import needs
from bot.console.forms import number
from bot.console.navigation import Entry
from bot.console.rendering import redirect, render
from bot.console.visit import engine, entry
from bot.store import audit, retention
from bot.store.database import writing

NAVIGATION = (Entry("retention", "/retention", "retention", order=530),)
MOST_DAYS = 36_500


def routes() -> list[web.RouteDef]:
    """The page, its dry run, and the rules."""
    return [
        web.get("/retention", show),
        web.post("/retention/try", dry_run),
        web.post("/retention", keep_rules),
    ]


@needs("retention")
async def show(request: web.Request) -> web.Response:
    """The rules."""
    return await _page(request)


async def _page(
    request: web.Request,
    changed: dict[str, int] | None = None,
    due: Any = None,
    wrong: str = "",
    status: int = 200,
) -> web.Response:
    kept = await asyncio.to_thread(retention.rules, engine(request))
    return render(
        request,
        "retention.html",
        status=status,
        rules={**kept, **(changed or {})},
        unsaved=bool(changed) and changed != kept,
        due=due,
        wrong=wrong,
    )


async def _asked(request: web.Request) -> dict[str, int] | None:
    form = await request.post()
    days = {
        kind.name: number(form[kind.name], 0, MOST_DAYS)
        for kind in retention.KINDS
        if kind.name in form
    }
    known = {name: value for name, value in days.items() if value is not None}
    return known if len(known) == len(days) and known else None


@needs("retention")
async def dry_run(request: web.Request) -> web.Response:
    """What would go by the rules in the form; nothing is deleted or kept."""
    changed = await _asked(request)
    if changed is None:
        return await _page(request, wrong="retention.wrong", status=422)
    due = await asyncio.to_thread(retention.due, engine(request), changed)
    return await _page(request, changed, due)


@needs("retention")
async def keep_rules(request: web.Request) -> web.Response:
    """Keep the rules; the daily cleaning goes by them."""
    changed = await _asked(request)
    if changed is None:
        return await _page(request, wrong="retention.wrong", status=422)

    def keep() -> None:
        old = retention.rules(engine(request))
        with writing(engine(request)) as connection:
            for kind, days in changed.items():
                if days != old[kind]:
                    retention.set_rule(connection, kind, days)
                    audit.append(
                        connection,
                        **entry(
                            request, "retention.rule", f"retention:{kind}", old=old[kind], new=days
                        ),
                    )

    await asyncio.to_thread(keep)
    return redirect(request, "/retention", "saved")
