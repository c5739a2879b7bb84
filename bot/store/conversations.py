"""Reads and writes conversations: their events, and where the part kept at hand begins."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

from rasa.shared.core.events import Event
from sqlalchemy import delete, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.store import desk_rows, event_rows, storable
from bot.store.conversation_window import Carried
from bot.store.database import insert, reading, writing
from bot.store.schema import events, tracker_snapshots


class ConversationChanged(RuntimeError):  # noqa: N818 - says a state, as callers read it
    """Another process wrote to the conversation meanwhile; nothing was saved."""


@dataclass(frozen=True)
class Loaded:
    """A part of a conversation: its events, the state before them, the number of the last."""

    events: list[Event]
    carried: Carried
    seq: int


@dataclass(frozen=True)
class Snapshot:
    """The part at hand begins after event number `seq` in the state `carried`."""

    seq: int
    carried: Carried


class Conversations:
    """The tables of conversations.

    Methods raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, sender_id: str) -> Loaded | None:
        """The part at hand; None when there is no such conversation."""
        sender_id = storable.text(sender_id)
        snapshot = select(tracker_snapshots.c.seq, tracker_snapshots.c.state).where(
            tracker_snapshots.c.sender_id == sender_id
        )
        with reading(self._engine) as connection:
            begin = connection.execute(snapshot).first()
            rows = connection.execute(
                select(events.c.seq, events.c.data)
                .where(events.c.sender_id == sender_id, events.c.seq > (begin.seq if begin else 0))
                .order_by(events.c.seq)
            ).all()
        carried = Carried(**json.loads(begin.state)) if begin else Carried()
        return _loaded(rows, carried)

    def load_all(self, sender_id: str) -> Loaded | None:
        """The whole conversation; None when there is none."""
        sender_id = storable.text(sender_id)
        query = (
            select(events.c.seq, events.c.data)
            .where(events.c.sender_id == sender_id)
            .order_by(events.c.seq)
        )
        with reading(self._engine) as connection:
            return _loaded(connection.execute(query).all(), Carried())

    def last_seq(self, sender_id: str) -> int:
        """The number of the last event; 0 when there is none."""
        sender_id = storable.text(sender_id)
        query = select(func.max(events.c.seq)).where(events.c.sender_id == sender_id)
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar() or 0)

    def append(
        self, sender_id: str, after: int, rows: list[dict[str, Any]], snapshot: Snapshot | None
    ) -> bool:
        """Append `rows`, numbered from `after` + 1, and move the snapshot, both or neither.

        Returns:
            False when the event `after` is gone: the conversation was deleted meanwhile. The rows
            are kept, the snapshot is not, for it would bring back what was deleted.

        Raises:
            ConversationChanged: another process has written these numbers.
        """
        sender_id = storable.text(sender_id)
        last = select(events.c.id).where(events.c.sender_id == sender_id, events.c.seq == after)
        try:
            with writing(self._engine) as connection:
                whole = not after or connection.execute(last).first() is not None
                connection.execute(events.insert(), rows)
                if snapshot is not None and whole:
                    values = {
                        "seq": snapshot.seq,
                        "state": storable.dump(asdict(snapshot.carried)),
                        "at": time.time(),
                    }
                    connection.execute(
                        insert(connection, tracker_snapshots)
                        .values(sender_id=sender_id, **values)
                        .on_conflict_do_update(index_elements=["sender_id"], set_=values)
                    )
        except IntegrityError as error:
            if "unique" not in str(error.orig).casefold():
                raise
            raise ConversationChanged(
                f"conversation {sender_id!r} was changed by another process"
            ) from error
        return whole

    def delete(self, sender_id: str) -> int:
        """Delete a conversation; how many events it had."""
        sender_id = storable.text(sender_id)
        with writing(self._engine) as connection:
            connection.execute(
                delete(tracker_snapshots).where(tracker_snapshots.c.sender_id == sender_id)
            )
            gone = connection.execute(delete(events).where(events.c.sender_id == sender_id))
            desk_rows.forget(connection, [sender_id])
            return int(gone.rowcount)

    def senders(self) -> list[str]:
        """Whose conversations there are."""
        with reading(self._engine) as connection:
            return list(connection.execute(select(events.c.sender_id).distinct()).scalars())


def _loaded(rows: list[Any], carried: Carried) -> Loaded | None:
    if not rows:
        return None
    found = (event_rows.event_of(row.data) for row in rows)
    return Loaded([event for event in found if event is not None], carried, rows[-1].seq)
