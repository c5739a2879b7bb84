"""Messages on their way: replays recognised, and messages that come later."""

from __future__ import annotations

import json
import time
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import insert, reading, writing
from bot.store.schema import messages_seen, outbox

# A message whose answer never came (the server was stopped) may be sent again after this.
ABANDONED_SECONDS = 60.0


class MessagesSeen:
    """Recognises a message that is sent twice, across processes, and keeps its answer.

    Methods raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def first_time(self, channel: str, viewer: str, client_id: str) -> bool:
        """Whether this message is new, and now being answered by the caller.

        Of several callers at once exactly one is told True. A message taken up more than a minute
        ago that was never answered counts as new.
        """
        now = time.time()
        with writing(self._engine) as connection:
            done = connection.execute(
                insert(connection, messages_seen)
                .values(**_key(channel, viewer, client_id), at=now)
                .on_conflict_do_update(
                    index_elements=["channel", "viewer", "client_id"],
                    set_={"at": now},
                    where=messages_seen.c.reply.is_(None)
                    & (messages_seen.c.at < now - ABANDONED_SECONDS),
                )
            )
            return bool(done.rowcount)

    def store_reply(
        self, channel: str, viewer: str, client_id: str, reply: list[dict[str, Any]]
    ) -> None:
        """Keep the answer to a message, for when it is sent again."""
        with writing(self._engine) as connection:
            connection.execute(
                update(messages_seen)
                .where(*_same(channel, viewer, client_id))
                .values(reply=storable.dump(reply))
            )

    def reply(self, channel: str, viewer: str, client_id: str) -> list[dict[str, Any]] | None:
        """The answer that was given; None when there is none (yet)."""
        query = select(messages_seen.c.reply).where(*_same(channel, viewer, client_id))
        with reading(self._engine) as connection:
            kept = connection.execute(query).scalar()
        return None if kept is None else json.loads(kept)

    def forget(self, channel: str, viewer: str, client_id: str) -> None:
        """The message could not be answered: sent again, it counts as new."""
        with writing(self._engine) as connection:
            connection.execute(
                delete(messages_seen).where(
                    *_same(channel, viewer, client_id), messages_seen.c.reply.is_(None)
                )
            )


class Outbox:
    """Messages that a viewer gets later, in order, for a stream to pick up.

    Methods raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, viewer: str, message: dict[str, Any]) -> int:
        """Add a message for `viewer`; its id, larger than all before."""
        with writing(self._engine) as connection:
            done = connection.execute(
                outbox.insert().values(
                    viewer=storable.text(viewer), message=storable.dump(message), at=time.time()
                )
            )
            return int(done.inserted_primary_key[0])

    def after(
        self, viewer: str, last_id: int = 0, limit: int = 100
    ) -> list[tuple[int, dict[str, Any]]]:
        """The messages after `last_id` with their ids, oldest first, at most `limit`."""
        query = (
            select(outbox.c.id, outbox.c.message)
            .where(outbox.c.viewer == storable.text(viewer), outbox.c.id > last_id)
            .order_by(outbox.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [(row.id, json.loads(row.message)) for row in connection.execute(query)]

    def last_id(self, viewer: str) -> int:
        """The id of the newest message; 0 when there is none."""
        query = (
            select(outbox.c.id)
            .where(outbox.c.viewer == storable.text(viewer))
            .order_by(outbox.c.id.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar() or 0)


def _key(channel: str, viewer: str, client_id: str) -> dict[str, str]:
    return {
        "channel": channel,
        "viewer": storable.text(viewer),
        "client_id": storable.text(client_id, 200),
    }


def _same(channel: str, viewer: str, client_id: str) -> list[Any]:
    return [
        messages_seen.c[name] == value for name, value in _key(channel, viewer, client_id).items()
    ]
