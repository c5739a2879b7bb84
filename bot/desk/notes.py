"""Private notes of the staff about a viewer; viewers never see them in the chat."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.desk.people import Person, Refused
from bot.store import storable
from bot.store.answering_schema import notes
from bot.store.database import reading, writing
from bot.store.privacy import mask

TEXT_LIMIT = 2000


@dataclass(frozen=True)
class Note:
    """A note; `at` is in seconds since 1970."""

    id: int
    text: str
    author: Person
    at: float


class Notes:
    """Notes by viewer; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, viewer: str, text: str, author: Person) -> int:
        """Keep a note, masked.

        Raises:
            Refused: it is "blank" or "too_long".
        """
        text = text.strip()
        if not text:
            raise Refused("blank")
        if len(text) > TEXT_LIMIT:
            raise Refused("too_long")
        with writing(self._engine) as connection:
            done = connection.execute(
                notes.insert().values(
                    viewer=storable.text(viewer),
                    text=storable.text(mask(text)),
                    author=author.id,
                    author_name=author.name,
                    at=time.time(),
                )
            )
            return int(done.inserted_primary_key[0])

    def about(self, viewer: str, limit: int = 50) -> list[Note]:
        """The newest notes about a viewer, newest first."""
        query = (
            select(notes)
            .where(notes.c.viewer == storable.text(viewer))
            .order_by(notes.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [
                Note(row.id, row.text, Person(row.author, row.author_name), row.at)
                for row in connection.execute(query)
            ]
