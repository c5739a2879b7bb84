"""Which conversations hold the words looked for: a list of ids, or a condition.

SQLite's full-text index gives ids in their order, so that looking stops when a page is full.
PostgreSQL is given the condition together with all others: its planner sees whether the index, or
reading along the list, meets enough of them first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Integer, cast, column, exists, literal, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import UserDefinedType

from bot.desk.words import Term, postgresql_queries, sqlite_query
from bot.store.desk_schema import conversation_words, conversations

# So many conversations are looked at one by one.
_FEW = 500


def ids(connection: Connection, terms: Sequence[Term], before: int | None) -> Iterator[int]:
    """In SQLite: the ids of the conversations that hold `terms`, falling, below `before`."""
    written = sqlite_query(terms)
    if written is None:
        return
    bound = " AND rowid < :before" if before is not None else ""
    query = (
        "SELECT rowid FROM conversation_search WHERE conversation_search MATCH :query"
        f"{bound} ORDER BY rowid DESC"
    )
    values = {"query": written, **({"before": before} if bound else {})}
    yield from connection.execute(text(query), values).scalars()


def indexed(terms: Sequence[Term]) -> ColumnElement[bool]:
    """In SQLite: the condition that a row of `conversations` holds `terms`, for reading along."""
    query = text("SELECT rowid FROM conversation_search WHERE conversation_search MATCH :words")
    found = query.bindparams(words=sqlite_query(terms) or '""')
    # With the sum SQLite asks this of the rows it meets instead of fetching all that hold them.
    return (conversations.c.id + 0).in_(found.columns(column("rowid", Integer)))


def few(connection: Connection, terms: Sequence[Term]) -> set[int] | None:
    """In PostgreSQL: conversations that may hold `terms`, where these are few; None where they are
    many. Its planner takes every word that it has not seen often for less rare than it is."""
    loose = [Term((word,), term.prefix) for term in terms if not term.absent for word in term.words]
    query = select(conversation_words.c.id).where(*_held(loose)).limit(_FEW + 1)
    found = connection.execute(query).scalars().all()
    return set(found) if len(found) <= _FEW else None


def conversation(terms: Sequence[Term]) -> ColumnElement[bool]:
    """In PostgreSQL: the condition that a row of `conversations` holds `terms`."""
    return exists().where(conversation_words.c.id == conversations.c.id, *_held(terms))


def _held(terms: Sequence[Term]) -> Iterator[ColumnElement[bool]]:
    w = conversation_words.c
    for written, absent in postgresql_queries(terms):
        query = cast(literal(written), _Query())
        either = w.said.op("@@")(query) | w.answered.op("@@")(query)
        yield ~either if absent else either


class _Query(UserDefinedType):
    """PostgreSQL's type of a search in a text search vector."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "tsquery"
