"""What was taught waits here for a second person, and leaves as patches of the repository."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console import live
from bot.console.access import needs
from bot.console.members import member, names
from bot.console.navigation import Entry
from bot.console.records import named
from bot.console.rendering import redirect, render
from bot.console.visit import engine, log, visit
from bot.desk.annotating import Annotating
from bot.desk.conversation_tests import ConversationTests
from bot.desk.faq_editing import FaqEditing
from bot.desk.people import Refused

APPROVE = "teach.approve"
NAVIGATION = (
    Entry(
        "approvals", "/approvals", APPROVE, order=320, key="v", icon="approve", count="approvals"
    ),
    Entry("tests", "/tests", "teach.annotate", order=340, icon="check"),
)


def routes() -> list[web.RouteDef]:
    """Approvals, patches, saved tests."""
    live.count(
        "approvals",
        APPROVE,
        lambda request: len(Annotating(engine(request)).of_state("proposed")),
    )
    return [
        web.get("/approvals", approvals),
        web.post("/approvals/{number:[0-9]{1,18}}", review),
        web.post("/approvals/merged", merged),
        web.get("/patches/{what}", patch),
        web.get("/tests", tests),
        web.get("/tests/new", new_test),
        web.post("/tests", save_test),
    ]


@needs(APPROVE)
async def approvals(request: web.Request) -> web.Response:
    """What waits, and what is approved with the patch that it makes."""
    return await _approvals(request)


async def _approvals(request: web.Request, wrong: str = "") -> web.Response:
    def read() -> dict[str, Any]:
        annotating = Annotating(engine(request))
        return {
            "proposed": annotating.of_state("proposed"),
            "approved": annotating.of_state("approved"),
            "patch": annotating.patch(),
            "names": names(engine(request)),
        }

    found = await asyncio.to_thread(read)
    return render(
        request,
        "teaching/approvals.html",
        status=409 if wrong else 200,
        wrong=wrong,
        me=member(request),
        **found,
    )


@needs(APPROVE)
async def review(request: web.Request) -> web.Response:
    """Approve, or send back with a word why."""
    form = await request.post()
    number, approve = int(request.match_info["number"]), form.get("verdict") == "approve"

    def work() -> None:
        comment = str(form.get("comment", ""))
        Annotating(engine(request)).review(number, approve, member(request), comment)
        log(
            request,
            "annotation.approved" if approve else "annotation.sent_back",
            f"annotation:{number}",
        )

    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        return await _approvals(request, visit(request).t(f"refused.{refused.code}"))
    return redirect(request, "/approvals", "approved" if approve else "sent_back")


@needs(APPROVE)
async def merged(request: web.Request) -> web.Response:
    """The patch that was shown is in the files now."""
    form = await request.post()
    shown = [
        int(each)
        for each in str(form.get("added", "")).split()
        if each.isascii() and each.isdigit()
    ]

    def work() -> None:
        number = Annotating(engine(request)).merged(shown[:2000])
        log(request, "annotation.merged", "", number=number)

    await asyncio.to_thread(work)
    return redirect(request, "/approvals", "saved")


@needs("export")
async def patch(request: web.Request) -> web.Response:
    """A patch to review and apply with `git apply`: nlu, faq or tests."""
    what = request.match_info["what"]

    def read() -> str:
        store = engine(request)
        if what == "nlu":
            text = Annotating(store).patch().text
        elif what == "faq":
            text = FaqEditing(store).patch()
        elif what == "tests":
            text = ConversationTests(store).patch()
        else:
            raise web.HTTPNotFound
        log(request, "export.patch", what)
        return text

    text = await asyncio.to_thread(read)
    return web.Response(
        text=text,
        content_type="text/x-diff",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="usher-{what}.patch"'},
    )


@needs("teach.annotate")
async def tests(request: web.Request) -> web.Response:
    """The saved tests."""
    saved = await asyncio.to_thread(ConversationTests(engine(request)).all)
    return render(request, "teaching/tests.html", saved=saved[::-1], draft=None, wrong="")


@needs("teach.annotate")
async def new_test(request: web.Request) -> web.Response:
    """A conversation as the draft of a test."""
    conversation = (await named(request, request.query, "conversation", "sentence")).conversation
    if conversation is None:
        raise web.HTTPNotFound

    def read() -> str:
        log(request, "transcript.read", f"conversation:{conversation}", as_="test")
        return ConversationTests(engine(request)).draft(conversation)

    draft = await asyncio.to_thread(read)
    if not draft:
        raise web.HTTPNotFound
    values = {"conversation": conversation, "behaviour": "taught", "content": draft}
    return render(request, "teaching/tests.html", saved=[], draft=values, wrong="")


@needs("teach.annotate")
async def save_test(request: web.Request) -> web.Response:
    """Keep a test."""
    form = await request.post()
    about = await named(request, form, "conversation")
    values = {name: str(form.get(name, "")) for name in ("conversation", "behaviour", "content")}

    def work() -> None:
        number = ConversationTests(engine(request)).save(
            about.viewer, values["behaviour"], values["content"][:20_000], member(request)
        )
        log(request, "test.saved", f"test:{number}")

    try:
        await asyncio.to_thread(work)
    except Refused as refused:
        message = visit(request).t(f"refused.{refused.code}")
        return render(
            request, "teaching/tests.html", status=422, saved=[], draft=values, wrong=message
        )
    return redirect(request, "/tests", "saved")
