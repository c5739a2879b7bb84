"""What belongs to a conversation and is not among its events: what people of the staff said (it
went through the outbox), and what the viewer thinks of it.

Whoever writes or deletes such a thing calls `bot.store.desk_rows.touch` in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.desk.turns import Conversation
from bot.store.feedback import answered_at
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.schema import outbox


def add_asides(connection: Connection, viewer: str, found: Sequence[Conversation]) -> None:
    """Put what belongs to `found` into them: each into the last one that had begun by then."""
    if not found:
        return

    def owner(at: float) -> Conversation | None:
        begun = [each for each in found if each.first.timestamp <= at]
        return begun[-1] if begun else None

    for at, text in said_by_staff(connection, viewer, found[0].first.timestamp):
        mine = owner(at)
        if mine is not None:
            mine.by_staff.append(text)
    thumbs = select(feedback).where(feedback.c.viewer == viewer).order_by(feedback.c.id)
    for row in connection.execute(thumbs):
        mine = owner(answered_at(row.message_id, row.at))
        if mine is not None:
            mine.thumbs.append(row.verdict)
    scores = select(satisfaction).where(satisfaction.c.viewer == viewer)
    for row in connection.execute(scores.order_by(satisfaction.c.id)):
        mine = owner(row.at)
        if mine is not None:
            mine.scores.append(row.score)


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
