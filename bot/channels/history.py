"""What a viewer and the assistant said to each other, as the viewer saw it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine, Row

from bot.channels.messages import bot_message, viewer_message
from bot.store.database import reading
from bot.store.last_said import last_said
from bot.store.schema import events, outbox

_SPOKEN = ("user", "bot")
# Events between a message and the next one are few; a turn has at most so many messages.
_TURN_LIMIT = 40


class History:
    """Reads conversations for their viewers.

    Methods raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, viewer: str, limit: int, before: float | None = None) -> dict[str, Any]:
        """The last messages before the time `before`, oldest first.

        Returns:
            `messages`; `before`, the time to ask for older ones with, null when there are none;
            `last_event`, the id to open the event stream with, so that none is missed between.
        """
        said = (
            select(events.c.type_name, events.c.data, events.c.timestamp)
            .where(events.c.sender_id == viewer, events.c.type_name.in_(_SPOKEN))
            .order_by(events.c.seq.desc())
            .limit(limit + 1)
        )
        sent = (
            select(outbox.c.id, outbox.c.message, outbox.c.at)
            .where(outbox.c.viewer == viewer)
            .order_by(outbox.c.id.desc())
            .limit(limit + 1)
        )
        if before is not None:
            said = said.where(events.c.timestamp < before)
            sent = sent.where(outbox.c.at < before)
        with reading(self._engine) as connection:
            rows = connection.execute(said).all()
            later = connection.execute(sent).all()
        messages = {}
        for row in later:
            message = outbox_message(row.id, json.loads(row.message), row.at)
            messages[message["id"]] = (row.at, message)
        for row in rows:
            shown = _shown(row)
            if shown is not None:
                messages[shown["id"]] = (row.timestamp, shown)
        ordered = sorted(messages.values(), key=lambda each: each[0])
        cut = ordered[-limit:]
        more = len(rows) > limit or len(later) > limit or len(ordered) > limit
        return {
            "messages": [message for _, message in cut],
            "before": cut[0][0] if cut and more else None,
            "last_event": str(later[0].id) if later else "0",
        }

    def answer(self, viewer: str, client_id: str) -> list[dict[str, Any]] | None:
        """What was answered to the message `client_id`; none when that turn was never saved."""
        recent = (
            select(events.c.type_name, events.c.data, events.c.timestamp)
            .where(events.c.sender_id == viewer, events.c.type_name.in_(_SPOKEN))
            .order_by(events.c.seq.desc())
            .limit(_TURN_LIMIT)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(recent).all()
        answers: list[dict[str, Any]] = []
        for row in rows:
            message = _shown(row)
            if row.type_name == "user":
                if json.loads(row.data).get("message_id") == client_id:
                    return answers[::-1]
                answers = []
            elif message is not None:
                answers.append(message)
        return None

    def language(self, viewer: str) -> str | None:
        """The language of the viewer's last message that has one: "en", "zh" or "mixed"."""
        with reading(self._engine) as connection:
            return last_said(connection, viewer, events.c.language)


def outbox_message(number: int, message: dict[str, Any], at: float) -> dict[str, Any]:
    """A message of the outbox, with what its sender left out."""
    return {"id": f"o{number}", "from": "bot", "time": round(at, 3), **message}


def _shown(row: Row) -> dict[str, Any] | None:
    data = json.loads(row.data)
    metadata = data.get("metadata") or {}
    if row.type_name == "bot":
        content = {**(data.get("data") or {}), "text": data.get("text")}
        message = bot_message({**content, "message_id": metadata.get("message_id")}, row.timestamp)
        return message if len(message) > 3 else None
    if not data.get("text") or metadata.get("is_external"):
        return None
    name = str(data.get("message_id") or "")
    return viewer_message(name, data["text"], row.timestamp, metadata.get("label"))
