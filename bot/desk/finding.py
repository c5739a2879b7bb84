"""Finds conversations: a page of them by every filter at once, without ever counting them all.

What is rare is asked first. Marks and records of others give sets of ids where they are few; the
full-text index gives ids in their order; what remains is asked of `conversations`, some hundred
ids at a time, until the page is full. Without anything rare the list is read along its order.
Pages begin after a key (what the list is sorted by, and the id), so that the thousandth costs what
the first did.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, cast, exists, literal, or_, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import UserDefinedType

from bot.desk import neighbours
from bot.desk.filters import Filters
from bot.desk.neighbours import Around, around
from bot.desk.sequence import LEFT_SECONDS
from bot.desk.words import postgresql_queries, sqlite_query
from bot.store.database import reading
from bot.store.desk_schema import conversation_marks, conversation_words, conversations
from bot.store.schema import handoffs

PAGE = 40
# A mark that fewer conversations have is rare: their ids are asked for first.
RARE = 4_000
_MANY = 20_000
_AT_ONCE = 400
_FIRST = 120
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
        self.conditions: list[ColumnElement[bool]] = [conversations.c.messages > 0]
        self.sets: list[set[int]] = []

    def rows(self, after: tuple[float, int] | None) -> tuple[list[Any], str, bool]:
        self._scalars()
        self._marks()
        self._others()
        if self.filters.sort == "unsure":
            self.conditions.append(conversations.c.lowest_confidence.isnot(None))
        if any(not each for each in self.sets):
            return [], "", False
        if not self.sets and not self.filters.terms:
            return self._along(after)
        if self.filters.sort == "newest":
            return self._through(self._candidates(after[1] if after else None))
        return self._sorted(after)

    # What is asked of a conversation's own row.

    def _scalars(self) -> None:
        c, f = conversations.c, self.filters
        add = self.conditions.append
        for name in ("language", "channel", "version", "viewer"):
            if getattr(f, name):
                add(c[name] == getattr(f, name))
        if f.since is not None:
            add(c.started_at >= f.since)
        if f.until is not None:
            add(c.started_at < f.until)
        if f.shortest is not None:
            add(c.viewer_messages >= f.shortest)
        if f.longest is not None:
            add(c.viewer_messages <= f.longest)
        if f.fallback is not None:
            add(c.fallbacks > 0 if f.fallback else c.fallbacks == 0)
        if f.below is not None:
            add(c.lowest_confidence < f.below)
        if f.sequence is not None:
            add(or_(*(c.steps.like(each, escape="\\") for each in f.sequence.patterns)))
            if f.sequence.left:
                add(c.last_at < time.time() - LEFT_SECONDS)
        if f.status in ("live", "over"):
            recent = c.last_at > time.time() - LEFT_SECONDS
            add(recent if f.status == "live" else ~recent)

    def _marks(self) -> None:
        for number, (kind, value) in enumerate((*self.filters.marks, *self._of_sequence())):
            has = (conversation_marks.c.kind == kind) & (conversation_marks.c.value == value)
            query = select(conversation_marks.c.conversation).where(has).limit(RARE)
            ids = self.connection.execute(query).scalars().all()
            if len(ids) < RARE:
                self.sets.append(set(ids))
            elif number < len(self.filters.marks):
                owner = conversation_marks.c.conversation == conversations.c.id
                self.conditions.append(exists().where(has, owner))
            # What is common in a sequence is left to its pattern.

    def _of_sequence(self) -> Sequence[tuple[str, str]]:
        return self.filters.sequence.marks if self.filters.sequence else ()

    def _others(self) -> None:
        f, connection = self.filters, self.connection
        feedback, flags = neighbours.table("feedback"), neighbours.table("flags")
        satisfaction = neighbours.table("satisfaction")
        if f.feedback:
            self.sets.append(set())
            if feedback is not None:
                which = (
                    feedback.c.verdict == f.feedback if f.feedback != "any" else feedback.c.id > 0
                )
                self.sets[-1] = neighbours.belonging(connection, feedback, which)
        if f.rating:
            self.sets.append(set())
            if satisfaction is not None:
                which = satisfaction.c.score == f.rating
                self.sets[-1] = neighbours.belonging(connection, satisfaction, which)
        if f.flag:
            self.sets.append(set())
            if flags is not None:
                which = flags.c.closed_at.is_(None)
                if f.flag != "any":
                    which &= flags.c.reason == f.flag
                self.sets[-1] = neighbours.belonging(connection, flags, which, "event")
        if f.status in ("waiting", "taken") or f.assignee:
            taken = handoffs.c.get("taken_at")
            which, none = handoffs.c.closed_at.is_(None), handoffs.c.id < 0
            if f.status == "taken":
                which &= none if taken is None else taken.isnot(None)
            elif f.status == "waiting" and taken is not None:
                which &= taken.is_(None)
            if f.assignee:
                name = handoffs.c.get("assignee_name")
                which &= none if name is None else name == f.assignee
            self.sets.append(neighbours.belonging(connection, handoffs, which))

    # Ways through the list.

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
        """Put all candidates into another order than the one they come in."""
        rows: list[Any] = []
        partial = False
        for some in self._candidates(None):
            query = select(conversations).where(conversations.c.id.in_(some), *self.conditions)
            if after is not None:
                query = query.where(self._beyond(after))
            rows += self.connection.execute(query.order_by(*self._by()).limit(self.size + 1)).all()
            if time.monotonic() > self.until:
                partial = True
                break
        name, sign = self.column.name, -1 if self.falling else 1
        rows.sort(key=lambda row: (sign * getattr(row, name), sign * row.id))
        cut, key, _ = self._cut(rows)
        return cut, key, partial

    def _by(self) -> list[Any]:
        newest = conversations.c.id.desc()
        if self.column is conversations.c.id:
            return [newest]
        # The id goes the way of the column, so that one index serves both.
        return [self.column.desc(), newest] if self.falling else [self.column, conversations.c.id]

    def _beyond(self, after: tuple[float, int]) -> ColumnElement[bool]:
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
        known: set[int] | None = None
        for ids in sorted(self.sets, key=len):
            known = set(ids) if known is None else known & ids
        if self.filters.terms:
            source = _matching(self.connection, self.filters, before, known)
        else:
            falling = sorted(known or (), reverse=True)
            source = iter([each for each in falling if before is None or each < before])
        some: list[int] = []
        room = _FIRST
        for each in source:
            some.append(each)
            if len(some) == room:
                yield some
                some, room = [], _AT_ONCE
        if some:
            yield some


def _matching(
    connection: Connection, filters: Filters, before: int | None, known: set[int] | None
) -> Iterator[int]:
    """Ids of the conversations that hold the words looked for, falling."""
    if connection.dialect.name == "postgresql":
        source = _matching_postgresql(connection, filters, before)
    else:
        written = sqlite_query(filters.terms)
        if written is None:
            return
        bound = " AND rowid < :before" if before is not None else ""
        source = connection.execute(
            text(
                "SELECT rowid FROM conversation_search WHERE conversation_search MATCH :query"
                f"{bound} ORDER BY rowid DESC"
            ),
            {"query": written, **({"before": before} if bound else {})},
        ).scalars()
    for each in source:
        if known is None or each in known:
            yield each


def _matching_postgresql(
    connection: Connection, filters: Filters, before: int | None
) -> Iterator[int]:
    w = conversation_words.c
    query = select(w.id).order_by(w.id.desc())
    for written, absent in postgresql_queries(filters.terms):
        either = w.said.op("@@")(_tsquery(written)) | w.answered.op("@@")(_tsquery(written))
        query = query.where(~either if absent else either)
    room = _FIRST
    while True:
        beyond = query if before is None else query.where(w.id < before)
        ids = connection.execute(beyond.limit(room)).scalars().all()
        yield from ids
        if len(ids) < room:
            return
        before, room = ids[-1], _MANY


class _Query(UserDefinedType):
    """PostgreSQL's type of a search in a text search vector."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "tsquery"


def _tsquery(written: str) -> ColumnElement[Any]:
    return cast(literal(written), _Query())


def _key(after: str) -> tuple[float, int] | None:
    value, _, known = after.partition(":")
    try:
        return float(value), int(known)
    except ValueError:
        return None
