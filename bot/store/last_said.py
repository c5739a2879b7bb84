"""What a viewer's last message says of them."""

from __future__ import annotations

from sqlalchemy import Column, select
from sqlalchemy.engine import Connection

from bot.store.schema import events


def last_said(connection: Connection, viewer: str, column: Column) -> str | None:
    """The value of `column` (of `events`) in the viewer's last message that has one."""
    query = select(column).where(
        events.c.sender_id == viewer, events.c.type_name == "user", column.isnot(None)
    )
    return connection.execute(query.order_by(events.c.seq.desc()).limit(1)).scalar()
