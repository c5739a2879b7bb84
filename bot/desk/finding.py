"""Finds conversations: a page of them by every filter at once, without ever counting them all.

What is rare is asked first. Marks and records of others give sets of ids where they are few; the
full-text index gives ids in their order; what remains is asked of `conversations`, some hundred
ids at a time, until the page is full. Without anything rare the list is read along its order.
PostgreSQL is told all of that at once and chooses the way itself.
Pages begin after a key (what the list is sorted by, and the id), so that the thousandth costs what
the first did.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, and_, any_, column, literal, or_, select, text
from sqlalchemy.engine import Connection, Engine

from bot.desk import matching
from bot.desk.asking import Condition, asked
from bot.desk.filters import Filters
from bot.desk.neighbours import Around, around
from bot.desk.sequence import LEFT_SECONDS
from bot.store.database import reading
from bot.store.desk_schema import conversations

PAGE = 40
_AT_ONCE = 400
_FIRST = 120
# So many conversations are put into order rather than met along it.
_FEW = 2_000
# Pages are cut short rather than waited for: so long may one look-up take.
PATIENCE_SECONDS = 2.0

_ORDER: dict[str, tuple[Any, bool]] = {
    "newest": (conversations.c.id, True),
    "active": (conversations.c.last_at, True),
    "unsure": (conversations.c.lowest_confidence, False),
    "longest": (conversations.c.viewer_messages, True),
}


@dataclass(frozen=True)
class Found:
    """A conversation in a list, with what others keep about it."""

    row: Any
    around: Around

    @property
    def status(self) -> str:
        """waiting | taken | live | over."""
        if self.around.taken:
            return "taken"
        if self.around.waiting:
            return "waiting"
        return "live" if self.row.last_at > time.time() - LEFT_SECONDS else "over"


@dataclass(frozen=True)
class Page:
    """Conversations, and the key of the page after them ("" at the end).

    `partial`: looking took too long; the page goes on where it stopped.
    """

    found: list[Found]
    after: str = ""
    partial: bool = False


class Finder:
    """Looks conversations up; methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, filters: Filters, after: str = "", size: int = PAGE) -> Page:
        """A page of the conversations that `filters` describe.

        Args:
            filters: what they must be like.
            after: the key that the page before gave; one that cannot be read is the beginning.
            size: the most conversations.
        """
        with reading(self._engine) as connection:
            rows, key, partial = _Search(connection, filters, size).rows(_key(after))
            beside = around(connection, rows)
            return Page([Found(row, beside[row.id]) for row in rows], key, partial)

    def viewer(self, conversation: int) -> str | None:
        """Whose conversation it is; None when there is none of that number."""
        query = select(conversations.c.viewer).where(conversations.c.id == conversation)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar()


class _Search:
    def __init__(self, connection: Connection, filters: Filters, size: int) -> None:
        self.connection, self.filters, self.size = connection, filters, size
        self.column, self.falling = _ORDER[filters.sort]
        self.until = time.monotonic() + PATIENCE_SECONDS
        self.conditions, self.sets = asked(connection, filters)

    def rows(self, after: tuple[float, int] | None) -> tuple[list[Any], str, bool]:
        if any(not each for each in self.sets):
            return [], "", False
        if self.connection.dialect.name == "postgresql":
            return self._planned(after)
        if not self.sets and not self.filters.terms:
            return self._along(after)
        if self.filters.sort == "newest":
            return self._through(self._candidates(after[1] if after else None))
        return self._sorted(after)

    # Ways through the list.

    def _planned(self, after: tuple[float, int] | None) -> tuple[list[Any], str, bool]:
        """In PostgreSQL one query with all that is asked: its planner sees what is the shortest."""
        connection, terms = self.connection, self.filters.terms
        common = False
        if terms:
            self.conditions.append(matching.conversation(terms))
            few = matching.few(connection, terms)
            common = few is None
            self.sets += [few] if few is not None else []
        if self.sets:
            known = sorted(set.intersection(*self.sets))
            # One array, not thousands of parameters.
            self.conditions.append(conversations.c.id == any_(literal(known, ARRAY(BigInteger))))
        if not common:
            return self._along(after)
        # Pairs of characters go together, which the planner does not know: it would fetch all that
        # hold a word where the first of the list suffice.
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        found = self._along(after)
        connection.execute(text("SET LOCAL enable_bitmapscan = on"))
        return found

    def _along(self, after: tuple[float, int] | None) -> tuple[list[Any], str, bool]:
        """Read along the order of the list."""
        query = select(conversations).where(*self.conditions)
        if after is not None:
            query = query.where(self._beyond(after))
        rows = self.connection.execute(query.order_by(*self._by()).limit(self.size + 1)).all()
        return self._cut(rows)

    def _through(self, candidates: Iterator[list[int]]) -> tuple[list[Any], str, bool]:
        """Ask for the candidates in their order, some at a time."""
        rows: list[Any] = []
        for some in candidates:
            query = select(conversations).where(conversations.c.id.in_(some), *self.conditions)
            rows += self.connection.execute(query.order_by(conversations.c.id.desc())).all()
            if len(rows) > self.size:
                break
            if time.monotonic() > self.until:
                return rows, f"{some[-1]}:{some[-1]}", True
        return self._cut(rows)

    def _sorted(self, after: tuple[float, int] | None) -> tuple[list[Any], str, bool]:
        """Read along another order than the one that the index and the sets come in."""
        if self.filters.terms:
            source = matching.ids(self.connection, self.filters.terms, None)
            first = set(islice(source, _FEW + 1))
            if len(first) <= _FEW:
                self.sets.append(first)
            else:
                self.conditions.append(matching.indexed(self.filters.terms))
        if self.sets:
            known = json.dumps(sorted(set.intersection(*self.sets)))
            each = text("SELECT value FROM json_each(:known)").bindparams(known=known)
            self.conditions.append(conversations.c.id.in_(each.columns(column("value", Integer))))
        return self._along(after)

    def _by(self) -> list[Any]:
        newest = conversations.c.id.desc()
        if self.column is conversations.c.id:
            return [newest]
        # The id goes the way of the column, so that one index serves both.
        return [self.column.desc(), newest] if self.falling else [self.column, conversations.c.id]

    def _beyond(self, after: tuple[float, int]) -> Condition:
        value, known = after
        if self.column is conversations.c.id:
            return conversations.c.id < known
        less = self.column < value if self.falling else self.column > value
        next_id = conversations.c.id < known if self.falling else conversations.c.id > known
        bound = self.column <= value if self.falling else self.column >= value
        return and_(bound, or_(less, next_id))

    def _cut(self, rows: list[Any]) -> tuple[list[Any], str, bool]:
        page = rows[: self.size]
        if len(rows) <= self.size:
            return page, "", False
        return page, f"{getattr(page[-1], self.column.name)!r}:{page[-1].id}", False

    def _candidates(self, before: int | None) -> Iterator[list[int]]:
        """Ids that are in every set and, where something is looked for, in the index; falling."""
        known = set.intersection(*self.sets) if self.sets else None
        source: Iterable[int] = sorted(known or (), reverse=True)
        if self.filters.terms:
            source = matching.ids(self.connection, self.filters.terms, before)
        some: list[int] = []
        room = _FIRST
        for each in source:
            if (before is not None and each >= before) or (known is not None and each not in known):
                continue
            some.append(each)
            if len(some) == room:
                yield some
                some, room = [], _AT_ONCE
        if some:
            yield some


def _key(after: str) -> tuple[float, int] | None:
    value, _, known = after.partition(":")
    try:
        return float(value), int(known)
    except ValueError:
        return None
