"""One's own profile: name, look, password, sessions."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console import passwords
from bot.console.access import SIGNED_IN, needs
from bot.console.forms import number, text
from bot.console.guard import LANGUAGE_COOKIE, THEME_COOKIE
from bot.console.people import clean_name
from bot.console.rendering import redirect, render
from bot.console.visit import SESSIONS, engine, entry, person, visit
from bot.console.words import LANGUAGES
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.sign_in_attempts import SignInAttempts
from bot.store.staff import Staff


def routes() -> list[web.RouteDef]:
    """The profile's pages."""
    return [
        web.get("/profile", show),
        web.post("/profile", change),
        web.post("/profile/password", change_password),
        web.post("/profile/sessions/end", end_sessions),
    ]


@needs(SIGNED_IN)
async def show(request: web.Request) -> web.Response:
    """The page."""
    return await page_of(request)


async def page_of(request: web.Request, wrong: str = "", where: str = "", status: int = 200) -> Any:
    """The page, with what is `wrong` (a word) in the card `where`."""
    who = person(request)

    def read() -> dict[str, Any]:
        members = Staff(engine(request))
        known = members.credentials(person=who.id)
        return {
            "sessions": request.app[SESSIONS].of(who.id),
            "codes_left": members.recovery_codes_left(who.id),
            "has_password": bool(known and known.password_hash),
        }

    found = await asyncio.to_thread(read)
    return render(request, "profile/show.html", status=status, wrong=wrong, where=where, **found)


@needs(SIGNED_IN)
async def change(request: web.Request) -> web.Response:
    """Name, language, theme and shortcuts."""
    form = await request.post()
    name, language, theme = (
        clean_name(text(form, "name")),
        text(form, "language"),
        text(form, "theme"),
    )
    if not name:
        return await page_of(request, "profile.name_missing", "about", 422)
    values = {
        "name": name,
        "language": language if language in LANGUAGES else None,
        "theme": theme if theme in ("light", "dark") else None,
        "shortcuts": "shortcuts" in form,
    }

    def keep() -> None:
        with writing(engine(request)) as connection:
            staff.change(connection, person(request).id, **values)

    await asyncio.to_thread(keep)
    response = redirect(request, "/profile", "saved")
    for cookie in (LANGUAGE_COOKIE, THEME_COOKIE):  # what this browser chose before is over
        response.del_cookie(cookie, path="/")
    return response


@needs(SIGNED_IN)
async def change_password(request: web.Request) -> web.Response:
    """A new password; every other session ends."""
    form = await request.post()
    who = person(request)
    new, again = str(form.get("new", "")), str(form.get("again", ""))
    wrong = passwords.complaint(new, who.email, who.name)
    if not wrong and new != again:
        wrong = "password.differ"
    wrong = wrong or await asyncio.to_thread(not_them, request, str(form.get("current", "")))
    if wrong:
        return await page_of(request, wrong, "password", 422)

    def keep() -> None:
        hash_ = passwords.hash_of(new)
        session = visit(request).session
        with writing(engine(request)) as connection:
            staff.change(connection, who.id, password_hash=hash_, password_until=None)
            request.app[SESSIONS].revoke(connection, who.id, but=session.id if session else None)
            audit.append(connection, **entry(request, "password.changed", f"person:{who.id}"))

    await asyncio.to_thread(keep)
    return redirect(request, "/profile", "password_changed")


def not_them(request: web.Request, password: str) -> str | None:
    """A word when this is not the member's own password; guesses are counted."""
    who, store = person(request), engine(request)
    known = Staff(store).credentials(person=who.id)
    if known is None or known.password_hash is None:
        return None  # signs in elsewhere, and did
    attempts = SignInAttempts(store)
    attempt = attempts.begin(f"password of {who.id}", visit(request).address)
    if attempt is None:
        return "sign_in.too_many"
    if not passwords.fits(password, known.password_hash):
        audit.record(store, **entry(request, "password.refused", f"person:{who.id}"))
        return "password.current_wrong"
    attempts.succeeded(attempt)
    return None


@needs(SIGNED_IN)
async def end_sessions(request: web.Request) -> web.Response:
    """End one of one's own sessions (`session`), or all others."""
    form = await request.post()
    who, mine = person(request), visit(request).session
    one = number(form.get("session"), 1)

    def keep() -> None:
        with writing(engine(request)) as connection:
            but = mine.id if mine and one is None else None
            ended = request.app[SESSIONS].revoke(connection, who.id, one, but)
            audit.append(
                connection, **entry(request, "sessions.ended", f"person:{who.id}", sessions=ended)
            )

    await asyncio.to_thread(keep)
    return redirect(request, "/profile", "sessions_ended")
