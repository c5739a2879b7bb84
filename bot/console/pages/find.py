"""The list of conversations: every filter, words, sequences, saved views, pages by key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.access import needs
from bot.console.navigation import Entry
from bot.console.rendering import link, redirect, render
from bot.console.visit import engine, person, visit
from bot.desk.choices import choices
from bot.desk.filters import FEEDBACK, SORTS, STATUSES, Filters, read
from bot.desk.finding import Finder
from bot.desk.snippets import snippets
from bot.desk.views import SavedViews, ViewError
from bot.desk.words import parse

NAVIGATION = (Entry("conversations", "/conversations", "conversations.list", order=100, key="c"),)
FIELDS = (
    *("q", "since", "until", "language", "channel", "version", "skill", "intent", "action"),
    *("entity", "slot", "category", "sequence", "shortest", "longest", "fallback", "below"),
    *("feedback", "rating", "flag", "status", "assignee", "with", "sort"),
)
# Behind "more filters"; the others are always seen.
MORE = frozenset(FIELDS) - {"q", "status", "language", "skill", "sort"}
_PATH = "/conversations"


def routes() -> list[web.RouteDef]:
    """The list and its saved views."""
    return [
        web.get(_PATH, show),
        web.post(_PATH + "/views", save_view),
        web.post(_PATH + "/views/{view:[0-9]+}/delete", delete_view),
    ]


@needs("conversations.list")
async def show(request: web.Request) -> web.Response:
    """A page of the list."""
    form = {name: request.query.get(name, "") for name in FIELDS}
    filters = read(form)
    page, found, views, known = await asyncio.to_thread(_look, request, filters, form["with"])
    query = {name: value for name, value in form.items() if value}
    return render(
        request,
        "desk/find.html",
        form=form,
        filters=filters,
        page=page,
        snippets=found,
        views=views,
        me=person(request).email,
        current=urlencode(query),
        known=known,
        sorts=SORTS,
        statuses=STATUSES,
        opinions=FEEDBACK,
        more=len(MORE & query.keys()),
        first=link(_PATH, **query) if request.query.get("after") else "",
        older=link(_PATH, **query, after=page.after) if page.after else "",
    )


def _look(request: web.Request, filters: Filters, same: str) -> tuple[Any, ...]:
    database = engine(request)
    if same:
        viewer = Finder(database).viewer(int(same)) if _is_number(same) else None
        # Nobody is called so: the list of an unknown conversation's viewer is empty.
        filters = replace(filters, viewer=viewer or "\x7f")
    page = Finder(database).page(filters, request.query.get("after", ""))
    readable = visit(request).may("transcripts.read")
    terms = parse(filters.query) if readable else ()
    found = snippets(database, [each.row for each in page.found], terms)
    views = SavedViews(database).of(person(request).email)
    return page, found, views, choices(database)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@needs("conversations.list")
async def save_view(request: web.Request) -> web.Response:
    """Keep the filters of the list under a name."""
    form = await request.post()
    query = str(form.get("query", ""))
    arguments = (person(request).email, str(form.get("name", "")), query, bool(form.get("shared")))
    try:
        await asyncio.to_thread(SavedViews(engine(request)).save, *arguments)
    except ViewError as error:
        return redirect(request, f"{_PATH}?{query}", notice=f"view_{error}")
    return redirect(request, f"{_PATH}?{query}", notice="view_saved")


@needs("conversations.list")
async def delete_view(request: web.Request) -> web.Response:
    """Delete one's own view."""
    view = int(request.match_info["view"])
    done = await asyncio.to_thread(SavedViews(engine(request)).delete, person(request).email, view)
    if not done:
        raise web.HTTPNotFound
    return redirect(request, _PATH, notice="view_deleted")
