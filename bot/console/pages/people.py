"""People and roles: who of the staff may do what."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web

from bot.console.access import PERMISSIONS, ROLES, allowed, needs
from bot.console.forms import number, number_in_path, text
from bot.console.navigation import Entry
from bot.console.people import clean_name, is_role
from bot.console.rendering import redirect, render
from bot.console.visit import SESSIONS, engine, entry, person
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.staff import Person, Staff

NAVIGATION = (Entry("people", "/people", "people.manage", order=510, key="p"),)


def routes() -> list[web.RouteDef]:
    """The pages."""
    return [
        web.get("/people", everybody),
        web.get("/people/roles", roles),
        web.get(r"/people/{person:\d+}", show),
        web.post(r"/people/{person:\d+}", change),
        web.post(r"/people/{person:\d+}/active", set_active),
        web.post(r"/people/{person:\d+}/sessions/end", end_sessions),
    ]


@needs("people.manage")
async def everybody(request: web.Request) -> web.Response:
    """The list."""
    members = await asyncio.to_thread(Staff(engine(request)).everybody)
    wanted = request.query.get("q", "").strip().casefold()
    shown = [each for each in members if wanted in each.name.casefold() or wanted in each.email]
    over = {each.id for each in shown if _over(each)}
    return render(request, "people/list.html", people=shown, over=over, wanted=wanted)


def _over(member: Person) -> bool:
    """Whether the one-time password has ended before it was used."""
    return member.invited_until is not None and member.invited_until < time.time()


@needs("people.manage")
async def roles(request: web.Request) -> web.Response:
    """The table of roles and permissions, as it is enforced."""
    return render(
        request, "people/roles.html", roles=list(ROLES), permissions=PERMISSIONS, allowed=allowed
    )


@needs("people.manage")
async def show(request: web.Request) -> web.Response:
    """One member."""
    return await page_of(request, await member_of(request))


async def page_of(request: web.Request, member: Person, wrong: str = "", status: int = 200) -> Any:
    """The page of a member, with what is `wrong` (a word)."""

    def read() -> dict[str, Any]:
        return {
            "sessions": request.app[SESSIONS].of(member.id),
            "done": audit.AuditLog(engine(request)).page(person=member.id, limit=8),
        }

    found = await asyncio.to_thread(read)
    return render(
        request,
        "people/show.html",
        status=status,
        member=member,
        over=_over(member),
        wrong=wrong,
        roles=list(ROLES),
        **found,
    )


async def member_of(request: web.Request) -> Person:
    """The member whose number is in the path.

    Raises:
        web.HTTPNotFound: there is none.
    """
    found = await asyncio.to_thread(Staff(engine(request)).by_id, number_in_path(request, "person"))
    if found is None:
        raise web.HTTPNotFound
    return found


@needs("people.manage")
async def change(request: web.Request) -> web.Response:
    """Name and role."""
    form = await request.post()
    member = await member_of(request)
    name, role = clean_name(text(form, "name")), text(form, "role")
    wrong = ""
    if not name:
        wrong = "people.name_missing"
    elif not is_role(role):
        wrong = "people.role_wrong"
    elif member.id == person(request).id and role != member.role:
        wrong = "people.not_yourself"
    if wrong:
        return await page_of(request, member, wrong, 422)

    def keep() -> bool:
        with writing(engine(request)) as connection:
            if member.role == "admin" and role != "admin" and _is_last(connection, member):
                return False
            staff.change(connection, member.id, name=name, role=role)
            if role != member.role:
                audit.append(
                    connection,
                    **entry(
                        request, "people.role", f"person:{member.id}", old=member.role, new=role
                    ),
                )
            if name != member.name:
                audit.append(connection, **entry(request, "people.name", f"person:{member.id}"))
            return True

    if not await asyncio.to_thread(keep):
        return await page_of(request, member, "people.last_admin", 422)
    return redirect(request, f"/people/{member.id}", "saved")


def _is_last(connection: Any, member: Person) -> bool:
    return member.active and staff.active_with_role(connection, "admin") <= 1


@needs("people.manage")
async def set_active(request: web.Request) -> web.Response:
    """Let somebody in, or keep them out from this moment on (`active`: 1 or 0)."""
    form = await request.post()
    member = await member_of(request)
    active = text(form, "active") == "1"
    if member.id == person(request).id:
        return await page_of(request, member, "people.not_yourself", 422)

    def keep() -> bool:
        with writing(engine(request)) as connection:
            if not active and member.role == "admin" and _is_last(connection, member):
                return False
            staff.change(connection, member.id, active=active)
            if not active:
                request.app[SESSIONS].revoke(connection, member.id)
            action = "people.activate" if active else "people.deactivate"
            audit.append(connection, **entry(request, action, f"person:{member.id}"))
            return True

    if not await asyncio.to_thread(keep):
        return await page_of(request, member, "people.last_admin", 422)
    return redirect(request, f"/people/{member.id}", "saved")


@needs("people.manage")
async def end_sessions(request: web.Request) -> web.Response:
    """End one session of somebody (`session`), or all."""
    form = await request.post()
    member = await member_of(request)
    one = number(form.get("session"), 1)

    def keep() -> None:
        with writing(engine(request)) as connection:
            ended = request.app[SESSIONS].revoke(connection, member.id, one)
            audit.append(
                connection,
                **entry(request, "sessions.ended", f"person:{member.id}", sessions=ended),
            )

    await asyncio.to_thread(keep)
    return redirect(request, f"/people/{member.id}", "sessions_ended")
