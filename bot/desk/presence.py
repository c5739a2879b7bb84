"""Who of the staff has the desk open, and where they are: a sign of life every few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.desk.people import Person
from bot.store.answering_schema import presence
from bot.store.database import insert, reading, writing

# Somebody whose last sign is older is away; pages send one every 10 s, hidden ones every minute.
HERE_SECONDS = 75.0


@dataclass(frozen=True)
class Present:
    """Somebody at the desk; `looks_at` is the viewer whose conversation they read."""

    person: Person
    available: bool
    looks_at: str | None
    at: float


class Presence:
    """Signs of life; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sign(
        self, person: Person, looks_at: str | None = None, available: bool | None = None
    ) -> None:
        """`person` is here; `available` None leaves what they chose (at first: available)."""
        known = {"name": person.name, "looks_at": looks_at, "at": time.time()}
        if available is not None:
            known["available"] = available
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, presence)
                .values(**{"person": person.id, "available": True, **known})
                .on_conflict_do_update(index_elements=["person"], set_=known)
            )

    def here(self, seconds: float = HERE_SECONDS) -> list[Present]:
        """Who gave a sign within the last `seconds`, by name."""
        query = (
            select(presence)
            .where(presence.c.at >= time.time() - seconds)
            .order_by(presence.c.name, presence.c.person)
        )
        with reading(self._engine) as connection:
            return [
                Present(Person(row.person, row.name), row.available, row.looks_at, row.at)
                for row in connection.execute(query)
            ]
