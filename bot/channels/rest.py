"""Rasa's REST channel, for programs: the same address, body and answer, but guarded.

POST /webhooks/rest/webhook {"sender", "message", "metadata"?}
→ [{"recipient_id", "text" | "image" | "custom" | …, "buttons"?}, …]
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.constants import DEFAULT_SENDER_ID
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import incoming
from bot.channels.guard import only_trusted
from bot.channels.json_body import json_response, read_object
from bot.channels.problem import Problem
from bot.channels.pushing import announce
from bot.channels.turns import TurnFailed, Turns, apology
from bot.settings import settings
from bot.store.database import engine, migrate

SENDER_LIMIT = 200


class RestChannel(InputChannel):
    """Programs that speak for viewers of their own; they are trusted to say who speaks.

    With USHER_REST_TOKEN set its bearer is served, without it only programs on this machine.
    """

    pushes = False

    @classmethod
    def name(cls) -> str:
        """The channel's name in addresses and in conversations."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("rest_channel")
        turns = Turns(on_new_message)
        configuration = settings()

        @routes.listener("before_server_start")
        async def prepare(_app: Any, _loop: Any) -> None:
            migrate(engine())
            announce(engine(), self.name(), self.pushes)

        @routes.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            only_trusted(request, configuration.rest_token)
            body = read_object(request)
            sender = sender_name(body.get("sender"))
            metadata = body.get("metadata")
            said = incoming.read(
                body.get("message"),
                metadata,
                request.app.ctx.agent.domain,
                configuration.message_limit,
            )
            output = CollectingOutputChannel()
            message = UserMessage(
                said.text,
                output,
                sender,
                input_channel="rest",
                metadata=metadata if isinstance(metadata, dict) else None,
            )
            try:
                async with turns.lock(sender):
                    await turns.take(message, request.app.ctx.agent)
            except TurnFailed as failed:
                text = apology(failed.failure, said.language)
                return json_response([{"recipient_id": sender, "text": text}])
            return json_response(output.messages)

        return routes


def sender_name(given: Any) -> str:
    """Who speaks; nobody in particular when nothing is said, as in Rasa.

    Raises:
        Problem: the sender is no name (422).
    """
    if given is None:
        return str(DEFAULT_SENDER_ID)
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str) or not given.strip() or len(given) > SENDER_LIMIT:
        raise Problem(
            422, "wrong_sender", f"'sender' must be a text of at most {SENDER_LIMIT} characters."
        )
    if not given.isprintable():
        raise Problem(422, "wrong_sender", "'sender' must not hold control characters.")
    return str(given)
