"""Who of the staff has the desk open, and where they are: a sign of life every few seconds."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine

from bot.desk.people import Person
from bot.store.answering_schema import open_conversations, presence
from bot.store.database import insert, reading, writing

# Somebody whose last sign is older is away; pages send one every 10 s, hidden ones every minute.
HERE_SECONDS = 75.0


@dataclass(frozen=True)
class Present:
    """Somebody at the desk; `reads` are the viewers whose conversations they have open."""

    person: Person
    available: bool
    reads: tuple[str, ...]
    at: float


class Presence:
    """Signs of life; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sign(
        self, person: Person, viewer: str | None = None, available: bool | None = None
    ) -> None:
        """`person` is here.

        Args:
            person: of the staff.
            viewer: whose conversation the page that gives the sign shows.
            available: for handoffs; None leaves what they chose (at first: available).
        """
        now = time.time()
        known = {"name": person.name, "at": now}
        if available is not None:
            known["available"] = available
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, presence)
                .values(**{"person": person.id, "available": True, **known})
                .on_conflict_do_update(index_elements=["person"], set_=known)
            )
            mine = open_conversations.c.person == person.id
            over = open_conversations.c.at < now - HERE_SECONDS
            connection.execute(delete(open_conversations).where(mine, over))
            if viewer is not None:
                connection.execute(
                    insert(connection, open_conversations)
                    .values(person=person.id, viewer=viewer, at=now)
                    .on_conflict_do_update(index_elements=["person", "viewer"], set_={"at": now})
                )

    def closed(self, person: Person, viewer: str) -> None:
        """The page with the conversation of `viewer` is shown no more."""
        with writing(self._engine) as connection:
            connection.execute(
                delete(open_conversations).where(
                    open_conversations.c.person == person.id,
                    open_conversations.c.viewer == viewer,
                )
            )

    def here(self, seconds: float = HERE_SECONDS) -> list[Present]:
        """Who gave a sign within the last `seconds`, by name."""
        since = time.time() - seconds
        people = (
            select(presence)
            .where(presence.c.at >= since)
            .order_by(presence.c.name, presence.c.person)
        )
        shown = (
            select(open_conversations)
            .where(open_conversations.c.at >= since)
            .order_by(open_conversations.c.viewer)
        )
        reads: defaultdict[str, list[str]] = defaultdict(list)
        with reading(self._engine) as connection:
            for row in connection.execute(shown):
                reads[row.person].append(row.viewer)
            return [
                Present(
                    Person(row.person, row.name), row.available, tuple(reads[row.person]), row.at
                )
                for row in connection.execute(people)
            ]
