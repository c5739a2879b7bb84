"""What is kept about a viewer: ratings, titles seen and refused, the watchlist."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.engine import Connection, Engine

from bot.store import personal_copy, storable
from bot.store.database import insert, reading, writing
from bot.store.schema import ratings, refusals, seen, viewers, watchlist
from bot.store.uploads import UploadStore
from bot.store.uploads_schema import uploads


@dataclass(frozen=True)
class Rating:
    """A viewer's opinion of a title: `value` from 0.5 to 5."""

    title_id: str
    value: float
    at: datetime


class ViewerStore:
    """Ratings and lists of titles per viewer.

    Every method raises `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rate(self, viewer: str, title_id: str, value: float, source: str) -> None:
        """Keep a rating; it counts in place of an earlier one, which can come back.

        Args:
            viewer: whose rating.
            title_id: the canonical id of the title.
            value: 0.5 to 5.
            source: how it was given ("number", "words", …).

        Raises:
            ValueError: `value` is out of range.
        """
        if not 0.5 <= value <= 5.0:
            raise ValueError(f"a rating is from 0.5 to 5, not {value}")
        with writing(self._engine) as connection:
            connection.execute(
                ratings.insert().values(
                    viewer=_known(connection, viewer),
                    title_id=title_id,
                    value=float(value),
                    source=source,
                    at=time.time(),
                )
            )

    def ratings(self, viewer: str) -> list[Rating]:
        """The ratings that count, one a title, newest first."""
        found: dict[str, Rating] = {}
        for row in self._rows(
            select(ratings.c.title_id, ratings.c.value, ratings.c.at)
            .where(ratings.c.viewer == storable.text(viewer))
            .order_by(ratings.c.id.desc())
        ):
            found.setdefault(row.title_id, _rating(row))
        return list(found.values())

    def take_back(self, viewer: str, title_id: str | None = None) -> Rating | None:
        """Undo the last rating, of `title_id` when given; the one before it counts again.

        Returns:
            What was taken back; None when there was nothing.
        """
        last = select(ratings).where(ratings.c.viewer == storable.text(viewer))
        if title_id is not None:
            last = last.where(ratings.c.title_id == title_id)
        last = last.order_by(ratings.c.id.desc()).limit(1).with_for_update()
        with writing(self._engine) as connection:
            row = connection.execute(last).first()
            if row is None:
                return None
            gone = connection.execute(delete(ratings).where(ratings.c.id == row.id))
            return _rating(row) if gone.rowcount else None

    def refuse(self, viewer: str, title_id: str) -> bool:
        """Never offer `title_id` again; False when that was so already."""
        return self._add(refusals, viewer, title_id)

    def unrefuse(self, viewer: str, title_id: str) -> bool:
        """Undo a refusal; False when there was none."""
        return self._remove(refusals, viewer, title_id)

    def refusals(self, viewer: str) -> set[str]:
        """The titles refused."""
        return set(self._titles(refusals, viewer))

    def mark_seen(self, viewer: str, title_id: str) -> bool:
        """Remember that a title has been seen; False when that was known."""
        return self._add(seen, viewer, title_id)

    def unmark_seen(self, viewer: str, title_id: str) -> bool:
        """Undo `mark_seen`; False when it was not marked."""
        return self._remove(seen, viewer, title_id)

    def seen(self, viewer: str) -> set[str]:
        """The titles marked as seen."""
        return set(self._titles(seen, viewer))

    def watchlist(self, viewer: str) -> list[str]:
        """The watchlist, newest first."""
        return self._titles(watchlist, viewer)

    def watchlist_add(self, viewer: str, title_id: str) -> bool:
        """Put a title on the watchlist; False when it was on it."""
        return self._add(watchlist, viewer, title_id)

    def watchlist_remove(self, viewer: str, title_id: str) -> bool:
        """Take a title off the watchlist; False when it was not on it."""
        return self._remove(watchlist, viewer, title_id)

    def export(self, viewer: str) -> dict[str, Any]:
        """Everything that is kept about a viewer, conversations included, ready for JSON."""
        with reading(self._engine) as connection:
            return personal_copy.export(connection, storable.text(viewer))

    def delete(self, viewer: str) -> dict[str, int]:
        """Delete everything that is kept about a viewer.

        Returns:
            Rows deleted, by table.
        """
        viewer = storable.text(viewer)
        pictures = select(uploads.c.id).where(uploads.c.viewer == viewer)
        with writing(self._engine) as connection:
            names = list(connection.execute(pictures).scalars())
            deleted = personal_copy.delete_all(connection, viewer)
        UploadStore(self._engine).unlink(names)
        return deleted

    def _add(self, table: Table, viewer: str, title_id: str) -> bool:
        with writing(self._engine) as connection:
            done = connection.execute(
                insert(connection, table)
                .values(viewer=_known(connection, viewer), title_id=title_id, at=time.time())
                .on_conflict_do_nothing()
            )
            return bool(done.rowcount)

    def _remove(self, table: Table, viewer: str, title_id: str) -> bool:
        row = (table.c.viewer == storable.text(viewer)) & (table.c.title_id == title_id)
        with writing(self._engine) as connection:
            return bool(connection.execute(delete(table).where(row)).rowcount)

    def _titles(self, table: Table, viewer: str) -> list[str]:
        newest_first = (
            select(table.c.title_id)
            .where(table.c.viewer == storable.text(viewer))
            .order_by(table.c.at.desc(), table.c.title_id)
        )
        return [row.title_id for row in self._rows(newest_first)]

    def _rows(self, query: Any) -> list[Any]:
        with reading(self._engine) as connection:
            return list(connection.execute(query))


def _known(connection: Connection, viewer: str) -> str:
    viewer = storable.text(viewer)
    connection.execute(
        insert(connection, viewers).values(id=viewer, first_at=time.time()).on_conflict_do_nothing()
    )
    return viewer


def _rating(row: Any) -> Rating:
    return Rating(row.title_id, row.value, datetime.fromtimestamp(row.at, timezone.utc))
