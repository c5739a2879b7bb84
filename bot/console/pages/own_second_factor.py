"""One's own second factor: turning it on by its first code, off, and its recovery codes."""

from __future__ import annotations

import asyncio
import base64
import io

import pyotp
import segno
from aiohttp import web

from bot.console import passwords
from bot.console.access import SIGNED_IN, needs
from bot.console.forms import text
from bot.console.keys import SealBrokenError
from bot.console.pages.profile import not_them, page_of
from bot.console.rendering import redirect, render
from bot.console.second_factor import recovery_hash
from bot.console.visit import KEYS, SESSIONS, engine, entry, person, visit
from bot.store import audit, staff
from bot.store.database import writing

RECOVERY_CODES = 10
_SETUP_SECONDS = 1_800


def routes() -> list[web.RouteDef]:
    """Turning it on and off."""
    return [
        web.get("/profile/second-factor", ask_second_factor),
        web.post("/profile/second-factor", keep_second_factor),
        web.post("/profile/second-factor/off", end_second_factor),
        web.post("/profile/recovery-codes", new_recovery_codes),
    ]


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
    wrong = await asyncio.to_thread(not_them, request, str(form.get("current", "")))
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
    wrong = await asyncio.to_thread(not_them, request, str(form.get("current", "")))
    if wrong:
        return await page_of(request, wrong, "second-factor", 422)
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
    wrong = await asyncio.to_thread(not_them, request, str(form.get("current", "")))
    if wrong:
        return await page_of(request, wrong, "second-factor", 422)
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
