"""What the server does for other programs of this installation: the review desk's "try again".

    POST /internal/parse {"texts": [...]} → {"model", "results": [what `bot.nlu.parsing` gives]}

Only from this machine, and only with a token signed with the installation's secret, which is good
for a minute.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import bearer, only_trusted, unauthorized
from bot.channels.internal_tokens import internal_tokens
from bot.channels.json_body import json_response, read_object
from bot.channels.problem import Problem
from bot.channels.tokens import TokenError
from bot.store.privacy import mask

MOST_TEXTS = 20
TEXT_LIMIT = 4000
PARSE_SECONDS = 20.0


def blueprint() -> Blueprint:
    """The routes for other programs of this installation."""
    routes = Blueprint("internal", url_prefix="/internal")

    @routes.post("/parse")
    async def parse(request: Request) -> HTTPResponse:
        _only_ours(request)
        texts = read_object(request).get("texts")
        if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
            raise Problem(422, "texts_missing", f"Send 'texts': 1 to {MOST_TEXTS} sentences.")
        if not all(isinstance(each, str) and 0 < len(each) <= TEXT_LIMIT for each in texts):
            raise Problem(422, "wrong_text", f"A text has 1 to {TEXT_LIMIT} characters.")
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            raise Problem(503, "no_model", "No model is loaded.")
        # Loaded with the model, which the channels alone do without.
        from bot.nlu.parsing import parse_result

        results = []
        for text in texts:
            # A slash would make it a button's payload, which is not what somebody wrote.
            said = agent.parse_message(mask(text).lstrip("/ "))
            results.append(parse_result(await asyncio.wait_for(said, PARSE_SECONDS)))
        return json_response({"model": agent.model_name, "results": results})

    return routes


def _only_ours(request: Request) -> None:
    """Raises:
    Problem: 401 or 403.
    """
    only_trusted(request, "")
    try:
        internal_tokens().verify(bearer(request) or "")
    except TokenError as error:
        raise unauthorized(error.code, str(error)) from None
