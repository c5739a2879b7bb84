"""Flags of the staff on conversations and messages, with a closed list of reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Select

from bot.desk.people import Person, Refused
from bot.store import storable
from bot.store.database import reading, writing
from bot.store.judging_schema import flags
from bot.store.privacy import mask
from bot.store.schema import events

REASONS = (
    "not_understood",
    "wrong_answer",
    "poor_recommendation",
    "wrong_language",
    "missed_abuse",
    "wrongly_moderated",
    "distress",
    "personal_data",
    "broken",
    "exemplary",
)
NOTE_LIMIT = 1000
PAGE = 50


@dataclass(frozen=True)
class Flag:
    """A flag on a conversation, or on the message `event` of it."""

    id: int
    viewer: str
    event: int | None
    reason: str
    note: str
    author: str
    at: float
    closed_at: float | None
    closed_by: str | None


class Flags:
    """The flags; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(
        self, viewer: str, reason: str, author: Person, event: int | None = None, note: str = ""
    ) -> int:
        """Flag a conversation, or the message `event` of it; the flag's number.

        The same open flag twice stays one.

        Raises:
            Refused: "unknown_reason", "too_long", or "not_there" when the message is not one of
                this conversation.
        """
        if reason not in REASONS:
            raise Refused("unknown_reason")
        if len(note) > NOTE_LIMIT:
            raise Refused("too_long")
        viewer = storable.text(viewer)
        with writing(self._engine) as connection:
            if event is not None:
                found = select(events.c.id).where(
                    events.c.id == event, events.c.sender_id == viewer
                )
                if connection.execute(found).first() is None:
                    raise Refused("not_there")
            same = select(flags.c.id).where(
                flags.c.viewer == viewer,
                flags.c.event.is_(None) if event is None else flags.c.event == event,
                flags.c.reason == reason,
                flags.c.closed_at.is_(None),
            )
            known = connection.execute(same).scalar()
            if known is not None:
                return int(known)
            done = connection.execute(
                flags.insert().values(
                    viewer=viewer,
                    event=event,
                    reason=reason,
                    note=storable.text(mask(note.strip())),
                    author=author.id,
                    at=time.time(),
                )
            )
            return int(done.inserted_primary_key[0])

    def close(self, flag_id: int, author: Person) -> bool:
        """It has been dealt with; False when it was before."""
        with writing(self._engine) as connection:
            done = connection.execute(
                update(flags)
                .where(flags.c.id == flag_id, flags.c.closed_at.is_(None))
                .values(closed_at=time.time(), closed_by=author.id)
            )
            return bool(done.rowcount)

    def open(self, reason: str | None = None, after: int = 0, limit: int = PAGE) -> list[Flag]:
        """Open flags, oldest first, with numbers above `after`."""
        query = select(flags).where(flags.c.closed_at.is_(None), flags.c.id > after)
        if reason is not None:
            query = query.where(flags.c.reason == reason)
        return self._flags(query.order_by(flags.c.id).limit(limit))

    def of(self, viewer: str) -> list[Flag]:
        """Every flag of a conversation, oldest first."""
        query = select(flags).where(flags.c.viewer == storable.text(viewer)).order_by(flags.c.id)
        return self._flags(query)

    def _flags(self, query: Select) -> list[Flag]:
        with reading(self._engine) as connection:
            return [Flag(**row) for row in connection.execute(query).mappings()]
