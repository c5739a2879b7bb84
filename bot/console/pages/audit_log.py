"""The audit log: who did what, page by page, and whether its chain is whole."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console.access import needs
from bot.console.forms import day, number
from bot.console.navigation import Entry
from bot.console.rendering import link, render
from bot.console.visit import engine
from bot.store.audit import AuditLog
from bot.store.staff import Staff

NAVIGATION = (Entry("audit", "/audit", "audit.read", order=520, key="l"),)
PAGE = 50
# What entries can be filtered by: the first part of their action.
GROUPS = (
    *("sign_in", "sign_out", "password", "second_factor", "sessions", "people"),
    *("transcript", "flag", "case", "handoff", "note", "canned"),
    *("sentence", "annotation", "test", "faq"),
    *("retention", "export", "audit"),
)


def routes() -> list[web.RouteDef]:
    """The page, and its check."""
    return [web.get("/audit", show), web.post("/audit/verify", verify)]


@needs("audit.read")
async def show(request: web.Request) -> web.Response:
    """The entries."""
    return await _page(request)


@needs("audit.read")
async def verify(request: web.Request) -> web.Response:
    """Walk the whole chain."""
    return await _page(request, await asyncio.to_thread(AuditLog(engine(request)).verify))


async def _page(request: web.Request, verdict: Any = None) -> web.Response:
    asked = request.query
    filters = {
        "who": asked.get("who", ""),
        "action": asked.get("action", "")[:80],
        "subject": asked.get("subject", "").strip()[:300],
        "since": asked.get("since", ""),
        "until": asked.get("until", ""),
    }
    before = number(asked.get("before"), 1)

    def read() -> dict[str, Any]:
        log = AuditLog(engine(request))
        entries = log.page(
            before=before,
            limit=PAGE + 1,
            person=number(filters["who"], 1),
            action=filters["action"],
            subject=filters["subject"],
            since=day(filters["since"]),
            until=day(filters["until"], end=True),
        )
        return {
            "entries": entries[:PAGE],
            "more": len(entries) > PAGE,
            "people": Staff(engine(request)).everybody(),
            "head": log.head(),
        }

    found = await asyncio.to_thread(read)
    last = found["entries"][-1].id if found["entries"] else None
    return render(
        request,
        "audit.html",
        filters=filters,
        groups=GROUPS,
        verdict=verdict,
        newest=link("/audit", **filters) if before else "",
        older=link("/audit", **filters, before=last) if found["more"] else "",
        **found,
    )
