"""The running assistant, asked how it is and what it understands now; it may be away."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from bot.channels.internal_tokens import InternalTokens
from bot.channels.tokens import kept_secret
from bot.settings import Settings

_SECONDS = 15.0
_HEALTH_SECONDS = 2.0


class AssistantAway(RuntimeError):  # noqa: N818 - says a state, as callers read it
    """The assistant's server cannot be reached, or has no model loaded."""


class Assistant:
    """The server of this installation, here or where the setting `assistant_url` says.

    Args:
        configuration: its settings tell the address and the secret.
    """

    def __init__(self, configuration: Settings) -> None:
        secret = configuration.secret.encode() or kept_secret(configuration.data_dir / "secret")
        self._tokens = InternalTokens(secret)
        self.address = address_of(configuration)

    async def health(self) -> dict[str, Any]:
        """What its `/health` says: `status`, `model`, `away`, `titles`.

        Raises:
            AssistantAway: it cannot be asked, or something else answers there.
        """
        limit = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit, trust_env=False) as http,
                http.get(f"{self.address}/health") as response,
            ):
                found = await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise AssistantAway(str(error) or type(error).__name__) from None
        if not isinstance(found, dict) or not {"status", "model"} <= found.keys():
            raise AssistantAway("what answers there is no assistant")
        return found

    async def understand(self, texts: list[str]) -> list[dict[str, Any]]:
        """What the model of today makes of each text, as `bot.nlu.parsing` gives it.

        Raises:
            AssistantAway: it cannot be asked.
        """
        headers = {"Authorization": f"Bearer {self._tokens.issue()}"}
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        address = f"{self.address}/internal/parse"
        try:
            async with (
                aiohttp.ClientSession(timeout=limit, trust_env=False) as http,
                http.post(address, json={"texts": texts}, headers=headers) as response,
            ):
                if response.status != 200:
                    raise AssistantAway(f"{address} answers {response.status}")
                results = (await response.json())["results"]
                return list(results)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, KeyError, ValueError) as error:
            raise AssistantAway(f"{address}: {error}") from None


def address_of(configuration: Settings) -> str:
    """Where the assistant is, without a slash at the end."""
    if configuration.assistant_url:
        return configuration.assistant_url.rstrip("/")
    host = configuration.host
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{configuration.port}"
