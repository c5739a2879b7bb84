"""Saved views of the list: a person's own, and those shared with everybody."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.engine import Engine

from bot.store import storable
from bot.store.database import insert, reading, writing
from bot.store.desk_schema import saved_views

NAME_LIMIT = 80
QUERY_LIMIT = 2000
MOST = 100


class ViewError(ValueError):
    """A view has no name, or there are too many of them; the message says which."""


@dataclass(frozen=True)
class View:
    """A saved view: the query string of the list under a name."""

    id: int
    owner: str
    name: str
    shared: bool
    query: str


class SavedViews:
    """The views; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, person: str) -> list[View]:
        """What `person` may use: their own and the shared ones, by name."""
        query = select(saved_views).where(
            or_(saved_views.c.owner == person, saved_views.c.shared == 1)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(saved_views.c.name, saved_views.c.id))
            return [View(r.id, r.owner, r.name, bool(r.shared), r.query) for r in rows]

    def save(self, person: str, name: str, query: str, shared: bool) -> None:
        """Keep a view, in place of the person's own one of that name.

        Raises:
            ViewError: "name" or "many".
        """
        name = storable.text(" ".join(name.split()), NAME_LIMIT)
        if not name:
            raise ViewError("name")
        values = {
            "shared": int(shared),
            "query": storable.text(query, QUERY_LIMIT),
            "at": time.time(),
        }
        mine = select(saved_views.c.id).where(saved_views.c.owner == person).limit(MOST)
        with writing(self._engine) as connection:
            if len(connection.execute(mine).all()) >= MOST:
                raise ViewError("many")
            connection.execute(
                insert(connection, saved_views)
                .values(owner=storable.text(person, 160), name=name, **values)
                .on_conflict_do_update(index_elements=["owner", "name"], set_=values)
            )

    def delete(self, person: str, view: int) -> bool:
        """Delete one of the person's own views; False when it is not theirs."""
        mine = (saved_views.c.id == view) & (saved_views.c.owner == person)
        with writing(self._engine) as connection:
            return bool(connection.execute(delete(saved_views).where(mine)).rowcount)
