"""Which conversations hold the words looked for: a list of ids, or a condition.

SQLite's full-text index gives ids in their order, so that looking stops when a page is full.
PostgreSQL is given the condition together with all others: its planner sees whether the index, or
reading along the list, meets enough of them first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, cast, exists, literal, text
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import UserDefinedType

from bot.desk.words import Term, postgresql_queries, sqlite_query
from bot.store.desk_schema import conversation_words, conversations


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


def conversation(terms: Sequence[Term]) -> ColumnElement[bool]:
    """In PostgreSQL: the condition that a row of `conversations` holds `terms`."""
    w = conversation_words.c
    held = []
    for written, absent in postgresql_queries(terms):
        query = cast(literal(written), _Query())
        either = w.said.op("@@")(query) | w.answered.op("@@")(query)
        held.append(~either if absent else either)
    return exists().where(w.id == conversations.c.id, and_(*held))


class _Query(UserDefinedType):
    """PostgreSQL's type of a search in a text search vector."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "tsquery"
