"""Every error leaves as JSON, {"error": {"code", "message"}}, never with a stack trace.

A failure of ours is logged and stored under an id, and the client is told that id.
"""

from __future__ import annotations

from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.json_body import json_response
from bot.channels.problem import Problem
from bot.store.failures import report

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


def install(app: Sanic) -> None:
    """Make every exception of `app` a JSON answer."""
    app.error_handler.add(Exception, _answer)


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
