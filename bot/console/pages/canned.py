"""Canned replies: seen and changed by everybody who answers viewers."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console.access import needs
from bot.console.members import member
from bot.console.rendering import redirect, render
from bot.console.visit import engine, log, visit
from bot.desk.canned import VARIABLES, CannedReplies
from bot.desk.people import Refused

ANSWER = "handoffs.answer"


def routes() -> list[web.RouteDef]:
    """The list with its form."""
    return [
        web.get("/canned", show),
        web.post("/canned", save),
        web.post("/canned/{name:[a-z0-9][a-z0-9_-]*}/delete", remove),
    ]


@needs(ANSWER)
async def show(request: web.Request) -> web.Response:
    """Every reply, and a form for one."""
    return await _page(request, request.query.get("edit", ""))


async def _page(request: web.Request, edit: str, wrong: str = "", form: Any = None) -> web.Response:
    replies = await asyncio.to_thread(CannedReplies(engine(request)).all)
    chosen = next((each for each in replies if each.name == edit), None)
    values = {"name": "", "text_en": "", "text_zh": ""}
    if chosen is not None:
        values = {
            "name": chosen.name, "text_en": chosen.texts["en"], "text_zh": chosen.texts["zh"]
        }  # fmt: skip
    if form is not None:
        values = {name: str(form.get(name, "")) for name in values}
    return render(
        request,
        "handoffs/canned.html",
        status=422 if wrong else 200,
        replies=replies,
        values=values,
        variables=VARIABLES,
        wrong=wrong,
    )


@needs(ANSWER)
async def save(request: web.Request) -> web.Response:
    """Make or change one."""
    form = await request.post()
    name = str(form.get("name", "")).strip().lstrip("/")
    texts = {"en": str(form.get("text_en", "")), "zh": str(form.get("text_zh", ""))}

    def work() -> None:
        CannedReplies(engine(request)).save(name, texts, member(request))
        log(request, "canned.saved", f"canned:{name}")

    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        return await _page(request, "", visit(request).t(f"refused.{refused.code}"), form)
    return redirect(request, "/canned", "saved")


@needs(ANSWER)
async def remove(request: web.Request) -> web.Response:
    """Delete one."""
    name = request.match_info["name"]

    def work() -> None:
        if CannedReplies(engine(request)).remove(name):
            log(request, "canned.deleted", f"canned:{name}")

    await asyncio.to_thread(work)
    return redirect(request, "/canned", "deleted")
