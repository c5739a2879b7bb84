"""Signing in: password, then the second factor, then a password of one's own; and signing out."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from aiohttp import web

from bot.console import passwords, second_factor
from bot.console.access import EVERYBODY, HALF_SIGNED_IN, needs
from bot.console.guard import forget_cookie, set_cookie
from bot.console.rendering import link, local, redirect, render
from bot.console.visit import CONFIGURATION, SESSIONS, engine, person, visit
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.sign_in_attempts import SignInAttempts
from bot.store.staff import Credentials, Staff
from bot.store.staff_sessions import OPEN, PASSWORD, TOTP

logger = logging.getLogger(__name__)


def routes() -> list[web.RouteDef]:
    """The steps of signing in."""
    return [
        web.get("/sign-in", ask_password),
        web.post("/sign-in", check_password),
        web.get("/sign-in/code", ask_code),
        web.post("/sign-in/code", check_code),
        web.get("/sign-in/password", ask_new_password),
        web.post("/sign-in/password", keep_new_password),
        web.post("/sign-out", sign_out),
    ]


@needs(EVERYBODY)
async def ask_password(request: web.Request) -> web.Response:
    """The form."""
    if visit(request).session is not None:
        return redirect(request, local(request.query.get("next")))
    return _form(request)


def _form(request: web.Request, wrong: str = "", email: str = "", status: int = 200) -> Any:
    return render(
        request,
        "sign_in/password.html",
        status=status,
        wrong=wrong,
        email=email,
        next=local(request.query.get("next"), ""),
        oidc=bool(request.app[CONFIGURATION].console_oidc_issuer),
    )


@needs(EVERYBODY)
async def check_password(request: web.Request) -> web.Response:
    """Take e-mail and password; the answer does not say which of them is wrong."""
    form = await request.post()
    email, password = str(form.get("email", ""))[:254], str(form.get("password", ""))
    token, wrong = await asyncio.to_thread(_sign_in, request, email, password)
    if token is None:
        return _form(request, wrong, email, 429 if wrong == "sign_in.too_many" else 401)
    return signed_in(request, token, local(request.query.get("next")))


def signed_in(request: web.Request, token: str, where: str) -> web.Response:
    """Go on with a new session; the token that the browser had before is worth nothing."""
    response = redirect(request, where)
    set_cookie(request, response, "session", token)
    forget_cookie(request, response, "visit")
    return response


def _sign_in(request: web.Request, email: str, password: str) -> tuple[str | None, str]:
    """A new session's token, or None with the word for why not."""
    store, address = engine(request), visit(request).address
    attempts = SignInAttempts(store)
    attempt = attempts.begin(email, address)
    if attempt is None:
        passwords.fits(password, None)
        _log_failure(request, email, "too many")
        return None, "sign_in.too_many"
    known = Staff(store).credentials(email=email)
    right = passwords.fits(password, known.password_hash if known else None)
    if known is None or not right or not _may_use(known):
        _log_failure(request, email, "wrong")
        return None, "sign_in.wrong"
    attempts.succeeded(attempt)
    if known.password_hash and passwords.outdated(known.password_hash):
        with writing(store) as connection:
            staff.change(connection, known.person.id, password_hash=passwords.hash_of(password))
    return open_session(request, known.person, "password"), ""


def _may_use(known: Credentials) -> bool:
    until = known.password_until
    return known.person.active and (until is None or until > time.time())


def open_session(request: web.Request, who: staff.Person, by: str, checked: bool = False) -> str:
    """Begin a session at the stage that is due; `checked`: the second factor was given."""
    stage = PASSWORD if who.must_change else OPEN
    if who.second_factor and not checked:
        stage = TOTP
    address = visit(request).address
    agent = request.headers.get("User-Agent", "")
    with writing(engine(request)) as connection:
        old = visit(request).session
        if old is not None:
            request.app[SESSIONS].revoke(connection, old.person, old.id)
        if stage == OPEN:
            audit.append(
                connection,
                who=who.email,
                person=who.id,
                action="sign_in.done",
                detail={"by": by},
                address=address,
            )
        return request.app[SESSIONS].open(connection, who.id, stage, agent, address)


