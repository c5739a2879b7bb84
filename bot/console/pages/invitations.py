"""Invitations: a one-time password, shown once, that ends; inviting again, and taking it back."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web

from bot.console import passwords
from bot.console.access import ROLES, needs
from bot.console.forms import text
from bot.console.pages.people import member_of, page_of
from bot.console.people import clean_name, is_email, is_role
from bot.console.rendering import redirect, render
from bot.console.visit import CONFIGURATION, SESSIONS, engine, entry, person
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.staff import EmailTakenError, Staff


def routes() -> list[web.RouteDef]:
    """Inviting, inviting again, taking it back."""
    return [
        web.get("/people/new", ask_invitation),
        web.post("/people/new", invite),
        web.post(r"/people/{person:\d+}/reset", reset),
        web.post(r"/people/{person:\d+}/withdraw", withdraw),
    ]


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
async def reset(request: web.Request) -> web.Response:
    """A new one-time password; the second factor and all sessions end."""
    member = await member_of(request)
    if member.id == person(request).id:
        return await page_of(request, member, "people.not_yourself", 422)
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
async def withdraw(request: web.Request) -> web.Response:
    """Take back the invitation of somebody who has never signed in."""
    member = await member_of(request)

    def keep() -> bool:
        with writing(engine(request)) as connection:
            if not staff.remove(connection, member.id):
                return False
            done = entry(request, "people.withdraw", f"person:{member.id}", email=member.email)
            audit.append(connection, **done)
            return True

    if not await asyncio.to_thread(keep):
        return await page_of(request, member, "people.has_joined", 422)
    return redirect(request, "/people", "withdrawn")
