"""Language and theme: a member's own, and a stranger's for this browser."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console.access import EVERYBODY, needs
from bot.console.guard import LANGUAGE_COOKIE, THEME_COOKIE, is_https
from bot.console.rendering import local, redirect
from bot.console.visit import CONFIGURATION, engine, visit
from bot.console.words import LANGUAGES
from bot.store import staff
from bot.store.database import writing

_COOKIES = {"language": (LANGUAGE_COOKIE, LANGUAGES), "theme": (THEME_COOKIE, ("light", "dark"))}
_YEAR = 365 * 86_400


def routes() -> list[web.RouteDef]:
    """Where they are changed."""
    return [web.post("/preferences", change)]


@needs(EVERYBODY)
async def change(request: web.Request) -> web.Response:
    """Keep what the form holds of `language` and `theme`; other values mean the browser's."""
    form = await request.post()
    response = redirect(request, local(str(form.get("next", ""))))
    values: dict[str, str | None] = {}
    for name, (cookie, known) in _COOKIES.items():
        if name not in form:
            continue
        wanted = str(form[name])
        values[name] = wanted if wanted in known else None
        if wanted in known:
            secure = is_https(request.app[CONFIGURATION])
            response.set_cookie(
                cookie, wanted, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure
            )
        else:
            response.del_cookie(cookie)
    person = visit(request).person
    if person is not None and values:

        def keep() -> None:
            with writing(engine(request)) as connection:
                staff.change(connection, person.id, **values)

        await asyncio.to_thread(keep)
    return response
