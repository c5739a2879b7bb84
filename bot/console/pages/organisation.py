"""Signing in with the organisation's account, by OpenID Connect."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.console.access import EVERYBODY, needs
from bot.console.guard import cookie_name, forget_cookie, set_cookie
from bot.console.oidc import FLOW_SECONDS, Flow, Identity, Provider, ProviderError
from bot.console.pages.sign_in import open_session, signed_in
from bot.console.rendering import local, render
from bot.console.visit import CONFIGURATION, ENGINE, KEYS, engine, visit
from bot.store import audit, staff
from bot.store.database import writing
from bot.store.staff import Person, Staff

logger = logging.getLogger(__name__)
PROVIDER: web.AppKey[Provider] = web.AppKey("provider", Provider)


def routes() -> list[web.RouteDef]:
    """There and back."""
    return [web.get("/sign-in/oidc", begin), web.get("/sign-in/oidc/callback", finish)]


def prepare(app: web.Application) -> None:
    """Make the provider of the settings, when there is one."""
    if app[CONFIGURATION].console_oidc_issuer:
        app[PROVIDER] = Provider(app[CONFIGURATION])


def _provider(request: web.Request) -> Provider:
    found = request.app.get(PROVIDER)
    if found is None:
        raise web.HTTPNotFound
    return found


def _redirect_uri(request: web.Request) -> str:
    base = request.app[CONFIGURATION].console_url.rstrip("/") or f"http://{request.host}"
    return f"{base}/sign-in/oidc/callback"


@needs(EVERYBODY)
async def begin(request: web.Request) -> web.Response:
    """Send the browser to the provider."""
    provider = _provider(request)
    try:
        where, flow = await provider.begin(_redirect_uri(request), local(request.query.get("next")))
    except ProviderError as error:
        return _refused(request, str(error), "sign_in.oidc_away", 502)
    response = web.Response(status=303, headers={"Location": where})
    set_cookie(request, response, "oidc", flow.seal(request.app[KEYS]), max_age=FLOW_SECONDS)
    return response


@needs(EVERYBODY)
async def finish(request: web.Request) -> web.Response:
    """Take the browser back, and let in whom an administrator has invited."""
    provider = _provider(request)
    name = cookie_name(request.app[CONFIGURATION], "oidc")
    try:
        flow = Flow.unseal(request.app[KEYS], request.cookies.get(name, ""))
        identity = await provider.finish(
            flow,
            request.query.get("state", ""),
            request.query.get("code", ""),
            _redirect_uri(request),
        )
    except ProviderError as error:
        return _refused(request, str(error), "sign_in.oidc_failed", 401)
    who = await asyncio.to_thread(_member, request, identity)
    if who is None:
        await asyncio.to_thread(
            audit.record,
            request.app[ENGINE],
            who="(unknown)",
            action="sign_in.failed",
            detail={"why": "not invited"},
            address=visit(request).address,
        )
        return _refused(request, "somebody who was not invited", "sign_in.not_invited", 403)
    token = await asyncio.to_thread(open_session, request, who, "organisation")
    response = signed_in(request, token, flow.next)
    forget_cookie(request, response, "oidc")
    return response


def _member(request: web.Request, identity: Identity) -> Person | None:
    """The member with this identity; at the first time, whose address the provider vouches for."""
    members = Staff(engine(request))
    known = members.by_subject(identity.subject)
    if known is None and identity.email:
        invited = members.credentials(email=identity.email)
        if invited is not None and invited.subject is None and invited.person.active:
            with writing(engine(request)) as connection:
                values: dict[str, object] = {"subject": identity.subject}
                if invited.person.must_change:  # the one-time password is not needed any more
                    values |= {"password_hash": None, "must_change": False, "password_until": None}
                staff.change(connection, invited.person.id, **values)
                audit.append(
                    connection,
                    who=invited.person.email,
                    person=invited.person.id,
                    action="people.linked",
                    subject=f"person:{invited.person.id}",
                    address=visit(request).address,
                )
            known = members.by_subject(identity.subject)
    return known if known and known.active else None


def _refused(request: web.Request, why: str, word: str, status: int) -> web.Response:
    logger.warning("signing in by OpenID Connect: %s", why)
    response = render(
        request,
        "sign_in/password.html",
        status=status,
        wrong=word,
        email="",
        next="",
        oidc=True,
    )
    forget_cookie(request, response, "oidc")
    return response
