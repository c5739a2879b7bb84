"""The console's aiohttp application."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Engine

from bot.console import guard, live, navigation, static
from bot.console.access import check_every_route
from bot.console.keys import Keys
from bot.console.pages import PAGES
from bot.console.visit import CONFIGURATION, ENGINE, KEYS, SESSIONS
from bot.settings import Settings
from bot.store.database import engine as engine_of
from bot.store.staff_sessions import Sessions

# Bytes of a request: room for a form, not for an upload.
MAX_BODY = 1024 * 1024


def application(configuration: Settings, engine: Engine | None = None) -> web.Application:
    """The application, for a database that is migrated already.

    Raises:
        RuntimeError: a route names no permission.
    """
    app = web.Application(middlewares=[guard.errors, guard.guard], client_max_size=MAX_BODY)
    app[CONFIGURATION] = configuration
    app[ENGINE] = engine = engine or engine_of(configuration.database)
    app[KEYS] = Keys.of(configuration)
    app[SESSIONS] = Sessions(
        engine, configuration.console_session_hours, configuration.console_idle_minutes
    )
    for module in (static, live, *PAGES):
        app.add_routes(module.routes())
        navigation.register(getattr(module, "NAVIGATION", ()))
        getattr(module, "prepare", _nothing)(app)
    check_every_route(app.router.routes())
    signals: tuple[tuple[Any, Any], ...] = (
        (app.on_response_prepare, guard.add_headers),
        (app.on_startup, _open),
        (app.on_shutdown, _close),
    )
    for signal, listener in signals:
        signal.append(listener)
    return app


def _nothing(app: web.Application) -> None:
    """Most pages keep nothing."""


async def _open(app: web.Application) -> None:
    app[live.CLOSING] = asyncio.Event()


async def _close(app: web.Application) -> None:
    app[live.CLOSING].set()
