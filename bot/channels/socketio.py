"""Rasa's Socket.IO channel, for the widgets of others: the same events, but guarded.

    session_request {session_id?} → session_confirm <session id>
    user_uttered {message, session_id, metadata?} → bot_uttered {text, quick_replies?, attachment?}

The session id that is confirmed is a viewer's signed token, which such widgets keep and send with
every message. One that was not signed here is answered with a new one, so that nobody can name
somebody else's session. An operator whose clients must choose ids themselves sets
USHER_SOCKETIO_UNSIGNED; whoever knows such an id can then read what is said in it.

A person who has taken over is heard as text after their name, as are notices that one has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput, SocketIOOutput
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from bot.channels import incoming, plain
from bot.channels.callers import Callers
from bot.channels.guard import Origins
from bot.channels.history import History
from bot.channels.json_body import json_response
from bot.channels.problem import Problem
from bot.channels.pushing import announce
from bot.channels.rest import sender_name
from bot.channels.socket_pushes import SocketPushes
from bot.channels.streams import Streams
from bot.channels.tokens import TokenError
from bot.channels.turns import TurnFailed, Turns, apology
from bot.settings import settings
from bot.store.database import DatabaseUnavailable, engine, migrate

PATH = "/socket.io"
# Bytes of an event; a message in any encoding fits.
_LARGEST = 64 * 1024


class SocketIoOutput(SocketIOOutput):
    """Sends to every connection of a session, cards as a carousel that other widgets draw."""

    def __init__(self, server: AsyncServer, event: str) -> None:
        super().__init__(server, event)
        self.messages: list[Any] = []

    async def _send_message(self, socket_id: str, response: Any) -> None:
        self.messages.append(response)
        await super()._send_message(socket_id, response)

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Send a payload: titles as Rasa's "generic" template, a file as text, others not."""
        if json_message.get("type") == "titles":
            elements = [_element(card) for card in json_message.get("cards", ())]
            payload = {"template_type": "generic", "elements": elements}
            await self._send_message(
                recipient_id, {"attachment": {"type": "template", "payload": payload}}
            )
        elif json_message.get("type") == "file" and json_message.get("text"):
            await self._send_message(recipient_id, {"text": json_message["text"]})


class SocketIoChannel(SocketIOInput):
    """Viewers with somebody else's widget."""

    pushes = True

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel; there is nothing to set but the settings."""
        return cls(session_persistence=True, socketio_path=PATH)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> SocketBlueprint:
        """The routes and events of the channel."""
        callers, turns = Callers(), Turns(on_new_message)
        origins = Origins(settings().cors_origins)
        server = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=lambda origin, environ: origins.allow(origin, environ),
            cors_credentials=False,
            max_http_buffer_size=_LARGEST,
        )
        self.sio = server
        store = engine()
        streams, history = Streams(store), History(store)

        async def push(viewer: str, message: dict[str, Any]) -> None:
            try:
                language = await asyncio.to_thread(history.language, viewer)
            except DatabaseUnavailable:
                language = None
            if said := plain.text(message, language):
                await server.emit(self.bot_message_evt, {"text": said}, room=viewer)

        pushes = SocketPushes(streams, push)
        routes = SocketBlueprint(server, self.socketio_path, "socketio_channel", __name__)

        @routes.listener("before_server_start")
        async def prepare(app: Any, _loop: Any) -> None:
            routes.ctx.app = app
            migrate(store)
            announce(store, self.name(), self.pushes)

        @routes.listener("before_server_stop")
        async def end_streams(_app: Any, _loop: Any) -> None:
            streams.close()

        async def enter(sid: str, viewer: str) -> None:
            await server.enter_room(sid, viewer)
            pushes.join(sid, viewer)

        @server.on("disconnect")
        async def disconnect(sid: str) -> None:
            pushes.leave(sid)

        @routes.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @server.on("session_request")
        async def session_request(sid: str, data: Any = None) -> None:
            try:
                callers.count("sessions", "socketio")
                session, viewer = self._session(callers, data)
            except Problem as problem:
                await server.emit(self.bot_message_evt, {"text": str(problem)}, room=sid)
                return
            await enter(sid, viewer)
            await server.emit("session_confirm", session, room=sid)

        @server.on(self.user_message_evt)
        async def user_uttered(sid: str, data: Any = None) -> None:
            output = SocketIoOutput(server, self.bot_message_evt)
            said = None
            try:
                viewer = self._viewer(callers, data)
                callers.count("messages", viewer)
                agent = routes.ctx.app.ctx.agent
                metadata = data.get(self.metadata_key)
                said = incoming.read(
                    data.get("message"), metadata, agent.domain, settings().message_limit
                )
                # The session may have been confirmed by a server that is no more.
                await enter(sid, viewer)
                message = UserMessage(
                    said.text, output, viewer, input_channel=self.name(), metadata=said.metadata
                )
                async with turns.lock(viewer):
                    await turns.take(message, agent)
            except Problem as problem:
                await server.emit(self.bot_message_evt, {"text": str(problem)}, room=sid)
            except TurnFailed as failed:
                text = apology(failed.failure, said.language if said else "en")
                await server.emit(self.bot_message_evt, {"text": text}, room=sid)

        return routes

    def _session(self, callers: Callers, data: Any) -> tuple[str, str]:
        """The session id to confirm, and its viewer."""
        given = data.get("session_id") if isinstance(data, dict) else None
        if given and settings().socketio_unsigned:
            return sender_name(given), sender_name(given)
        try:
            token = callers.tokens.renew(str(given)) if given else callers.tokens.issue()
        except TokenError:
            token = callers.tokens.issue()
        return token.text, token.viewer

    def _viewer(self, callers: Callers, data: Any) -> str:
        """Who speaks.

        Raises:
            Problem: no session, or one that was not signed here.
        """
        given = data.get("session_id") if isinstance(data, dict) else None
        if not given:
            raise Problem(401, "token_missing", "Ask for a session first.")
        if settings().socketio_unsigned:
            return sender_name(given)
        try:
            return callers.tokens.verify(str(given))
        except TokenError as error:
            raise Problem(401, error.code, str(error)) from None


def _element(card: dict[str, Any]) -> dict[str, Any]:
    facts = [card.get("year"), card.get("runtime"), ", ".join(card.get("genres", ()))]
    return {
        "title": str(card.get("title", "")),
        "subtitle": " · ".join(str(fact) for fact in facts if fact),
        "image_url": "",
        "buttons": [{**button, "type": "postback"} for button in card.get("buttons", ())],
    }
