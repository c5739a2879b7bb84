"""The middleware that stands before every page: who is asking, may they, is it their own wish?"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.console import words
from bot.console.access import EVERYBODY, HALF_SIGNED_IN, SIGNED_IN, needed
from bot.console.rendering import link, render
from bot.console.visit import CONFIGURATION, ENGINE, KEYS, SESSIONS, Visit, visit
from bot.settings import Settings
from bot.store.database import DatabaseUnavailable
from bot.store.failures import report
from bot.store.staff_sessions import OPEN

logger = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types usher-pages",  # static/renew.js
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LANGUAGE_COOKIE, THEME_COOKIE = "usher-language", "usher-theme"
_SAFE = ("GET", "HEAD", "OPTIONS")
# Where each stage of signing in goes on.
_NEXT = {"totp": "/sign-in/code", "password": "/sign-in/password", OPEN: "/"}


def is_https(configuration: Settings) -> bool:
    """Whether the console is reached by https."""
    return configuration.console_url.startswith("https:")


def cookie_name(configuration: Settings, what: str = "session") -> str:
    """The name of a cookie that no other host and no plain connection can set."""
    return f"{'__Host-' if is_https(configuration) else ''}usher-{what}"


def set_cookie(
    request: web.Request,
    response: web.StreamResponse,
    what: str,
    token: str,
    max_age: int | None = None,
) -> None:
    """Give the browser the token of its session (or visit)."""
    configuration = request.app[CONFIGURATION]
    response.set_cookie(
        cookie_name(configuration, what),
        token,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_https(configuration),
    )


def forget_cookie(request: web.Request, response: web.StreamResponse, what: str) -> None:
    """Take the token back."""
    # Not `del_cookie`: a `__Host-` cookie is only replaced by one that is as secure.
    set_cookie(request, response, what, "", max_age=0)


def address_of(request: web.Request) -> str:
    """Where a request comes from, behind the proxies that the settings name."""
    proxies = request.app[CONFIGURATION].console_proxies
    passed = [
        each.strip() for each in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    ]
    if proxies and len(passed) >= proxies and passed[-proxies]:
        return passed[-proxies][:64]
    return (request.remote or "")[:64]


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Send the guards with every response, streams and errors included."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if is_https(request.app[CONFIGURATION]):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers.popall("Server", None)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever fails is a page with a status and, where staff can help, an id; no traces."""
    try:
        return await handler(request)
    except web.HTTPException as problem:
        if problem.status < 400:
            return problem
        return problem_page(request, problem.status)
    except DatabaseUnavailable as error:
        logger.error("the database is away: %s", error)
        return problem_page(request, 503)
    except ConnectionResetError:
        raise
    except Exception as error:  # noqa: BLE001 - the last net: an id for the reader, the rest logged
        failure = await report(
            f"console {request.method} {_route(request)}", error, store=request.app[ENGINE]
        )
        return problem_page(request, 500, failure)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who is asking, and refuse what they may not do."""
    if request.path.startswith("/static/") or request.path == "/health":
        return await handler(request)
    asking = await _recognise(request)
    request["visit"] = asking
    if request.match_info.http_exception is not None:
        raise request.match_info.http_exception
    refusal = await _refusal(request, asking, needed(request.match_info.handler))
    if refusal is not None:
        return refusal
    response = await handler(request)
    if asking.session is None and not response.prepared:
        name = cookie_name(request.app[CONFIGURATION], "visit")
        if name not in response.cookies and request.cookies.get(name) != asking.token:
            set_cookie(request, response, "visit", asking.token)
    return response


async def _recognise(request: web.Request) -> Visit:
    configuration = request.app[CONFIGURATION]
    token = request.cookies.get(cookie_name(configuration), "")
    found = None
    if token:
        find = request.app[SESSIONS].find
        found = await asyncio.to_thread(find, token, not request.path.startswith("/live/"))
    session, person = found or (None, None)
    if session is None:
        token = request.cookies.get(cookie_name(configuration, "visit"), "")
        if not 20 <= len(token) <= 200:
            token = secrets.token_urlsafe(32)
    language = (person and person.language) or request.cookies.get(LANGUAGE_COOKIE)
    if language not in words.LANGUAGES:
        language = words.preferred(request.headers.get("Accept-Language", ""))
    theme = (person and person.theme) or request.cookies.get(THEME_COOKIE)
    return Visit(
        token=token,
        csrf=request.app[KEYS].csrf(token),
        address=address_of(request),
        t=words.words(language),
        theme=theme if theme in ("light", "dark") else "system",
        session=session,
        person=person,
    )


async def _refusal(
    request: web.Request, asking: Visit, permission: str | None
) -> web.StreamResponse | None:
    if permission != EVERYBODY:
        if asking.session is None:
            return _ask_to_sign_in(request)
        stage = asking.session.stage
        if permission == HALF_SIGNED_IN:
            if _NEXT.get(stage) != request.path:
                return web.Response(status=303, headers={"Location": _NEXT[stage]})
        elif stage != OPEN:
            return _ask_to_sign_in(request, _NEXT[stage])
        elif permission != SIGNED_IN and (permission is None or not asking.may(permission)):
            return problem_page(request, 403)
    if request.method not in _SAFE and not await _own_wish(request, asking):
        return problem_page(request, 403, word="expired")
    return None


async def _own_wish(request: web.Request, asking: Visit) -> bool:
    """Whether a change was asked for by a page of ours (RFC 6265bis alone does not show that)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    given: Any = request.headers.get("X-CSRF-Token")
    if given is None and request.content_type in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        given = (await request.post()).get("csrf")
    return isinstance(given, str) and request.app[KEYS].csrf_fits(asking.token, given)


def _ask_to_sign_in(request: web.Request, where: str = "") -> web.StreamResponse:
    if request.method in ("GET", "HEAD") and not _wants_data(request):
        wanted = request.path_qs if request.path != "/" else None
        place = where or link("/sign-in", next=wanted)
        return web.Response(status=303, headers={"Location": place})
    return problem_page(request, 401)


def problem_page(
    request: web.Request, status: int, failure: str = "", word: str = ""
) -> web.Response:
    """What went wrong, as a page, or as JSON to a script."""
    if "visit" not in request:
        return web.Response(status=status, text=f"{status}")
    t = visit(request).t
    word = word or (f"{status}" if f"error.{status}.title" in t else "other")
    if _wants_data(request):
        body = {"error": {"status": status, "message": t(f"error.{word}.text"), "id": failure}}
        return web.json_response(body, status=status)
    return render(request, "error.html", status=status, code=status, word=word, failure=failure)


def _wants_data(request: web.Request) -> bool:
    accept = request.headers.get("Accept", "")
    return "text/html" not in accept and ("json" in accept or "text/event-stream" in accept)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else request.path
