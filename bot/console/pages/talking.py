"""The conversation with a viewer who wants a person: to follow, to speak in, to keep notes of."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console import live
from bot.console.access import needs
from bot.console.members import member, who_may
from bot.console.pages.handoffs import ANSWER, PATH, answered, number_of
from bot.console.rendering import render
from bot.console.visit import engine, log
from bot.desk.answering import Answering, Waiting
from bot.desk.canned import CannedReplies
from bot.desk.feed import Feed, Place
from bot.desk.notes import Notes
from bot.desk.people import Refused
from bot.desk.presence import Presence


def routes() -> list[web.RouteDef]:
    """The page, its stream, and what is said there."""
    return [
        web.get(PATH, conversation),
        web.post(PATH + "/say", say),
        web.post(PATH + "/notes", add_note),
        web.get("/live" + PATH, watch),
    ]


@needs(ANSWER)
async def conversation(request: web.Request) -> web.Response:
    """One conversation, to follow and to speak in."""

    def read() -> dict[str, Any] | None:
        store, me = engine(request), member(request)
        found = Answering(store).get(number_of(request))
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
async def say(request: web.Request) -> web.Response:
    """Send a text to the viewer; the stream brings it back."""
    form = await request.post()
    text = str(form.get("text", ""))

    def work() -> None:
        Answering(engine(request)).say(number_of(request), member(request), text)

    return await answered(request, work, f"/handoffs/{number_of(request)}")


@needs(ANSWER)
async def add_note(request: web.Request) -> web.Response:
    """Keep a private note."""
    form = await request.post()

    def work() -> None:
        found = Answering(engine(request)).get(number_of(request))
        if found is None:
            raise Refused("closed")
        Notes(engine(request)).add(found.handoff.viewer, str(form.get("text", "")), member(request))
        log(request, "note.added", f"handoff:{number_of(request)}")

    return await answered(request, work, f"/handoffs/{number_of(request)}", "saved")


@needs(ANSWER)
async def watch(request: web.Request) -> web.StreamResponse:
    """What is said, as it is said, whose the handoff is, and who else reads it."""
    found = await asyncio.to_thread(Answering(engine(request)).get, number_of(request))
    if found is None:
        raise web.HTTPNotFound
    viewer = found.handoff.viewer
    place = await asyncio.to_thread(_begin, request, viewer)
    mine = member(request).id

    def state() -> dict[str, Any]:
        now = Answering(engine(request)).get(number_of(request))
        readers = [
            each.person.name
            for each in Presence(engine(request)).here()
            if viewer in each.reads and each.person.id != mine
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
