"""People and roles: who of the staff may do what."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web

from bot.console import passwords
from bot.console.access import PERMISSIONS, ROLES, allowed, needs
from bot.console.forms import number, number_in_path, text
from bot.console.navigation import Entry
from bot.console.people import clean_name, is_email, is_role
from bot.console.rendering import redirect, render
from bot.console.visit import CONFIGURATION, SESSIONS, engine, entry, person
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.staff import EmailTakenError, Person, Staff

NAVIGATION = (Entry("people", "/people", "people.manage", order=510, key="p"),)


def routes() -> list[web.RouteDef]:
    """The pages."""
    return [
        web.get("/people", everybody),
        web.get("/people/roles", roles),
        web.get("/people/new", ask_invitation),
        web.post("/people/new", invite),
        web.get(r"/people/{person:\d+}", show),
        web.post(r"/people/{person:\d+}", change),
        web.post(r"/people/{person:\d+}/active", set_active),
        web.post(r"/people/{person:\d+}/reset", reset),
        web.post(r"/people/{person:\d+}/sessions/end", end_sessions),
    ]


@needs("people.manage")
async def everybody(request: web.Request) -> web.Response:
    """The list."""
    members = await asyncio.to_thread(Staff(engine(request)).everybody)
    wanted = request.query.get("q", "").strip().casefold()
    shown = [each for each in members if wanted in each.name.casefold() or wanted in each.email]
    return render(request, "people/list.html", people=shown, wanted=wanted, total=len(members))


@needs("people.manage")
async def roles(request: web.Request) -> web.Response:
    """The table of roles and permissions, as it is enforced."""
    return render(
        request, "people/roles.html", roles=list(ROLES), permissions=PERMISSIONS, allowed=allowed
    )


@needs("people.manage")
async def ask_invitation(request: web.Request) -> web.Response:
    """The form for somebody new."""
    return _invitation(request)


def _invitation(request: web.Request, wrong: str = "", status: int = 200, **values: str) -> Any:
    shown = {"email": "", "name": "", "role": "agent", **values}
    return render(
        request, "people/new.html", status=status, wrong=wrong, roles=list(ROLES), **shown
    )


@needs("people.manage")
async def invite(request: web.Request) -> web.Response:
    """Add somebody, and show their one-time password once."""
    form = await request.post()
    email, name = staff.canonical_email(text(form, "email")), clean_name(text(form, "name"))
    role = text(form, "role")
    wrong = ""
    if not is_email(email):
        wrong = "people.email_wrong"
    elif not name:
        wrong = "people.name_missing"
    elif not is_role(role):
        wrong = "people.role_wrong"
    if wrong:
        return _invitation(request, wrong, 422, email=email, name=name, role=role)
    password = passwords.one_time()

    def keep() -> int:
        hash_ = passwords.hash_of(password)
        with writing(engine(request)) as connection:
            made = staff.add(
                connection,
                email=email,
                name=name,
                role=role,
                password_hash=hash_,
                password_until=time.time() + passwords.ONE_TIME_HOURS * 3600,
            )
            audit.append(
                connection,
                **entry(request, "people.invite", f"person:{made}", email=email, role=role),
            )
            return made

    try:
        made = await asyncio.to_thread(keep)
    except EmailTakenError:
        return _invitation(request, "people.email_taken", 422, email=email, name=name, role=role)
    return await _one_time(request, made, password)


async def _one_time(request: web.Request, who: int, password: str) -> web.Response:
    member = await asyncio.to_thread(Staff(engine(request)).by_id, who)
    return render(
        request,
        "people/one_time.html",
        member=member,
        password=password,
        hours=passwords.ONE_TIME_HOURS,
        address=f"{_base(request)}/sign-in",
    )


def _base(request: web.Request) -> str:
    return request.app[CONFIGURATION].console_url.rstrip("/") or f"http://{request.host}"


@needs("people.manage")
async def show(request: web.Request) -> web.Response:
    """One member."""
    return await _page(request, await _member(request))


async def _page(request: web.Request, member: Person, wrong: str = "", status: int = 200) -> Any:
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
        wrong=wrong,
        roles=list(ROLES),
        **found,
    )


async def _member(request: web.Request) -> Person:
    found = await asyncio.to_thread(Staff(engine(request)).by_id, number_in_path(request, "person"))
    if found is None:
        raise web.HTTPNotFound
    return found


@needs("people.manage")
async def change(request: web.Request) -> web.Response:
    """Name and role."""
    form = await request.post()
    member = await _member(request)
    name, role = clean_name(text(form, "name")), text(form, "role")
    wrong = ""
    if not name:
        wrong = "people.name_missing"
    elif not is_role(role):
        wrong = "people.role_wrong"
    elif member.id == person(request).id and role != member.role:
        wrong = "people.not_yourself"
    if wrong:
        return await _page(request, member, wrong, 422)

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
        return await _page(request, member, "people.last_admin", 422)
    return redirect(request, f"/people/{member.id}", "saved")


def _is_last(connection: Any, member: Person) -> bool:
    return member.active and staff.active_with_role(connection, "admin") <= 1


@needs("people.manage")
async def set_active(request: web.Request) -> web.Response:
    """Let somebody in, or keep them out from this moment on (`active`: 1 or 0)."""
    form = await request.post()
    member = await _member(request)
    active = text(form, "active") == "1"
    if member.id == person(request).id:
        return await _page(request, member, "people.not_yourself", 422)

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
        return await _page(request, member, "people.last_admin", 422)
    return redirect(request, f"/people/{member.id}", "saved")


@needs("people.manage")
async def reset(request: web.Request) -> web.Response:
    """A new one-time password; the second factor and all sessions end."""
    member = await _member(request)
    if member.id == person(request).id:
        return await _page(request, member, "people.not_yourself", 422)
    password = passwords.one_time()

    def keep() -> None:
        hash_ = passwords.hash_of(password)
        with writing(engine(request)) as connection:
            staff.change(
                connection,
                member.id,
                password_hash=hash_,
                password_until=time.time() + passwords.ONE_TIME_HOURS * 3600,
                must_change=True,
                totp_sealed=None,
                totp_step=None,
            )
            staff.replace_recovery_codes(connection, member.id, ())
            request.app[SESSIONS].revoke(connection, member.id)
            audit.append(connection, **entry(request, "people.reset", f"person:{member.id}"))

    await asyncio.to_thread(keep)
    return await _one_time(request, member.id, password)


@needs("people.manage")
async def end_sessions(request: web.Request) -> web.Response:
    """End one session of somebody (`session`), or all."""
    form = await request.post()
    member = await _member(request)
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
