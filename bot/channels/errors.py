"""Every error leaves as JSON, {"error": {"code", "message"}}, never with a stack trace.

A failure of ours is logged and stored under an id, and the client is told that id.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.json_body import json_response
from bot.store.database import engine
from bot.store.failures import FailureStore, new_failure_id

logger = logging.getLogger(__name__)

# Sanic's statuses → our codes and words; Sanic's own texts speak of its insides.
_KNOWN = {
    400: ("bad_request", "The request could not be understood."),
    401: ("unauthorized", "This needs a token."),
    403: ("forbidden", "This is not allowed."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address does not take that method."),
    408: ("timeout", "The request took too long to arrive."),
    413: ("too_large", "The request is too large."),
    417: ("bad_request", "The request could not be understood."),
    429: ("too_many_requests", "Too many requests; wait a little."),
    503: ("unavailable", "The answer took too long; try again."),
}


class Problem(SanicException):
    """A request that is refused: a status, a code for programs, a message for people."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, status_code=status, quiet=True)
        self.code = code
        self.headers = dict(headers or {})


def install(app: Sanic) -> None:
    """Make every exception of `app` a JSON answer."""
    app.error_handler.add(Exception, _answer)


async def report(where: str, error: BaseException | str, viewer: str | None = None) -> str:
    """Log and store a failure; returns the id that is told to the viewer.

    The database may be what failed, so that nothing is raised when it is away.
    """
    failure = new_failure_id()
    trace = error if isinstance(error, BaseException) else None
    logger.error("%s failed (%s): %s", where, failure, type(error).__name__, exc_info=trace)
    try:
        store = FailureStore(engine())
        await asyncio.to_thread(store.record, where, error, viewer, failure_id=failure)
    except Exception as again:  # noqa: BLE001 - the last net: it must not fail in turn
        logger.error("failure %s could not be stored: %s", failure, again)
    return failure


async def _answer(request: Request | None, error: Exception) -> HTTPResponse:
    if isinstance(error, Problem):
        return problem_response(error)
    status = getattr(error, "status_code", 500) if isinstance(error, SanicException) else 500
    if status < 500 or status == 503:
        code, message = _KNOWN.get(status, ("refused", "The request was refused."))
        headers = dict(getattr(error, "headers", None) or {})
        headers = {name: headers[name] for name in ("Allow", "Retry-After") if name in headers}
        return problem_response(Problem(status, code, message, headers))
    failure = await report(_place(request), error)
    return json_response(
        {
            "error": {
                "code": "failure",
                "message": f"Something went wrong on our side ({failure}).",
                "failure": failure,
            }
        },
        status=500,
    )


def problem_response(problem: Problem) -> HTTPResponse:
    """The answer to a refused request."""
    body: dict[str, Any] = {"error": {"code": problem.code, "message": str(problem)}}
    return json_response(body, status=problem.status_code, headers=problem.headers)


def _place(request: Request | None) -> str:
    if request is None:
        return "http"
    return f"{request.method} {getattr(request, 'path', '')}"[:160]
