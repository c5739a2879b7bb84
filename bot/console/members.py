"""The staff as the desk's records name them, and their names for what those records hold."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Engine

from bot.console.access import allowed
from bot.console.visit import person
from bot.desk.people import Person
from bot.store.staff import Staff


def member(request: web.Request) -> Person:
    """Who is asking."""
    found = person(request)
    return Person(str(found.id), found.name)


def names(engine: Engine) -> dict[str, str]:
    """Everybody's name by the id that the desk's records hold."""
    return {str(each.id): each.name for each in Staff(engine).everybody()}


def who_may(engine: Engine, permission: str) -> list[Person]:
    """The active members who have a permission, by name."""
    found = [
        Person(str(each.id), each.name)
        for each in Staff(engine).everybody()
        if each.active and allowed(each.role, permission)
    ]
    return sorted(found, key=lambda each: each.name.casefold())
