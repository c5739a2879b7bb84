"""The first page: the first place that one may go to."""

from __future__ import annotations

from aiohttp import web

from bot.console import navigation
from bot.console.access import EVERYBODY, SIGNED_IN, needs
from bot.console.rendering import redirect
from bot.console.visit import visit


def routes() -> list[web.RouteDef]:
    """The root, and a sign of life for whoever watches the process."""
    return [web.get("/", home), web.get("/health", health)]


@needs(SIGNED_IN)
async def home(request: web.Request) -> web.Response:
    """Go to the first place of the navigation."""
    places = navigation.of(visit(request))
    return redirect(request, places[0].path if places else "/profile")


@needs(EVERYBODY)
async def health(request: web.Request) -> web.Response:
    """Is the console up?"""
    return web.json_response({"status": "ok"})
