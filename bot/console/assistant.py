"""The running assistant, asked what it understands now; it may be away."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from bot.channels.internal_tokens import InternalTokens
from bot.channels.tokens import kept_secret
from bot.settings import Settings

_SECONDS = 15.0


class AssistantAway(RuntimeError):  # noqa: N818 - says a state, as callers read it
    """The assistant's server cannot be reached, or has no model loaded."""


class Assistant:
    """The server of this installation, on this machine.

    Args:
        configuration: its settings tell the port and the secret.
    """

    def __init__(self, configuration: Settings) -> None:
        secret = configuration.secret.encode() or kept_secret(configuration.data_dir / "secret")
        self._tokens = InternalTokens(secret)
        host = configuration.host
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(
            host, f"[{host}]" if ":" in host else host
        )
        self._address = f"http://{host}:{configuration.port}/internal/parse"

    async def understand(self, texts: list[str]) -> list[dict[str, Any]]:
        """What the model of today makes of each text, as `bot.nlu.parsing` gives it.

        Raises:
            AssistantAway: it cannot be asked.
        """
        headers = {"Authorization": f"Bearer {self._tokens.issue()}"}
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit, trust_env=False) as http,
                http.post(self._address, json={"texts": texts}, headers=headers) as response,
            ):
                if response.status != 200:
                    raise AssistantAway(f"{self._address} answers {response.status}")
                results = (await response.json())["results"]
                return list(results)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, KeyError, ValueError) as error:
            raise AssistantAway(f"{self._address}: {error}") from None
