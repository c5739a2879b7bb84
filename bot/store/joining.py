"""Makes two viewers one: what was kept about somebody nobody knew moves to who they are.

Ratings, lists, verdicts, pictures and the rest change their owner; where both have the same title
on a list, one entry stays. The conversation goes on at the end of the other one, in the order in
which each was had.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, delete, func, select, update
from sqlalchemy.engine import Connection, Engine

from bot.store import desk_rows, storable
from bot.store.database import insert, writing
from bot.store.desk_schema import conversations
from bot.store.personal_copy import OWNED
from bot.store.schema import events, tracker_snapshots, viewers

# Tables that are joined otherwise than by a new owner.
_APART = (
    viewers.c.id,
    events.c.sender_id,
    tracker_snapshots.c.sender_id,
    conversations.c.viewer,
)


def join(engine: Engine, viewer: str, into: str) -> dict[str, int]:
    """Move everything kept about `viewer` to `into`, all or nothing.

    The caller holds both conversations still and forgets them in memory afterwards.

    Returns:
        Rows moved, by table.

    Raises:
        DatabaseUnavailable: nothing was moved.
    """
    viewer, into = storable.text(viewer), storable.text(into)
    moved: dict[str, int] = {}
    if viewer == into:
        return moved
    with writing(engine) as connection:
        _know(connection, viewer, into)
        for owner in OWNED:
            if owner not in _APART:
                moved[owner.table.name] = _hand_over(connection, owner, viewer, into)
        moved["events"] = _append(connection, viewer, into)
        if moved["events"]:
            # What the desk knows of both is made anew from their joined events.
            desk_rows.forget(connection, [viewer, into])
        connection.execute(delete(tracker_snapshots).where(tracker_snapshots.c.sender_id == viewer))
        connection.execute(delete(viewers).where(viewers.c.id == viewer))
    return moved


def _know(connection: Connection, viewer: str, into: str) -> None:
    first = connection.execute(select(viewers.c.first_at).where(viewers.c.id == viewer)).scalar()
    if first is not None:
        connection.execute(
            insert(connection, viewers).values(id=into, first_at=first).on_conflict_do_nothing()
        )


def _hand_over(connection: Connection, owner: Column, viewer: str, into: str) -> int:
    """Change the owner of the rows; one that the other has already is left to them."""
    table = owner.table
    for columns in _unique(owner):
        twin = table.alias()
        same: list[Any] = [twin.c[name] == table.c[name] for name in columns]
        theirs = select(twin.c[owner.name]).where(twin.c[owner.name] == into, *same).exists()
        connection.execute(
            delete(table)
            .where(owner == viewer, theirs)
            .execution_options(synchronize_session=False)
        )
    done = connection.execute(update(table).where(owner == viewer).values({owner.name: into}))
    return int(done.rowcount)


def _unique(owner: Column) -> list[list[str]]:
    """The other columns of every key that the owner is part of."""
    table = owner.table
    keys = [list(table.primary_key.columns)]
    keys += [list(index.columns) for index in table.indexes if index.unique]
    return [[each.name for each in key if each is not owner] for key in keys if owner in key]


def _append(connection: Connection, viewer: str, into: str) -> int:
    last = select(func.max(events.c.seq)).where(events.c.sender_id == into)
    after = int(connection.execute(last).scalar() or 0)
    if not after:
        # The state that the part at hand begins with holds for the moved conversation alone.
        connection.execute(delete(tracker_snapshots).where(tracker_snapshots.c.sender_id == into))
        connection.execute(
            update(tracker_snapshots)
            .where(tracker_snapshots.c.sender_id == viewer)
            .values(sender_id=into)
        )
    done = connection.execute(
        update(events)
        .where(events.c.sender_id == viewer)
        .values(sender_id=into, seq=events.c.seq + after)
    )
    return int(done.rowcount)
