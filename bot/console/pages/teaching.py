"""The inbox of sentences: what viewers wrote and the assistant may have got wrong."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from typing import Any

from aiohttp import web

from bot.console import live
from bot.console.access import needs
from bot.console.assistant import Assistant, AssistantAway
from bot.console.members import member, names
from bot.console.navigation import Entry
from bot.console.rendering import link, redirect, render
from bot.console.visit import CONFIGURATION, engine, log, visit
from bot.desk.annotating import Annotating
from bot.desk.collecting import collect
from bot.desk.inbox import PAGE, REASONS, Inbox, Sentence
from bot.desk.nlu_files import MARKED, NluFiles
from bot.desk.people import Refused

ANNOTATE = "teach.annotate"
NAVIGATION = (
    Entry("teach", "/teach", ANNOTATE, order=310, key="t", icon="inbox", count="teach"),
)  # fmt: skip
_SENTENCE = "/teach/{number:[0-9]{1,18}}"
_TEXT_LIMIT = 400


def routes() -> list[web.RouteDef]:
    """The inbox, one sentence, and trying again."""
    live.count("teach", ANNOTATE, lambda request: Inbox(engine(request)).count())
    return [
        web.get("/teach", inbox),
        web.post("/teach/try", try_again),
        web.get(_SENTENCE, sentence),
        web.post(_SENTENCE, propose),
        web.post(_SENTENCE + "/aside", set_aside),
    ]


@needs(ANNOTATE)
async def inbox(request: web.Request) -> web.Response:
    """The sentences, the least confident first; the first of them is open."""
    return await _inbox(request, None)


@needs(ANNOTATE)
async def sentence(request: web.Request) -> web.Response:
    """The same with a sentence chosen."""
    return await _inbox(request, int(request.match_info["number"]))


async def _inbox(request: web.Request, chosen: int | None, wrong: str = "") -> web.Response:
    reason, language = request.query.get("reason", ""), request.query.get("language", "")
    after = _place(request.query.get("after", ""))

    def read() -> dict[str, Any]:
        store = Inbox(engine(request))
        collect(engine(request), batches=1)  # the rest follows in the background
        found = store.page(
            reason if reason in REASONS else None,
            language if language in ("en", "zh") else None,
            after,
        )
        one = store.get(chosen) if chosen is not None else (found[0] if found else None)
        annotating = Annotating(engine(request))
        return {
            "sentences": found,
            "chosen": one,
            "sent_back": annotating.last_of(one.id) if one is not None else None,
            "names": names(engine(request)),
            "marks": _marks(one) if one is not None else [],
            "intents": _intents(),
        }

    found = await asyncio.to_thread(read)
    if chosen is not None and found["chosen"] is None:
        raise web.HTTPNotFound
    t = visit(request).t
    last = found["sentences"][-1] if len(found["sentences"]) == PAGE else None
    return render(
        request,
        "teaching/inbox.html",
        status=409 if wrong else 200,
        wrong=wrong,
        reason=reason,
        language=language,
        reasons=[(each, t(f"teach.reason.{each}")) for each in REASONS],
        older=link("/teach", reason=reason, language=language, after=f"{last.confidence}~{last.id}")
        if last
        else "",
        marked=MARKED,
        **found,
    )


@needs(ANNOTATE)
async def propose(request: web.Request) -> web.Response:
    """Say what a sentence means, and go on to the next."""
    form = await request.post()
    number = int(request.match_info["number"])

    def work() -> None:
        try:
            marks = json.loads(str(form.get("entities", "[]")))
        except (ValueError, RecursionError):
            raise Refused("wrong_entities") from None
        if not isinstance(marks, list) or not all(isinstance(each, list) for each in marks):
            raise Refused("wrong_entities")
        Annotating(engine(request)).propose(
            number, str(form.get("intent", "")), marks, member(request)
        )
        log(request, "sentence.proposed", f"sentence:{number}", intent=str(form.get("intent", "")))

    return await _then_next(request, number, work, "proposed")


@needs(ANNOTATE)
async def set_aside(request: web.Request) -> web.Response:
    """Ignore a sentence, or delete its words."""
    form = await request.post()
    number = int(request.match_info["number"])
    state = "deleted" if form.get("what") == "delete" else "ignored"

    def work() -> None:
        if not Inbox(engine(request)).set_aside(number, state):
            raise Refused("not_open")
        log(request, f"sentence.{state}", f"sentence:{number}")

    return await _then_next(request, number, work, state)


async def _then_next(request: web.Request, number: int, work: Any, notice: str) -> web.Response:
    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        if await asyncio.to_thread(Inbox(engine(request)).get, number) is None:
            raise web.HTTPNotFound from None
        message = visit(request).t.get(f"refused.{refused.code}", refused.code)
        return await _inbox(request, number, message)
    where = link(
        "/teach",
        reason=request.query.get("reason", ""),
        language=request.query.get("language", ""),
    )
    return redirect(request, where, notice)


@needs(ANNOTATE)
async def try_again(request: web.Request) -> web.Response:
    """What the model of today makes of a text (JSON)."""
    form = await request.post()
    text = str(form.get("text", "")).strip()[:_TEXT_LIMIT]
    if not text:
        raise web.HTTPBadRequest
    try:
        (found,) = await Assistant(request.app[CONFIGURATION]).understand([text])
    except AssistantAway:
        message = visit(request).t("teach.away")
        body = {"error": {"status": 503, "message": message, "id": ""}}
        return web.json_response(body, status=503)
    return web.json_response(found)


def _marks(found: Sentence) -> list[list[Any]]:
    """The titles and people that were found, as marks."""
    return [
        [each["start"], each["end"], each["entity"]]
        for each in found.understood.get("entities") or ()
        if each.get("entity") in MARKED and isinstance(each.get("start"), int)
    ]


@lru_cache(maxsize=1)
def _intents() -> list[str]:
    return NluFiles().intents


def _place(text: str) -> tuple[float, int] | None:
    confidence, _, number = text.partition("~")
    try:
        return (float(confidence), int(number)) if number else None
    except ValueError:
        return None
