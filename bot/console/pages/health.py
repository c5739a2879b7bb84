"""The health of the system: the assistant, the database, versions, and what failed."""

from __future__ import annotations

import asyncio
import platform
import time
from typing import Any

from aiohttp import web
from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from bot.console.access import needs
from bot.console.assistant import Assistant, AssistantAway
from bot.console.navigation import Entry
from bot.console.rendering import render
from bot.console.visit import CONFIGURATION, engine
from bot.store.database import reading
from bot.store.migrations.steps import head
from bot.store.schema import failures

NAVIGATION = (Entry("health", "/health/system", "people.manage", order=550),)


def routes() -> list[web.RouteDef]:
    """The page."""
    return [web.get("/health/system", show)]


@needs("people.manage")
async def show(request: web.Request) -> web.Response:
    """How everything is."""
    assistant, database = await asyncio.gather(
        _assistant(Assistant(request.app[CONFIGURATION])),
        asyncio.to_thread(_database, engine(request)),
    )
    return render(
        request,
        "health.html",
        assistant=assistant,
        database=database,
        versions={"Python": platform.python_version(), **_versions()},
    )


async def _assistant(assistant: Assistant) -> dict[str, Any]:
    found: dict[str, Any] = {"address": assistant.address, "reason": ""}
    try:
        return found | await assistant.health()
    except AssistantAway as error:
        return found | {"status": "unreachable", "reason": str(error)}


def _database(store: Engine) -> dict[str, Any]:
    began = time.perf_counter()
    with reading(store) as connection:
        if connection.dialect.name == "postgresql":
            version = str(connection.execute(text("SHOW server_version")).scalar())
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar()
        else:
            version = str(connection.execute(text("SELECT sqlite_version()")).scalar())
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
            size = pages * (connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)
        schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        recent = connection.execute(
            select(failures.c.id, failures.c.place, failures.c.error, failures.c.at)
            .order_by(failures.c.at.desc())
            .limit(15)
        ).all()
    return {
        "kind": "PostgreSQL" if store.dialect.name == "postgresql" else "SQLite",
        "version": version,
        "megabytes": round((size or 0) / 2**20, 1),
        "schema": schema,
        "current": schema == head(),
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        "failures": recent,
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("rasa", "rasa-sdk", "tensorflow", "sqlalchemy", "aiohttp"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "–"
    return found
