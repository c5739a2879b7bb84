"""One conversation: as the viewer saw it, live, and beside each message what Usher thought."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web

from bot.console import live
from bot.console.access import needs
from bot.console.members import names
from bot.console.records import named
from bot.console.rendering import redirect, render
from bot.console.visit import engine, log, visit
from bot.desk.finding import Found
from bot.desk.flags import REASONS
from bot.desk.remarks import remarks
from bot.desk.skills import skill_of_intent
from bot.desk.thought import Thought, thought
from bot.desk.transcript import Exchange, Transcript, Transcripts
from bot.desk.words import marked, parse
from bot.store import personal_copy
from bot.store.database import reading
from bot.store.privacy import mask

REASON_LIMIT = 300
LIVE_SECONDS = 1.0
LOOK_SECONDS = 600.0
_MOST_LOOKS = 10_000
# When a session (its token) looked at a conversation last.
_looks: dict[tuple[str, int], float] = {}
_NUMBER = "{conversation:[0-9]{1,18}}"


def routes() -> list[web.RouteDef]:
    """The page, its stream, and what is revealed for a reason."""
    return [
        web.get("/conversations/of", of_record),
        web.get(f"/conversations/{_NUMBER}", show),
        web.post(f"/conversations/{_NUMBER}/reveal", reveal),
        web.get(f"/live/conversations/{_NUMBER}", follow),
    ]


@needs("transcripts.read")
async def show(request: web.Request) -> web.Response:
    """The transcript. Reading it is written to the audit log."""
    found, said = await _transcript(request)
    if _first_look(request, found.row.id):
        await asyncio.to_thread(log, request, "transcript.read", f"conversation:{found.row.id}")
    return _page(request, found, said)


@needs("transcripts.reveal")
async def reveal(request: web.Request) -> web.Response:
    """The transcript with who the viewer is, for a reason that is written to the audit log.

    What viewers write is masked before it is stored; nobody can have that back.
    """
    found, said = await _transcript(request)
    form = await request.post()
    reason = mask(" ".join(str(form.get("reason", "")).split())[:REASON_LIMIT])
    if len(reason) < 3:
        return redirect(request, request.path.rsplit("/", 1)[0], notice="reveal_reason")
    viewer = found.row.viewer
    await asyncio.to_thread(
        log, request, "transcript.reveal", f"conversation:{found.row.id}", reason=reason
    )
    revealed = await asyncio.to_thread(_kept, request, viewer)
    shown = {"viewer": viewer, "reason": reason, "kept": revealed}
    return _page(request, found, said, revealed=shown)


@needs("transcripts.read")
async def of_record(request: web.Request) -> web.Response:
    """Go on to the conversation that a record is about, such as `?case=7`: the one that holds its
    event, or else the viewer's last one."""
    about = await named(request, request.query)
    if about.conversation is None:
        raise web.HTTPNotFound
    anchor = f"#turn-{about.event}" if about.event is not None else ""
    return redirect(request, f"/conversations/{about.conversation}{anchor}")


@needs("transcripts.read")
async def follow(request: web.Request) -> web.StreamResponse:
    """Tells the page when something was said."""
    reader = Transcripts(engine(request))
    viewer = (await named(request, request.match_info, "conversation")).viewer
    given = request.query.get("after", "")
    last = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else -1
    async with live.stream(request) as events:
        async for _ in events.ticks(LIVE_SECONDS):
            now = await asyncio.to_thread(reader.last_change, viewer)
            if now != last:
                await events.send("said", {}, id=now)
                last = now
    return events.response


async def _transcript(request: web.Request) -> tuple[Transcript, dict[str, Any]]:
    """The transcript, and what is remarked of it."""
    number = int(request.match_info["conversation"])

    def read() -> tuple[Transcript, dict[str, Any]] | None:
        store = engine(request)
        found = Transcripts(store).read(number)
        if found is None:
            return None
        return found, {"remarks": remarks(store, found.row.viewer), "names": names(store)}

    found = await asyncio.to_thread(read)
    if found is None:
        raise web.HTTPNotFound
    return found


def _page(
    request: web.Request, found: Transcript, said: dict[str, Any], revealed: Any = None
) -> web.Response:
    terms = parse(request.query.get("q", ""))
    return render(
        request,
        "desk/conversation.html",
        found=found,
        c=found.row,
        state=Found(found.row, found.around).status,
        exchanges=[(each, _thought(each)) for each in found.exchanges],
        skill_of=skill_of_intent(),
        marked=lambda text: marked(text, terms) if terms else [(text, False)],
        revealed=revealed,
        may_reveal=visit(request).may("transcripts.reveal"),
        flag_turns=[
            (each.turn.id, (each.turn.text or "")[:60]) for each in found.exchanges if each.turn
        ],
        **said,
        flag_reasons=[(each, visit(request).t(f"flags.reason.{each}")) for each in REASONS],
    )


def _first_look(request: web.Request, conversation: int) -> bool:
    """Whether the visitor has not looked at it within the last minutes: a page that renews itself
    while people talk is one look."""
    key = (visit(request).token, conversation)
    now = time.monotonic()
    if now - _looks.get(key, -LOOK_SECONDS) < LOOK_SECONDS:
        return False
    _looks[key] = now
    while len(_looks) > _MOST_LOOKS:
        _looks.pop(next(iter(_looks)))
    return True


def _thought(exchange: Exchange) -> Thought | None:
    return thought(exchange.turn) if exchange.turn else None


def _kept(request: web.Request, viewer: str) -> dict[str, int]:
    """How much is kept about a viewer, by table."""
    with reading(engine(request)) as connection:
        kept = personal_copy.export(connection, viewer)
    return {name: len(rows) for name, rows in kept.items() if name != "viewer" and rows}
