"""Flags on conversations and messages: put from a transcript, worked off here."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console.access import needs
from bot.console.forms import number
from bot.console.members import member, names
from bot.console.navigation import Entry
from bot.console.records import named
from bot.console.rendering import local, redirect, render
from bot.console.visit import engine, log, visit
from bot.desk.flags import PAGE, REASONS, Flags
from bot.desk.people import Refused

WRITE = "flags.write"
NAVIGATION = (Entry("flags", "/flags", WRITE, order=230, key="f", icon="flag"),)


def routes() -> list[web.RouteDef]:
    """The list, putting one, closing one."""
    return [
        web.get("/flags", show),
        web.post("/flags", put),
        web.post("/flags/{number:[0-9]{1,18}}/close", close),
    ]


@needs(WRITE)
async def show(request: web.Request) -> web.Response:
    """Open flags, oldest first."""
    reason = request.query.get("reason", "")
    after = number(request.query.get("after")) or 0

    def read() -> dict[str, Any]:
        found = Flags(engine(request)).open(reason if reason in REASONS else None, after)
        return {"flags": found, "names": names(engine(request)), "more": len(found) == PAGE}

    found = await asyncio.to_thread(read)
    options = [(each, visit(request).t(f"flags.reason.{each}")) for each in REASONS]
    return render(request, "flags/list.html", reason=reason, options=options, **found)


@needs(WRITE)
async def put(request: web.Request) -> web.Response:
    """Flag a conversation (`conversation`), or a message of it (`event`)."""
    form = await request.post()
    about = await named(request, form, "conversation")
    reason, note = str(form.get("reason", "")), str(form.get("note", ""))
    event = number(form.get("event"), 1)
    if form.get("event") and event is None:
        raise web.HTTPBadRequest

    def work() -> int:
        made = Flags(engine(request)).put(about.viewer, reason, member(request), event, note)
        subject = f"conversation:{about.conversation}"
        log(request, "flag.put", subject, flag=made, reason=reason)
        return made

    try:
        made = await asyncio.to_thread(work)
    except Refused as refused:
        message = visit(request).t.get(f"refused.{refused.code}", refused.code)
        back = local(str(form.get("next", "")), "/flags")
        return render(request, "desk/refused.html", status=422, message=message, back=back)
    if "text/html" not in request.headers.get("Accept", ""):
        return web.json_response({"flag": made})
    return redirect(request, local(str(form.get("next", "")), "/flags"), "flagged")


@needs(WRITE)
async def close(request: web.Request) -> web.Response:
    """It has been dealt with."""
    flag = int(request.match_info["number"])

    def work() -> bool:
        done = Flags(engine(request)).close(flag, member(request))
        if done:
            log(request, "flag.closed", f"flag:{flag}")
        return done

    await asyncio.to_thread(work)
    return redirect(request, "/flags", "closed")