def _log_failure(request: web.Request, claimed: str, why: str) -> None:
    # What was typed may be a password by mistake: only an address of ours is written down.
    known = Staff(engine(request)).credentials(email=claimed)
    audit.record(
        engine(request),
        who=known.person.email if known else "(unknown)",
        person=known.person.id if known else None,
        action="sign_in.failed",
        detail={"why": why},
        address=visit(request).address,
    )


@needs(HALF_SIGNED_IN)
async def ask_code(request: web.Request) -> web.Response:
    """The form for the second factor."""
    return render(request, "sign_in/code.html", wrong="")


@needs(HALF_SIGNED_IN)
async def check_code(request: web.Request) -> web.Response:
    """Take a code of the authenticator, or a recovery code."""
    form = await request.post()
    code = str(form.get("code", ""))[:40]
    token, wrong = await asyncio.to_thread(_check_code, request, code)
    if token is None:
        status = 429 if wrong == "sign_in.too_many" else 401
        return render(request, "sign_in/code.html", status=status, wrong=wrong)
    return signed_in(request, token, "/")


def _check_code(request: web.Request, code: str) -> tuple[str | None, str]:
    who, store = person(request), engine(request)
    attempts = SignInAttempts(store)
    attempt = attempts.begin(f"code of {who.id}", visit(request).address)
    if attempt is None:
        return None, "sign_in.too_many"
    known = Staff(store).credentials(person=who.id)
    if known is None or not second_factor.fits(request, known, code):
        _log_failure(request, who.email, "wrong code")
        return None, "sign_in.wrong_code"
    attempts.succeeded(attempt)
    return open_session(request, who, "password and code", checked=True), ""


@needs(HALF_SIGNED_IN)
async def ask_new_password(request: web.Request) -> web.Response:
    """The form for a password of one's own."""
    return render(request, "sign_in/new_password.html", wrong="")


@needs(HALF_SIGNED_IN)
async def keep_new_password(request: web.Request) -> web.Response:
    """Keep the first password of one's own."""
    form = await request.post()
    who = person(request)
    new, again = str(form.get("new", "")), str(form.get("again", ""))
    wrong = passwords.complaint(new, who.email, who.name)
    if not wrong and new != again:
        wrong = "password.differ"
    if not wrong:
        known = await asyncio.to_thread(Staff(engine(request)).credentials, person=who.id)
        kept = known.password_hash if known else None
        if await asyncio.to_thread(passwords.fits, new, kept):
            wrong = "password.same"
    if wrong:
        return render(request, "sign_in/new_password.html", status=422, wrong=wrong)

    def keep() -> str:
        hash_ = passwords.hash_of(new)
        with writing(engine(request)) as connection:
            staff.change(
                connection, who.id, password_hash=hash_, must_change=False, password_until=None
            )
            audit.append(
                connection,
                who=who.email,
                person=who.id,
                action="password.changed",
                subject=f"person:{who.id}",
                address=visit(request).address,
            )
        fresh = Staff(engine(request)).by_id(who.id) or who
        return open_session(request, fresh, "one-time password", checked=True)

    return signed_in(request, await asyncio.to_thread(keep), "/")


@needs(EVERYBODY)
async def sign_out(request: web.Request) -> web.Response:
    """End the session."""
    asking = visit(request)
    session = asking.session

    def end() -> None:
        if session is not None and asking.person is not None:
            with writing(engine(request)) as connection:
                request.app[SESSIONS].revoke(connection, session.person, session.id)
                audit.append(
                    connection,
                    who=asking.person.email,
                    person=session.person,
                    action="sign_out",
                    address=asking.address,
                )

    await asyncio.to_thread(end)
    response = redirect(request, link("/sign-in"), "signed_out")
    forget_cookie(request, response, "session")
    return response
