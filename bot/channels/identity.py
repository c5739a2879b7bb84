"""Routes for who a viewer is: a new token, and a viewer whom the web site around knows.

A web site with users of its own signs their ids with the secret it shares with Usher:
HMAC-SHA256(USHER_IDENTIFY_SECRET, user id) in hexadecimal digits, made on the site's server.
Whoever shows an id with its signature is that user on every device.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.channels.callers import Callers
from bot.channels.guard import bearer, unauthorized
from bot.channels.json_body import json_response, read_object
from bot.channels.problem import Problem
from bot.channels.tokens import Token, TokenError
from bot.channels.turns import Turns
from bot.settings import settings
from bot.store.joining import join
from bot.store.tracker_store import forget

USER_LIMIT = 200
# Viewers that nobody knows are `v-…`, those known by a web site `u-…`.
_KNOWN = "u-"


def add(routes: Blueprint, callers: Callers, engine: Engine, turns: Turns) -> tuple[str, ...]:
    """Add the routes; their paths."""

    @routes.post("/session")
    async def session(request: Request) -> HTTPResponse:
        callers.count("sessions", request.remote_addr or request.ip)
        given = bearer(request)
        try:
            token = callers.tokens.renew(given) if given else callers.tokens.issue()
        except TokenError as error:
            raise unauthorized(error.code, str(error)) from None
        return json_response(_session(token))

    @routes.post("/identify")
    async def identify(request: Request) -> HTTPResponse:
        viewer = callers.viewer(request, "personal")
        known = viewer_of(read_object(request), settings().identify_secret)
        # Somebody known who signs in as another takes nothing along: the device may be shared.
        if not viewer.startswith(_KNOWN):
            first, second = sorted((viewer, known))
            async with turns.lock(first), turns.lock(second):
                await asyncio.to_thread(join, engine, viewer, known)
                forget(viewer)
                forget(known)
        return json_response(_session(callers.tokens.issue(known)))

    return "/session", "/identify"


def viewer_of(body: dict[str, Any], secret: str) -> str:
    """The viewer that a signed user id stands for, the same on every device.

    Raises:
        Problem: no secret is set (403), a field is missing (422), or it was not signed with the
            secret (403).
    """
    if not secret:
        raise Problem(403, "identify_off", "USHER_IDENTIFY_SECRET is not set.")
    user, signature = body.get("user"), body.get("signature")
    if not isinstance(user, str) or not 0 < len(user) <= USER_LIMIT:
        raise Problem(422, "wrong_user", f"'user' must be a text of 1 to {USER_LIMIT} characters.")
    if not isinstance(signature, str) or not hmac.compare_digest(
        signature.lower().encode(), sign(user, secret).encode()
    ):
        raise Problem(403, "wrong_signature", "The user id was not signed with the secret.")
    # The id itself is not stored: it may be an e-mail address.
    name = hmac.digest(secret.encode(), b"viewer:" + user.encode("utf-8", "replace"), "sha256")
    return f"{_KNOWN}{name.hex()[:32]}"


def sign(user: str, secret: str) -> str:
    """What a web site sends with the id of its user."""
    return hmac.digest(secret.encode(), user.encode("utf-8", "replace"), "sha256").hex()


def _session(token: Token) -> dict[str, Any]:
    return {
        "token": token.text,
        "viewer": token.viewer,
        "expires": token.expires,
        "message_limit": settings().message_limit,
        "upload_limit": settings().upload_mb * 1_000_000,
    }
