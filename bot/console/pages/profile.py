"""One's own profile: name, look, password, second factor, sessions."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import Any

import pyotp
import segno
from aiohttp import web

from bot.console import passwords
from bot.console.access import SIGNED_IN, needs
from bot.console.forms import number, text
from bot.console.guard import LANGUAGE_COOKIE, THEME_COOKIE
from bot.console.keys import SealBrokenError
from bot.console.pages.sign_in import recovery_hash
from bot.console.people import clean_name
from bot.console.rendering import redirect, render
from bot.console.visit import KEYS, SESSIONS, engine, entry, person, visit
from bot.console.words import LANGUAGES
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.sign_in_attempts import SignInAttempts
from bot.store.staff import Staff

RECOVERY_CODES = 10
_SETUP_SECONDS = 1_800


def routes() -> list[web.RouteDef]:
    """The profile's pages."""
    return [
        web.get("/profile", show),
        web.post("/profile", change),
        web.post("/profile/password", change_password),
        web.get("/profile/second-factor", ask_second_factor),
        web.post("/profile/second-factor", keep_second_factor),
        web.post("/profile/second-factor/off", end_second_factor),
        web.post("/profile/recovery-codes", new_recovery_codes),
        web.post("/profile/sessions/end", end_sessions),
    ]


@needs(SIGNED_IN)
async def show(request: web.Request) -> web.Response:
    """The page."""
    return await _page(request)


async def _page(request: web.Request, wrong: str = "", where: str = "", status: int = 200) -> Any:
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
        return await _page(request, "profile.name_missing", "about", 422)
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
    wrong = wrong or await asyncio.to_thread(_not_them, request, str(form.get("current", "")))
    if wrong:
        return await _page(request, wrong, "password", 422)

    def keep() -> None:
        hash_ = passwords.hash_of(new)
        session = visit(request).session
        with writing(engine(request)) as connection:
            staff.change(connection, who.id, password_hash=hash_, password_until=None)
            request.app[SESSIONS].revoke(connection, who.id, but=session.id if session else None)
            audit.append(connection, **entry(request, "password.changed", f"person:{who.id}"))

    await asyncio.to_thread(keep)
    return redirect(request, "/profile", "password_changed")


def _not_them(request: web.Request, password: str) -> str | None:
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
async def ask_second_factor(request: web.Request) -> web.Response:
    """A new secret as a QR code, to be confirmed by its first code."""
    return _setup(request, pyotp.random_base32())


def _setup(request: web.Request, secret: str, wrong: str = "", status: int = 200) -> web.Response:
    who = person(request)
    address = pyotp.TOTP(secret).provisioning_uri(name=who.email, issuer_name="Usher")
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=3, light="#fff", xmldecl=False)
    return render(
        request,
        "profile/second_factor.html",
        status=status,
        wrong=wrong,
        picture=f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}",
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        # The browser keeps it until it is confirmed; sealed, and for this member alone.
        sealed=request.app[KEYS].seal(f"{who.id}:{secret}"),
    )


@needs(SIGNED_IN)
async def keep_second_factor(request: web.Request) -> web.Response:
    """Turn the second factor on, and show the recovery codes once."""
    form = await request.post()
    who = person(request)
    try:
        opened = request.app[KEYS].unseal(text(form, "sealed"), _SETUP_SECONDS)
    except SealBrokenError:
        return redirect(request, "/profile/second-factor")
    owner, _, secret = opened.partition(":")
    if owner != str(who.id):
        return redirect(request, "/profile/second-factor")
    code = text(form, "code").replace(" ", "")
    if not pyotp.TOTP(secret).verify(code, valid_window=1):
        return _setup(request, secret, "sign_in.wrong_code", 422)
    wrong = await asyncio.to_thread(_not_them, request, str(form.get("current", "")))
    if wrong:
        return _setup(request, secret, wrong, 422)
    codes = [passwords.one_time() for _ in range(RECOVERY_CODES)]

    def keep() -> None:
        session = visit(request).session
        with writing(engine(request)) as connection:
            sealed = request.app[KEYS].seal(secret)
            staff.change(connection, who.id, totp_sealed=sealed, totp_step=None)
            staff.replace_recovery_codes(connection, who.id, map(recovery_hash, codes))
            request.app[SESSIONS].revoke(connection, who.id, but=session.id if session else None)
            audit.append(connection, **entry(request, "second_factor.on", f"person:{who.id}"))

    await asyncio.to_thread(keep)
    return render(request, "profile/recovery_codes.html", codes=codes)


@needs(SIGNED_IN)
async def end_second_factor(request: web.Request) -> web.Response:
    """Turn the second factor off."""
    form = await request.post()
    wrong = await asyncio.to_thread(_not_them, request, str(form.get("current", "")))
    if wrong:
        return await _page(request, wrong, "second-factor", 422)
    who = person(request)

    def keep() -> None:
        with writing(engine(request)) as connection:
            staff.change(connection, who.id, totp_sealed=None, totp_step=None)
            staff.replace_recovery_codes(connection, who.id, ())
            audit.append(connection, **entry(request, "second_factor.off", f"person:{who.id}"))

    await asyncio.to_thread(keep)
    return redirect(request, "/profile", "saved")


@needs(SIGNED_IN)
async def new_recovery_codes(request: web.Request) -> web.Response:
    """New recovery codes; the old ones are worth nothing."""
    form = await request.post()
    wrong = await asyncio.to_thread(_not_them, request, str(form.get("current", "")))
    if wrong:
        return await _page(request, wrong, "second-factor", 422)
    who = person(request)
    if not who.second_factor:
        raise web.HTTPNotFound
    codes = [passwords.one_time() for _ in range(RECOVERY_CODES)]

    def keep() -> None:
        with writing(engine(request)) as connection:
            staff.replace_recovery_codes(connection, who.id, map(recovery_hash, codes))
            audit.append(connection, **entry(request, "second_factor.codes", f"person:{who.id}"))

    await asyncio.to_thread(keep)
    return render(request, "profile/recovery_codes.html", codes=codes)


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
