"""Routes for what viewers think: of an answer, and of a conversation."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.channels.callers import Callers
from bot.channels.json_body import json_response, read_object
from bot.channels.problem import Problem
from bot.store.feedback import REASONS, TEXT_LIMIT, VERDICTS, FeedbackStore

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def add(routes: Blueprint, callers: Callers, engine: Engine) -> tuple[str, ...]:
    """Add the routes; their paths."""
    store = FeedbackStore(engine)

    @routes.post("/feedback")
    async def feedback(request: Request) -> HTTPResponse:
        viewer = callers.viewer(request, "opinions")
        body = read_object(request)
        message = body.get("message")
        if not isinstance(message, str) or not _MESSAGE_ID.fullmatch(message):
            raise Problem(422, "wrong_message", "'message' must be the id of a message.")
        verdict = _one_of(body, "verdict", VERDICTS)
        reason = _one_of(body, "reason", REASONS)
        await asyncio.to_thread(store.judge, viewer, message, verdict, reason, _text(body))
        return json_response({"status": "kept"})

    @routes.post("/satisfaction")
    async def satisfaction(request: Request) -> HTTPResponse:
        viewer = callers.viewer(request, "opinions")
        body = read_object(request)
        score = body.get("score")
        if type(score) is not int or not 1 <= score <= 5:
            raise Problem(422, "wrong_score", "'score' must be a whole number from 1 to 5.")
        await asyncio.to_thread(store.rate_conversation, viewer, score, _text(body))
        return json_response({"status": "kept"})

    return "/feedback", "/satisfaction"


def _one_of(body: dict[str, Any], name: str, known: tuple[str, ...]) -> str | None:
    given = body.get(name)
    if given is None:
        return None
    if not isinstance(given, str) or given not in known:
        raise Problem(422, f"wrong_{name}", f"'{name}' must be one of: {', '.join(known)}.")
    return given


def _text(body: dict[str, Any]) -> str | None:
    given = body.get("text")
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > TEXT_LIMIT:
        raise Problem(
            422, "wrong_text", f"'text' must be a text of at most {TEXT_LIMIT} characters."
        )
    return given
