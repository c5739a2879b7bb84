"""Puts the rows of a viewer's conversations in place of those that were made before."""

from __future__ import annotations

import math

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.desk.aside import add_asides
from bot.desk.daily import day_of
from bot.desk.reading import conversations as read_conversations
from bot.desk.rows import TABLES, rows_of
from bot.desk.turns import Stored
from bot.store.desk_schema import conversations, desk_stale
from bot.store.metadata import METADATA
from bot.store.schema import events

# From which of a viewer's conversations on: the last one, or all.
LAST, WHOLE = math.inf, -math.inf


def replace(connection: Connection, sender: str, since: float) -> None:
    """Make the rows of a viewer's conversation at the time `since` again, and of all that
    follows."""
    theirs = conversations.c.viewer == sender
    begins = connection.execute(
        select(conversations.c.first_seq)
        .where(theirs, conversations.c.started_at <= since)
        .order_by(conversations.c.first_seq.desc())
        .limit(1)
    ).scalar()
    first_seq = begins or 0
    query = (
        select(events)
        .where(events.c.sender_id == sender, events.c.seq >= first_seq)
        .order_by(events.c.seq)
    )
    found = read_conversations(map(Stored.of, connection.execute(query)))
    add_asides(connection, sender, found)
    old = theirs & (conversations.c.first_seq >= first_seq)
    days = set(connection.execute(select(conversations.c.day).where(old).distinct()).scalars())
    connection.execute(delete(conversations).where(old))
    write(connection, rows_of(sender, found, connection.dialect.name))
    days |= {day_of(each.first.timestamp) for each in found}
    if days:
        # Always a new mark: whoever counts these days now has not seen this change.
        connection.execute(desk_stale.insert(), [{"day": day} for day in sorted(days)])


def write(connection: Connection, rows: dict[str, list[dict[str, object]]]) -> None:
    """Insert rows by table, in the order of `TABLES`."""
    for name in TABLES:
        if rows[name]:
            connection.execute(METADATA.tables[name].insert(), rows[name])
