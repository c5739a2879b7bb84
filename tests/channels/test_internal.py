"""What the server does for other programs of this installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.internal_tokens import InternalTokens
from bot.channels.tokens import ViewerTokens
from bot.console.assistant import Assistant, AssistantAway
from bot.settings import Settings
from tests.channels.served import Server, free_port

PATH = "/internal/parse"


def tokens(server: Server, clock: Any = None) -> InternalTokens:
    secret = (server.data / "secret").read_bytes().strip()
    return InternalTokens(secret, **({"clock": clock} if clock else {}))


async def ask(http: aiohttp.ClientSession, token: str | None, body: Any, **headers: str) -> int:
    given = {"Authorization": f"Bearer {token}", **headers} if token else headers
    async with http.post(PATH, json=body, headers=given) as response:
        return response.status


async def test_only_a_fresh_token_of_this_installation_opens_it(
    http: aiohttp.ClientSession, server: Server
) -> None:
    async with http.post("/webhooks/web/session"):
        pass  # makes the secret
    fine = {"texts": ["hello"]}
    secret = (server.data / "secret").read_bytes().strip()
    wrong = (
        None,
        "nonsense",
        InternalTokens(b"another secret").issue(),
        ViewerTokens(secret, 30).issue().text,
        tokens(server, lambda: 1_000_000.0).issue(),
    )
    for token in wrong:
        assert await ask(http, token, fine) == 401
    token = tokens(server).issue()
    assert await ask(http, token, fine) == 200
    assert await ask(http, token, fine, Origin="https://example.org") == 403
    assert await ask(http, token, fine, **{"X-Forwarded-For": "10.0.0.1"}) == 403
    for body in ({}, {"texts": []}, {"texts": "hello"}, {"texts": [7]}, {"texts": ["x"] * 21}):
        assert await ask(http, token, body) == 422


async def test_the_console_asks_the_assistant(server: Server) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    console = Assistant(Settings(data_dir=server.data, port=port))
    (found,) = await console.understand(["/greet me at a@b.com"])
    assert found["text"] == "greet me at [email]"
    assert found["intent"] == {"name": "recommend", "confidence": 0.91}


async def test_an_assistant_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(AssistantAway):
        await Assistant(Settings(data_dir=tmp_path, port=free_port())).understand(["hello"])
