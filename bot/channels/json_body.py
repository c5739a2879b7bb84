"""JSON in and out of requests, strictly: an object, in UTF-8, as application/json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.problem import Problem

CONTENT_TYPE = "application/json"


def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body of `request`.

    Raises:
        Problem: another content type (415), malformed JSON (400), not an object (422).
    """
    declared = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if declared != CONTENT_TYPE:
        raise Problem(415, "wrong_content_type", f"Send the body as {CONTENT_TYPE}.")
    try:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Problem(400, "malformed_json", "The body is not valid JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise Problem(422, "not_an_object", "The body must be a JSON object.")
    return body


def json_response(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """`body` as JSON, Chinese unescaped, never cached."""
    return HTTPResponse(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"),
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        content_type=CONTENT_TYPE,
    )


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
