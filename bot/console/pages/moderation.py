"""The moderators' queue, the figures about the model, and the labels for its training."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web

from bot.console import live
from bot.console.access import needs
from bot.console.members import member, names
from bot.console.navigation import Entry
from bot.console.rendering import link, redirect, render
from bot.console.visit import engine, log, visit
from bot.desk import judgements
from bot.desk.moderating import CATEGORIES, PAGE, VIEWS, Moderating
from bot.desk.people import Refused

DECIDE = "moderation.decide"
NAVIGATION = (
    Entry("moderation", "/moderation", DECIDE, order=220, key="m", count="moderation"),
)  # fmt: skip
_DAYS = (7, 30, 90, 365)


def routes() -> list[web.RouteDef]:
    """The queue, one case, figures, labels."""
    live.count("moderation", DECIDE, _count)
    return [
        web.get("/moderation", queue),
        web.get("/moderation/figures", figures),
        web.get("/moderation/labels/{form}", labels),
        web.get("/moderation/{number:[0-9]{1,18}}", case),
        web.post("/moderation/{number:[0-9]{1,18}}", decide),
    ]


def _count(request: web.Request) -> int:
    return sum(Moderating(engine(request)).counts().values())


@needs(DECIDE)
async def queue(request: web.Request) -> web.Response:
    """Cases of one view, the first of them open beside the list."""
    return await _queue(request, None)


@needs(DECIDE)
async def case(request: web.Request) -> web.Response:
    """The same with a case chosen."""
    return await _queue(request, int(request.match_info["number"]))


async def _queue(request: web.Request, chosen: int | None, wrong: str = "") -> web.Response:
    view = request.query.get("view", "")
    kind = request.query.get("kind", "")
    after = request.query.get("after", "")

    def read() -> dict[str, Any]:
        moderating = Moderating(engine(request))
        counts = moderating.counts()
        shown = view if view in VIEWS else next((v for v in VIEWS if counts.get(v)), "open")
        at = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        cases = moderating.page(shown, kind if kind in ("abuse", "self_harm") else None, at)
        found = moderating.get(chosen) if chosen is not None else (cases[0] if cases else None)
        if found is not None:
            log(request, "transcript.read", f"case:{found.id}")
        return {
            "view": shown, "kind": kind, "counts": counts, "cases": cases, "case": found,
            "names": names(engine(request)), "more": len(cases) == PAGE,
        }  # fmt: skip

    found = await asyncio.to_thread(read)
    if chosen is not None and found["case"] is None:
        raise web.HTTPNotFound
    return render(
        request,
        "moderation/queue.html",
        status=409 if wrong else 200,
        views=VIEWS,
        options=[(each, visit(request).t(f"category.{each}")) for each in CATEGORIES],
        wrong=wrong,
        **found,
    )


@needs(DECIDE)
async def decide(request: web.Request) -> web.Response:
    """Uphold, dismiss or escalate, and go on to the next case."""
    form = await request.post()
    number, view = int(request.match_info["number"]), str(form.get("view", ""))
    verdict, seen = str(form.get("verdict", "")), str(form.get("seen", "0"))

    def work() -> None:
        Moderating(engine(request)).decide(
            number,
            verdict,
            member(request),
            int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else -1,
            str(form.get("category", "")) or None,
            str(form.get("note", "")),
        )
        log(request, f"case.{verdict}", f"case:{number}")

    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        if refused.code == "not_there":
            raise web.HTTPNotFound from None
        return await _queue(request, number, visit(request).t(f"refused.{refused.code}"))
    where = link("/moderation", view=view if view in VIEWS and view != "decided" else None)
    return redirect(request, where, verdict)


@needs(DECIDE)
async def figures(request: web.Request) -> web.Response:
    """How often the moderators agree with the model, by category."""
    asked = request.query.get("days", "30")
    days = int(asked) if asked in map(str, _DAYS) else 30
    since = time.time() - days * 86_400
    found = await asyncio.to_thread(judgements.figures, engine(request), since)
    total = found.pop("all")
    return render(
        request,
        "moderation/figures.html",
        days=days,
        choices=_DAYS,
        total=total,
        rows=sorted(found.items()),
    )


@needs("export")
async def labels(request: web.Request) -> web.Response:
    """The decisions as labels to train the model with."""
    form = request.match_info["form"]
    if form not in judgements.FORMATS:
        raise web.HTTPNotFound

    def read() -> str:
        text = "".join(judgements.export(engine(request), form))
        log(request, "export.labels", form, lines=text.count("\n"))
        return text

    text = await asyncio.to_thread(read)
    return web.Response(
        text=text,
        content_type=judgements.FORMATS[form],
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="moderation-labels.{form}"'},
    )
