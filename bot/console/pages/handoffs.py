"""The queue of viewers who want a person, and the conversation with one of them."""

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
from bot.desk.answering import Answering, Waiting
from bot.desk.canned import CannedReplies
from bot.desk.feed import Feed, Place
from bot.desk.notes import Notes
from bot.desk.people import Refused
from bot.desk.presence import Presence

ANSWER = "handoffs.answer"
NAVIGATION = (
    Entry("handoffs", "/handoffs", ANSWER, order=210, key="h", count="handoffs"),
)  # fmt: skip
_PATH = "/handoffs/{number:[0-9]{1,18}}"


def routes() -> list[web.RouteDef]:
    """The queue and the conversation."""
    live.count("handoffs", ANSWER, lambda request: _waiting_count(request))
    return [
        web.get("/handoffs", queue),
        web.get(_PATH, conversation),
        web.post(_PATH + "/assign", assign),
        web.post(_PATH + "/take", take),
        web.post(_PATH + "/pass", pass_on),
        web.post(_PATH + "/return", give_back),
        web.post(_PATH + "/say", say),
        web.post(_PATH + "/notes", add_note),
        web.post("/handoffs/join", join),
        web.get("/live/handoffs", watch_queue),
        web.get("/live" + _PATH, watch_conversation),
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
async def conversation(request: web.Request) -> web.Response:
    """One conversation, to follow and to speak in."""

    def read() -> dict[str, Any] | None:
        store, me = engine(request), member(request)
        found = Answering(store).get(_number(request))
        if found is None:
            return None
        handoff = found.handoff
        Presence(store).sign(me, handoff.viewer)
        log(request, "transcript.read", f"handoff:{handoff.id}")
        lines, place = Feed(store).latest(handoff.viewer)
        title = Feed(store).title(handoff.viewer)
        values = {"name": me.name, "number": str(handoff.id), "title": title}
        return {
            "waiting": found,
            "handoff": handoff,
            "lines": lines,
            "place": place,
            "title_shown": title,
            "canned": [
                {"name": each.name, "text": each.filled(handoff.language, values)}
                for each in CannedReplies(store).all()
            ],
            "notes": Notes(store).about(handoff.viewer),
            "colleagues": [each for each in who_may(store, ANSWER) if each.id != me.id],
            "present": Presence(store).here(),
        }

    found = await asyncio.to_thread(read)
    if found is None:
        raise web.HTTPNotFound
    return render(request, "handoffs/conversation.html", me=member(request), **found)


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
        Answering(engine(request)).pass_on(_number(request), member(request), to)
        log(request, "handoff.passed", f"handoff:{_number(request)}", to=to.name if to else "")

    return await _answer(request, work, "/handoffs", "passed")


@needs(ANSWER)
async def join(request: web.Request) -> web.Response:
    """Take over a conversation whose viewer asked for nobody."""
    about = await named(request, await request.post(), "conversation")

    def work() -> int:
        made = Answering(engine(request)).join(about.viewer, member(request), None)
        log(request, "handoff.taken", f"handoff:{made}", conversation=about.conversation)
        return made

    try:
        number = await asyncio.to_thread(work)
    except Refused as refused:
        return _refused(request, refused)
    return redirect(request, f"/handoffs/{number}")


@needs(ANSWER)
async def say(request: web.Request) -> web.Response:
    """Send a text to the viewer; the stream brings it back."""
    form = await request.post()
    text = str(form.get("text", ""))

    def work() -> None:
        Answering(engine(request)).say(_number(request), member(request), text)

    return await _answer(request, work, f"/handoffs/{_number(request)}")


@needs(ANSWER)
async def add_note(request: web.Request) -> web.Response:
    """Keep a private note."""
    form = await request.post()

    def work() -> None:
        found = Answering(engine(request)).get(_number(request))
        if found is None:
            raise Refused("closed")
        Notes(engine(request)).add(found.handoff.viewer, str(form.get("text", "")), member(request))
        log(request, "note.added", f"handoff:{_number(request)}")

    return await _answer(request, work, f"/handoffs/{_number(request)}", "saved")


@needs(ANSWER)
async def here(request: web.Request) -> web.Response:
    """A sign of life of a page, also of one that is hidden."""
    form = await request.post()
    about = await named(request, form, "handoff") if form.get("handoff") else None
    viewer = about.viewer if about is not None else None
    wanted = form.get("available")
    available = None if wanted is None else wanted == "1"
    await asyncio.to_thread(Presence(engine(request)).sign, member(request), viewer, available)
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
            [(p.person.id, p.available, p.looks_at) for p in present],
        ]

    before: list[Any] | None = None
    async with live.stream(request) as events:
        async for _ in events.ticks(1.0):
            now = await asyncio.to_thread(state)
            if before is not None and now != before:
                await events.send("changed", {})
            before = now
    return events.response


@needs(ANSWER)
async def watch_conversation(request: web.Request) -> web.StreamResponse:
    """What is said, as it is said, whose the handoff is, and who else reads it."""
    found = await asyncio.to_thread(Answering(engine(request)).get, _number(request))
    if found is None:
        raise web.HTTPNotFound
    viewer = found.handoff.viewer
    place = await asyncio.to_thread(_begin, request, viewer)
    mine = member(request).id

    def state() -> dict[str, Any]:
        now = Answering(engine(request)).get(_number(request))
        readers = [
            each.person.name
            for each in Presence(engine(request)).here()
            if each.looks_at == viewer and each.person.id != mine
        ]
        return {**_state(now), "readers": readers}

    before: dict[str, Any] | None = None
    async with live.stream(request) as events:
        async for _ in events.ticks(0.7):
            lines, place = await asyncio.to_thread(Feed(engine(request)).after, viewer, place)
            for line in lines:
                await events.send("line", line.to_json(), id=str(place))
            now = await asyncio.to_thread(state)
            if now != before:
                await events.send("state", now, id=str(place))
                before = now
    return events.response


def _begin(request: web.Request, viewer: str) -> Place:
    """Where the stream goes on: after what the page has, else after what there is now."""
    for name in ("after", "place"):
        found = Place.read(request.query.get(name, ""))
        if found is not None:
            return found
    return Feed(engine(request)).latest(viewer, 1)[1]


def _state(found: Waiting | None) -> dict[str, Any]:
    if found is None:
        return {"closed": True, "assignee": None, "taken": False}
    return {
        "closed": found.handoff.closed_at is not None,
        "assignee": found.handoff.assignee,
        "taken": found.handoff.taken_at is not None,
    }


def _waiting_count(request: web.Request) -> int:
    waiting = Answering(engine(request)).queue()
    return sum(each.handoff.assignee is None for each in waiting)


async def _do(request: web.Request, action: str, step: str, where: str = "") -> web.Response:
    number = _number(request)

    def work() -> None:
        getattr(Answering(engine(request)), step)(number, member(request))
        log(request, action, f"handoff:{number}")

    return await _answer(request, work, where or f"/handoffs/{number}", action.split(".")[1])


async def _answer(request: web.Request, work: Any, where: str, notice: str = "") -> web.Response:
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
    back = f"/handoffs/{_number(request)}" if "number" in request.match_info else "/handoffs"
    return render(request, "desk/refused.html", status=409, message=message, back=back)


def _number(request: web.Request) -> int:
    return int(request.match_info["number"])
