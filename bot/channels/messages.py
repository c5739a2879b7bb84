"""The assistant's messages as the web channel sends and remembers them.

    {"id", "from": "viewer" | "bot" | "agent" | "system", "time", "text"?, "picture"?,
     "buttons"?: [{"title", "payload"}], "image"?, "attachment"?, "custom"?, "agent"?: {"name"}}

`time` is in seconds since 1970. The id of a message of the assistant is made of its time, which
the event of the conversation keeps as well, so that history names it alike.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

# What a client says when a viewer sends a picture: an upload by its id.
_PICTURE = re.compile(r'/picture\{"picture": ?"(p[0-9a-f]{32})"\}')
_CARRIED = ("text", "image", "attachment", "custom")


def bot_message(content: Mapping[str, Any], timestamp: float | None = None) -> dict[str, Any]:
    """A message of the assistant.

    Args:
        content: text, buttons, custom and the like, as Rasa's `BotUttered.message()` has them.
        timestamp: when it was said; by default as `content` says, else now.
    """
    at = timestamp or content.get("timestamp") or time.time()
    message: dict[str, Any] = {
        "id": str(content.get("message_id") or f"b{round(at * 1_000_000)}"),
        "from": "bot",
        "time": round(at, 3),
    }
    for name in _CARRIED:
        if content.get(name):
            message[name] = content[name]
    buttons = content.get("buttons") or content.get("quick_replies")
    if buttons:
        message["buttons"] = [
            {"title": str(each.get("title", "")), "payload": str(each.get("payload", ""))}
            for each in buttons
        ]
    return message


def viewer_message(
    client_id: str, text: str, at: float, label: str | None = None
) -> dict[str, Any]:
    """A message of the viewer, as the viewer saw it: a picture, a button's label, or the text."""
    message = {"id": client_id, "from": "viewer", "time": round(at, 3), "text": label or text}
    picture = _PICTURE.fullmatch(text)
    if picture:
        message["picture"] = picture[1]
    return message
