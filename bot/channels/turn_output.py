"""Where the assistant's messages of one turn go: into the answer, later into the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from bot.channels.messages import bot_message


class WebOutput(CollectingOutputChannel):
    """Collects the messages of a turn; what is said after `close` goes to `later`.

    A reminder set in this turn speaks through the turn's output when the request is long over.

    Args:
        later: called in a worker thread with the viewer and a message.
    """

    def __init__(self, later: Callable[[str, dict[str, Any]], Any], closed: bool = False) -> None:
        super().__init__()
        self._later = later
        self._closed = closed

    @classmethod
    def name(cls) -> str:
        """The channel's name, for responses that differ by channel."""
        return "web"

    def close(self) -> None:
        """The turn is over."""
        self._closed = True

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take a message whole: Rasa would send its text and its cards apart."""
        await self._take(recipient_id, message)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Take a text."""
        await self._take(recipient_id, {"text": text})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Take a text with buttons."""
        await self._take(recipient_id, {"text": text, "buttons": buttons})

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Take a payload for the widget."""
        await self._take(recipient_id, {"custom": json_message})

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Take an image."""
        await self._take(recipient_id, {"image": image})

    async def send_attachment(self, recipient_id: str, attachment: str, **kwargs: Any) -> None:
        """Take an attachment."""
        await self._take(recipient_id, {"attachment": attachment})

    async def _take(self, viewer: str, content: dict[str, Any]) -> None:
        message = bot_message(content)
        if len(message) == 3:
            return  # nothing to see: neither text nor anything else
        if self._closed:
            await asyncio.to_thread(self._later, viewer, message)
        else:
            self.messages.append(message)
