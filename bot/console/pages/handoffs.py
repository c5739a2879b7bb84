"""The queue of viewers who want a person: who takes whom, passes on and gives back."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console import live
from bot.console.access import needs
from bot.console.members import member, who_may
from bot.console.navigation import Entry
from bot.console.records import named
from bot.console.rendering import redirect, render
from bot.console.visit import engine, log, visit
from bot.desk.answering import Answering
from bot.desk.people import Refused
from bot.desk.presence import Presence

ANSWER = "handoffs.answer"
NAVIGATION = (
    Entry("handoffs", "/handoffs", ANSWER, order=210, key="h", count="handoffs"),
)  # fmt: skip
PATH = "/handoffs/{number:[0-9]{1,18}}"


def routes() -> list[web.RouteDef]:
    """The queue, and each step of a handoff."""
    live.count("handoffs", ANSWER, lambda request: _waiting_count(request))
    return [
        web.get("/handoffs", queue),
        web.post(PATH + "/assign", assign),
        web.post(PATH + "/take", take),
        web.post(PATH + "/pass", pass_on),
        web.post(PATH + "/return", give_back),
        web.post("/handoffs/join", join),
        web.get("/live/handoffs", watch_queue),
        web.post("/live/here", here),
    ]


@needs(ANSWER)
async def queue(request: web.Request) -> web.Response:
    """Who waits, who is answered by whom, and what was closed last."""

    def read() -> dict[str, Any]:
        Presence(engine(request)).sign(member(request))
        desk = Answering(engine(request))
        return {
            "waiting": desk.queue(),
            "closed": desk.recent(),
            "present": Presence(engine(request)).here(),
        }

    return render(
        request, "handoffs/queue.html", me=member(request), **await asyncio.to_thread(read)
    )


@needs(ANSWER)
async def assign(request: web.Request) -> web.Response:
    """Make it mine."""
    return await _do(request, "handoff.assigned", "assign")


@needs(ANSWER)
async def take(request: web.Request) -> web.Response:
    """Take over from the bot."""
    return await _do(request, "handoff.taken", "take_over")


@needs(ANSWER)
async def give_back(request: web.Request) -> web.Response:
    """Return it to the bot."""
    return await _do(request, "handoff.returned", "give_back", "/handoffs")


@needs(ANSWER)
async def pass_on(request: web.Request) -> web.Response:
    """Hand it to a colleague, or back into the queue."""
    form = await request.post()
    colleague = str(form.get("to", ""))

    def work() -> None:
        to = next((p for p in who_may(engine(request), ANSWER) if p.id == colleague), None)
        if colleague and to is None:
            raise Refused("not_there")
        Answering(engine(request)).pass_on(number_of(request), member(request), to)
        log(request, "handoff.passed", f"handoff:{number_of(request)}", to=to.name if to else "")

    return await answered(request, work, "/handoffs", "passed")


@needs(ANSWER)
async def join(request: web.Request) -> web.Response:
    """Take over a conversation whose viewer asked for nobody."""
    about = await named(request, await request.post(), "conversation")

    def work() -> int:
        made = Answering(engine(request)).join(about.viewer, member(request))
        log(request, "handoff.taken", f"handoff:{made}", conversation=about.conversation)
        return made

    try:
        number = await asyncio.to_thread(work)
    except Refused as refused:
        return _refused(request, refused)
    return redirect(request, f"/handoffs/{number}")


@needs(ANSWER)
async def here(request: web.Request) -> web.Response:
    """A sign of life of a page, also of one that is hidden; the last one when it is closed."""
    form = await request.post()
    about = await named(request, form, "handoff") if form.get("handoff") else None
    viewer = about.viewer if about is not None else None
    presence = Presence(engine(request))
    if viewer is not None and form.get("closed"):
        await asyncio.to_thread(presence.closed, member(request), viewer)
        return web.json_response({})
    wanted = form.get("available")
    available = None if wanted is None else wanted == "1"
    await asyncio.to_thread(presence.sign, member(request), viewer, available)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(request, "/handoffs", "saved")
    return web.json_response({})


@needs(ANSWER)
async def watch_queue(request: web.Request) -> web.StreamResponse:
    """Say "changed" whenever the queue or who is at the desk is another than before."""

    def state() -> list[Any]:
        waiting = Answering(engine(request)).queue()
        present = Presence(engine(request)).here()
        return [
            [(w.handoff.id, w.handoff.assignee, w.handoff.taken_at is None) for w in waiting],
            [(p.person.id, p.available, p.reads) for p in present],
        ]

    before: list[Any] | None = None
    async with live.stream(request) as events:
        async for _ in events.ticks(1.0):
            now = await asyncio.to_thread(state)
            if before is not None and now != before:
                await events.send("changed", {})
            before = now
    return events.response


def _waiting_count(request: web.Request) -> int:
    waiting = Answering(engine(request)).queue()
    return sum(each.handoff.assignee is None for each in waiting)


async def _do(request: web.Request, action: str, step: str, where: str = "") -> web.Response:
    number = number_of(request)

    def work() -> None:
        getattr(Answering(engine(request)), step)(number, member(request))
        log(request, action, f"handoff:{number}")

    return await answered(request, work, where or f"/handoffs/{number}", action.split(".")[1])


async def answered(request: web.Request, work: Any, where: str, notice: str = "") -> web.Response:
    """Do it, and go on; a refusal is told in the reader's language."""
    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        return _refused(request, refused)
    if "text/html" not in request.headers.get("Accept", ""):
        return web.json_response({})
    return redirect(request, where, notice)


def _refused(request: web.Request, refused: Refused) -> web.Response:
    """409 with the reason."""
    message = visit(request).t.get(f"refused.{refused.code}", refused.code)
    if "text/html" not in request.headers.get("Accept", ""):
        body = {"error": {"status": 409, "code": refused.code, "message": message, "id": ""}}
        return web.json_response(body, status=409)
    back = f"/handoffs/{number_of(request)}" if "number" in request.match_info else "/handoffs"
    return render(request, "desk/refused.html", status=409, message=message, back=back)


def number_of(request: web.Request) -> int:
    """The handoff's number in the path."""
    return int(request.match_info["number"])
