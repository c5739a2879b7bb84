"""Edits of the answers about the service, layered over the files of data/faq."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import reading, writing
from bot.store.teaching_schema import faq_edits


@dataclass(frozen=True)
class FaqEdit:
    """One edit; `content` as an entry of data/faq, None where the file's entry came back."""

    id: int
    entry: str
    topic: str
    content: dict[str, Any] | None
    author: str
    at: float


class FaqEdits:
    """The edits; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stamp(self) -> int:
        """A number that changes with every edit."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.max(faq_edits.c.id))).scalar() or 0)

    def current(self) -> dict[str, FaqEdit]:
        """The newest edit of each entry that differs from the files."""
        newest = select(func.max(faq_edits.c.id)).group_by(faq_edits.c.entry)
        query = select(faq_edits).where(faq_edits.c.id.in_(newest), faq_edits.c.content.isnot(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(faq_edits.c.id)).all()
        return {row.entry: _edit(row) for row in rows}

    def history(self, entry: str) -> list[FaqEdit]:
        """Every edit of an entry, newest first."""
        query = select(faq_edits).where(faq_edits.c.entry == entry).order_by(faq_edits.c.id.desc())
        with reading(self._engine) as connection:
            return [_edit(row) for row in connection.execute(query)]

    def add(self, entry: str, topic: str, content: dict[str, Any] | None, author: str) -> int:
        """Keep an edit; None puts the file's entry back."""
        with writing(self._engine) as connection:
            done = connection.execute(
                faq_edits.insert().values(
                    entry=entry,
                    topic=topic,
                    content=None if content is None else storable.dump(content),
                    author=author,
                    at=time.time(),
                )
            )
            return int(done.inserted_primary_key[0])


def _edit(row: Any) -> FaqEdit:
    content = None if row.content is None else json.loads(row.content)
    return FaqEdit(row.id, row.entry, row.topic, content, row.author, row.at)
