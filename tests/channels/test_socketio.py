"""Socket.IO, for the widgets of others: a session is signed unless the operator opts out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import socketio

from bot.channels import plain
from bot.channels.tokens import ViewerTokens
from bot.store.database import engine
from bot.store.last_said import last_said
from bot.store.messages import Outbox
from bot.store.schema import events
from tests.channels.served import Server, running


class Client:
    """A widget that speaks Rasa's protocol."""

    def __init__(self, socket: socketio.AsyncClient) -> None:
        self._socket = socket
        self._heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        for name in ("session_confirm", "bot_uttered"):
            socket.on(name, lambda data, name=name: self._heard.put_nowait((name, data)))

    async def ask(self, event: str, data: Any) -> Any:
        """What comes in answer to an event."""
        await self._socket.emit(event, data)
        return await self.heard()

    async def heard(self) -> Any:
        """What comes next."""
        name, data = await asyncio.wait_for(self._heard.get(), 5)
        return data if name == "session_confirm" else data.get("text", data)

    def silent(self) -> bool:
        """Whether nothing more has come."""
        return self._heard.empty()


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[Client]:
    """A connection."""
    socket = socketio.AsyncClient()
    client = Client(socket)
    await socket.connect(server.url, transports=["polling"], socketio_path="/socket.io")
    try:
        yield client
    finally:
        # A polite end would wait for the request that waits for the next event.
        await socket.eio.http.close()
        await socket.eio.disconnect(abort=True)


async def test_a_session_is_a_signed_token_and_is_taken_up_again(server: Server) -> None:
    async with connected(server) as client:
        session = await client.ask("session_request", {})
        tokens = ViewerTokens((server.data / "secret").read_bytes().strip(), 90)
        assert tokens.verify(session).startswith("v-")
        said = {"message": "hello", "session_id": session}
        assert await client.ask("user_uttered", said) == "You said: hello"
    async with connected(server) as later:
        assert await later.ask("session_request", {"session_id": session}) == session


async def test_a_forged_session_is_answered_with_a_new_one_and_nobody_is_heard_in_it(
    server: Server,
) -> None:
    forged = ViewerTokens(b"another secret", 90).issue("v-somebody").text
    async with connected(server) as client:
        for name in ("v-somebody", forged):
            session = await client.ask("session_request", {"session_id": name})
            assert session != name and session.count(".") == 2
            refusal = await client.ask("user_uttered", {"message": "hello", "session_id": name})
            assert refusal == "This token was not issued here."
        for nobody in ({"message": "hello"}, "hello", None):
            assert await client.ask("user_uttered", nobody) == "Ask for a session first."


async def test_nobody_hears_what_is_said_in_anothers_session(server: Server) -> None:
    async with connected(server) as one, connected(server) as other:
        session = await one.ask("session_request", {})
        await other.ask("session_request", {"session_id": "v-somebody"})
        await one.ask("user_uttered", {"message": "hello", "session_id": session})
        await asyncio.sleep(0.2)
        assert other.silent()


async def test_an_operator_may_let_clients_name_their_sessions(tmp_path: Path) -> None:
    with running(tmp_path, USHER_SOCKETIO_UNSIGNED="1") as server:
        async with connected(server) as client:
            assert await client.ask("session_request", {"session_id": "mine"}) == "mine"
            said = {"message": "hello", "session_id": "mine"}
            assert await client.ask("user_uttered", said) == "You said: hello"


def _tokens(server: Server) -> ViewerTokens:
    return ViewerTokens((server.data / "secret").read_bytes().strip(), 90)


def _outbox(server: Server) -> Outbox:
    return Outbox(engine(f"sqlite:///{server.data / 'usher.db'}"))


async def _stored(server: Server, viewer: str) -> None:
    """Wait until the language that `viewer` spoke is stored, which an answer does not wait for."""
    database = engine(f"sqlite:///{server.data / 'usher.db'}")
    for _ in range(100):
        with database.connect() as connection:
            if last_said(connection, viewer, events.c.language):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("what the viewer said was never stored")


async def test_a_person_of_the_staff_is_heard(server: Server) -> None:
    outbox = _outbox(server)
    async with connected(server) as client, connected(server) as other:
        session = await client.ask("session_request", {})
        await other.ask("session_request", {})
        assert await client.ask("user_uttered", {"message": "你好", "session_id": session})
        viewer = _tokens(server).verify(session)
        await _stored(server, viewer)
        joined = {"type": "notice", "notice": "person_joined", "name": "Mei"}
        outbox.append(viewer, {"from": "system", "custom": joined})
        outbox.append(viewer, {"from": "agent", "agent": {"name": "Mei"}, "text": "我来看看"})
        assert [await client.heard(), await client.heard()] == ["Mei 加入了对话", "Mei: 我来看看"]
        assert other.silent()
    outbox.append(viewer, {"text": "It starts now."})
    async with connected(server) as later:
        await later.ask("session_request", {"session_id": session})
        assert await later.heard() == "It starts now."
        await asyncio.sleep(0.2)
        assert later.silent()


async def test_what_was_said_before_a_session_began_here_is_not_said_again(server: Server) -> None:
    session = _tokens(server).issue("v-before").text
    _outbox(server).append("v-before", {"text": "old"})
    async with connected(server) as client:
        assert await client.ask("session_request", {"session_id": session}) == session
        await asyncio.sleep(0.3)
        assert client.silent()


def test_messages_are_text_after_their_persons_name() -> None:
    assert plain.text({"from": "agent", "text": "hello"}, "en") == "A member of the team: hello"
    waiting = {"type": "notice", "notice": "person_waiting"}
    assert plain.text({"from": "system", "custom": waiting}, "mixed") == "马上有人来接待你"
    assert plain.text({"custom": {"type": "titles", "cards": []}}, None) == ""
    assert plain.text({"custom": {"type": "notice", "notice": "unheard of"}}, None) == ""
