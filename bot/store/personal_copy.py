"""All that is kept about one viewer, table by table: to hand over, or to delete."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, delete, select
from sqlalchemy.engine import Connection

from bot.store import desk_rows
from bot.store.answering_schema import notes, open_conversations
from bot.store.desk_schema import conversations
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.judging_schema import appeals, flags
from bot.store.schema import (
    cases,
    events,
    failures,
    handoffs,
    messages_seen,
    outbox,
    ratings,
    refusals,
    seen,
    tracker_snapshots,
    viewers,
    watchlist,
)
from bot.store.teaching_schema import conversation_tests, sentences
from bot.store.uploads_schema import uploads

# A table that keeps something of a viewer's belongs here; a test looks for tables left out.
# Those that others refer to come last.
OWNED: tuple[Column, ...] = (
    ratings.c.viewer,
    seen.c.viewer,
    refusals.c.viewer,
    watchlist.c.viewer,
    appeals.c.viewer,
    flags.c.viewer,
    notes.c.viewer,
    open_conversations.c.viewer,
    sentences.c.viewer,
    conversation_tests.c.viewer,
    cases.c.viewer,
    handoffs.c.viewer,
    failures.c.viewer,
    conversations.c.viewer,
    events.c.sender_id,
    tracker_snapshots.c.sender_id,
    messages_seen.c.viewer,
    outbox.c.viewer,
    feedback.c.viewer,
    satisfaction.c.viewer,
    uploads.c.viewer,
    viewers.c.id,
)
# Columns that hold JSON.
_JSON = {
    "events": ("data",),
    "tracker_snapshots": ("state",),
    "messages_seen": ("reply",),
    "outbox": ("message",),
    "sentences": ("understood",),
}


def export(connection: Connection, viewer: str) -> dict[str, Any]:
    """Everything kept about `viewer`, ready for JSON: one list of rows a table."""
    kept: dict[str, Any] = {"viewer": viewer}
    for owner in OWNED:
        table = owner.table
        query = select(table).where(owner == viewer).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        for row in rows:
            row.pop(owner.name)
            for name in _JSON.get(table.name, ()):
                if isinstance(row[name], str):
                    row[name] = json.loads(row[name])
        kept["conversation" if table is events else table.name] = rows
    return kept


def delete_all(connection: Connection, viewer: str) -> dict[str, int]:
    """Delete everything kept about `viewer`; rows deleted, by table."""
    deleted = {conversations.name: desk_rows.forget(connection, [viewer])}
    for owner in OWNED:
        if owner.table is not conversations:
            gone = connection.execute(delete(owner.table).where(owner == viewer))
            deleted[owner.table.name] = gone.rowcount
    return deleted
