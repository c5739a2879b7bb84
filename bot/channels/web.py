"""The channel of the page and the widget: JSON over HTTP, server-sent events for what comes later.

docs/web-channel.md describes the protocol.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels import identity, incoming, opinions, personal, pictures
from bot.channels.callers import Callers
from bot.channels.guard import Origins
from bot.channels.history import History
from bot.channels.json_body import json_response, read_object
from bot.channels.messages import bot_message
from bot.channels.once import Once
from bot.channels.problem import Problem
from bot.channels.pushing import announce
from bot.channels.streams import Streams
from bot.channels.turn_output import WebOutput
from bot.channels.turns import TurnFailed, Turns, apology
from bot.settings import settings
from bot.store.database import engine, migrate

NAME = "web"
HISTORY_LIMIT = 50
HISTORY_MOST = 200
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class WebChannel(InputChannel):
    """Viewers in a browser, each known by a signed token of their own."""

    pushes = True

    def __init__(self) -> None:
        self._store = engine()
        self._history = History(self._store)
        self._streams = Streams(self._store)
        self._origins = Origins(settings().cors_origins)
        self._callers = Callers()

    @classmethod
    def name(cls) -> str:
        """The channel's name in addresses and in conversations."""
        return NAME

    def get_output_channel(self) -> OutputChannel:
        """Where Rasa sends what nobody has just asked for: the viewer's event stream."""
        return WebOutput(self._streams.append, closed=True)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("web_channel")
        turns = Turns(on_new_message)
        once = Once(NAME, self._store, self._history)

        @routes.listener("before_server_start")
        async def prepare(_app: Any, _loop: Any) -> None:
            migrate(self._store)
            announce(self._store, NAME, self.pushes)

        @routes.listener("before_server_stop")
        async def end_streams(_app: Any, _loop: Any) -> None:
            self._streams.close()

        @routes.middleware("response")
        async def mark(request: Request, response: HTTPResponse) -> None:
            self._origins.mark(request, response)

        @routes.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @routes.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            viewer = self._callers.viewer(request, "messages")
            body = read_object(request)
            client_id = body.get("id")
            if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
                raise Problem(
                    422, "id_missing", "The message needs an 'id': 8 to 64 letters and digits."
                )
            said = incoming.read(
                body.get("text"),
                body.get("metadata"),
                request.app.ctx.agent.domain,
                settings().message_limit,
            )

            async def answer() -> list[dict[str, Any]]:
                return await self._turn(turns, request.app.ctx.agent, viewer, client_id, said)

            try:
                # The turn is finished and kept even if the client goes away meanwhile.
                replies = await once.answer(viewer, client_id, turns.lock(viewer), answer)
            except TurnFailed as failed:
                text = apology(failed.failure, said.language)
                return json_response(
                    {
                        "id": client_id,
                        "messages": [bot_message({"text": text})],
                        "failure": failed.failure,
                    }
                )
            return json_response({"id": client_id, "messages": replies})

        @routes.get("/history")
        async def history(request: Request) -> HTTPResponse:
            viewer = self._callers.viewer(request, "reads")
            limit = _number(request, "limit", HISTORY_LIMIT)
            before = _number(request, "before", None)
            page = await asyncio.to_thread(
                self._history.page, viewer, int(min(max(limit, 1), HISTORY_MOST)), before
            )
            return json_response(page)

        @routes.get("/events")
        async def events(request: Request) -> None:
            viewer = self._callers.viewer(request, "reads")
            last = request.headers.get("last-event-id", "")
            if last and not (last.isascii() and last.isdigit() and len(last) < 19):
                raise Problem(422, "wrong_event_id", "Last-Event-ID must be an id of this stream.")
            self._streams.admit(viewer)
            # A stream that has ended must not keep a stopping server waiting for its connection.
            request.stream.keep_alive = False
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            answer = HTTPResponse(headers=headers)
            self._origins.mark(request, answer)
            stream = await request.respond(
                headers=dict(answer.headers), content_type="text/event-stream; charset=utf-8"
            )
            follow = self._streams.follow(viewer, int(last) if last else None)
            try:
                async for chunk in follow:
                    await stream.send(chunk)
            finally:
                await follow.aclose()
            await stream.eof()

        paths = (
            *("/messages", "/history", "/events"),
            *identity.add(routes, self._callers, self._store, turns),
            *opinions.add(routes, self._callers, self._store),
            *pictures.add(routes, self._callers, self._store),
            *personal.add(routes, self._callers, self._store, turns),
        )
        for number, path in enumerate(paths):
            routes.add_route(_preflight, path, methods=["OPTIONS"], name=f"preflight_{number}")
        return routes

    async def _turn(
        self, turns: Turns, agent: Any, viewer: str, client_id: str, said: incoming.Incoming
    ) -> list[dict[str, Any]]:
        output = WebOutput(self._streams.append)
        message = UserMessage(
            said.text,
            output,
            viewer,
            input_channel=NAME,
            message_id=client_id,
            metadata=said.metadata,
        )
        try:
            await turns.take(message, agent)
        finally:
            output.close()
        return output.messages


async def _preflight(_request: Request, **_: str) -> HTTPResponse:
    return empty()


def _number(request: Request, name: str, default: Any) -> Any:
    given = request.args.get(name)
    if given is None:
        return default
    try:
        number = float(given)
    except ValueError:
        number = float("nan")
    if not 0 < number < 1e12:
        raise Problem(422, f"wrong_{name}", f"'{name}' must be a number.")
    return number
