"""The editor of the answers about the service."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console.access import needs
from bot.console.members import member, names
from bot.console.navigation import Entry
from bot.console.rendering import redirect, render
from bot.console.visit import engine, log, visit
from bot.desk.faq_editing import FaqEditing, content_of
from bot.desk.people import Refused
from bot.faq.entries import LANGUAGES

EDIT = "faq.edit"
NAVIGATION = (Entry("faq", "/faq", EDIT, order=330, key="q"),)
_ENTRY = "/faq/{entry:[a-z0-9][a-z0-9_]*}"


def routes() -> list[web.RouteDef]:
    """The list, one entry, and its history."""
    return [
        web.get("/faq", entries),
        web.get("/faq/new", new),
        web.post("/faq", save),
        web.get(_ENTRY, entry),
        web.post(_ENTRY + "/revert", revert),
    ]


@needs(EDIT)
async def entries(request: web.Request) -> web.Response:
    """Every question, by topic."""
    wanted = request.query.get("q", "").strip().casefold()[:100]

    def read() -> list[Any]:
        found = FaqEditing(engine(request)).entries()
        return [each for each in found if not wanted or wanted in _words(each)]

    found = await asyncio.to_thread(read)
    return render(request, "faq/list.html", entries=found, wanted=wanted)


def _words(each: Any) -> str:
    entry = each.entry
    texts = [entry.id, *entry.questions.values(), *entry.answers.values()]
    texts += [text for asks in entry.asks.values() for text in asks]
    return "\n".join(texts).casefold()


@needs(EDIT)
async def entry(request: web.Request) -> web.Response:
    """One question with its answer, to edit."""
    return await _form(request, request.match_info["entry"])


@needs(EDIT)
async def new(request: web.Request) -> web.Response:
    """A question that is not there yet."""
    return await _form(request, "")


async def _form(
    request: web.Request, entry_id: str, wrong: str = "", content: Any = None, topic: str = ""
) -> web.Response:
    def read() -> dict[str, Any] | None:
        editing = FaqEditing(engine(request))
        found = editing.get(entry_id) if entry_id else None
        if entry_id and found is None and content is None:
            return None
        return {
            "listed": found,
            "content": content or (content_of(found.entry) if found else None),
            "topic": topic or (found.entry.topic if found else ""),
            "topics": [(each, each) for each in editing.topics()],
            "history": editing.history(entry_id) if entry_id else [],
            "names": names(engine(request)),
        }

    found = await asyncio.to_thread(read)
    if found is None:
        raise web.HTTPNotFound
    empty = dict.fromkeys(LANGUAGES, "")
    found["content"] = found["content"] or {
        "id": "", "question": empty, "answer": empty, "ask": {each: [] for each in LANGUAGES}
    }  # fmt: skip
    return render(request, "faq/entry.html", status=422 if wrong else 200, wrong=wrong, **found)


@needs(EDIT)
async def save(request: web.Request) -> web.Response:
    """Keep an edit; viewers get it at once."""
    form = await request.post()
    topic, entry_id = str(form.get("topic", "")), str(form.get("id", ""))[:80]
    content: dict[str, Any] = {"id": entry_id, "question": {}, "answer": {}, "ask": {}}
    for each in LANGUAGES:
        content["question"][each] = str(form.get(f"question_{each}", ""))
        content["answer"][each] = str(form.get(f"answer_{each}", ""))
        content["ask"][each] = str(form.get(f"ask_{each}", "")).splitlines()

    def work() -> None:
        number = FaqEditing(engine(request)).save(topic, content, member(request))
        log(request, "faq.edited", f"faq:{entry_id}", edit=number)

    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        message = visit(request).t(f"refused.{refused.code}")
        return await _form(request, entry_id, message, content, topic)
    return redirect(request, f"/faq/{entry_id}", "live")


@needs(EDIT)
async def revert(request: web.Request) -> web.Response:
    """Put an earlier edit back, or what the files say."""
    form = await request.post()
    entry_id, edit = request.match_info["entry"], str(form.get("edit", ""))
    if edit and not (edit.isascii() and edit.isdigit() and len(edit) < 19):
        raise web.HTTPBadRequest

    def work() -> None:
        FaqEditing(engine(request)).revert(entry_id, int(edit) if edit else None, member(request))
        log(request, "faq.reverted", f"faq:{entry_id}", to=edit or "file")

    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        if refused.code == "not_there":
            raise web.HTTPNotFound from None
        return await _form(request, entry_id, visit(request).t(f"refused.{refused.code}"))
    known = await asyncio.to_thread(FaqEditing(engine(request)).get, entry_id)
    return redirect(request, f"/faq/{entry_id}" if known else "/faq", "live")
