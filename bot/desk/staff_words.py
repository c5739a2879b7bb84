"""What people of the staff said to a viewer: it went through the outbox, not through the bot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.store.schema import outbox


def said_by_staff(connection: Connection, viewer: str, since: float) -> list[tuple[float, str]]:
    """Time (seconds since 1970) and text of each message, oldest first, from `since` on."""
    query = select(outbox.c.message, outbox.c.at).where(
        outbox.c.viewer == viewer, outbox.c.at >= since
    )
    rows = connection.execute(query.order_by(outbox.c.id))
    found = ((row.at, text_of_staff(json.loads(row.message))) for row in rows)
    return [(at, text) for at, text in found if text]


def text_of_staff(message: Mapping[str, Any]) -> str:
    """The text of a message of the outbox that a person sent; "" of any other."""
    return str(message.get("text") or "") if message.get("from") == "agent" else ""
