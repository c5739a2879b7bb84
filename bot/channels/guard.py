"""Who may call, from where, and how often."""

from __future__ import annotations

import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.problem import Problem

# Callers remembered by a rate limit; beyond that the one heard of longest ago is forgotten.
_REMEMBERED = 20_000


class RateLimit:
    """A bucket of `burst` requests for each caller that refills at `per_second`."""

    def __init__(
        self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._callers: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Count one request of `caller`.

        Raises:
            Problem: 429, with the seconds to wait in Retry-After.
        """
        now = self._clock()
        left, at = self._callers.pop(caller, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._callers[caller] = (left - 1 if allowed else left, now)
        if len(self._callers) > _REMEMBERED:
            self._callers.popitem(last=False)
        if not allowed:
            wait = math.ceil((1 - left) / self._per_second)
            raise Problem(
                429,
                "too_many_requests",
                "Too many messages at once; wait a moment.",
                {"Retry-After": str(max(wait, 1))},
            )


def bearer(request: Request) -> str | None:
    """The token of the Authorization header; none when there is no such header.

    Raises:
        Problem: the header is there but is not a bearer token.
    """
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthorized("token_invalid", "Send the token as 'Authorization: Bearer …'.")
    return token.strip()


def unauthorized(code: str, message: str) -> Problem:
    """A 401."""
    return Problem(401, code, message, {"WWW-Authenticate": "Bearer"})


def only_trusted(request: Request, token: str) -> None:
    """Let the bearer of `token` through; without a token only programs on this machine.

    Raises:
        Problem: 401 or 403.
    """
    if token:
        given = bearer(request)
        if given is None or not hmac.compare_digest(given.encode(), token.encode()):
            raise unauthorized("token_invalid", "This channel needs its bearer token.")
        return
    # A proxy on this machine speaks for others, and a browser here may speak for any page.
    speaks_for_others = any(
        name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "origin")
    )
    if speaks_for_others or not _is_loopback(request.ip):
        raise Problem(
            403, "local_only", "Without USHER_REST_TOKEN this channel serves local programs only."
        )


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return not address  # a Unix socket has no address
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


class Origins:
    """The web sites whose pages may call a channel; nobody's by default."""

    def __init__(self, configured: str) -> None:
        self._allowed = {
            origin.strip().rstrip("/").lower() for origin in configured.split(",") if origin.strip()
        } - {"*", "null"}

    def allow(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a page of `origin` may call; pages of this server itself may always.

        Args:
            origin: as the browser says it; none: it is no page of another site.
            environ: the request, as WSGI has it.
        """
        host = environ.get("HTTP_X_FORWARDED_HOST") or environ.get("HTTP_HOST") or ""
        scheme = environ.get("HTTP_X_FORWARDED_PROTO") or "http"
        own = f"{scheme}://{host}"
        return origin is None or origin.lower() in self._allowed or origin == own

    def mark(self, request: Request, response: HTTPResponse) -> None:
        """Tell the browser that the page may read `response`, if it may."""
        if not self._allowed:
            return
        varies = response.headers.get("Vary")
        response.headers["Vary"] = f"{varies}, Origin" if varies else "Origin"
        origin = request.headers.get("origin", "")
        if origin.lower() not in self._allowed:
            return
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            response.headers["Access-Control-Allow-Headers"] = (
                "Authorization, Content-Type, Last-Event-ID"
            )
            response.headers["Access-Control-Max-Age"] = "86400"
