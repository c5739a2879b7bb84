"""Where in a conversation what was looked for stands: one message of each, marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection, Engine

from bot.desk.aside import said_by_staff
from bot.desk.turns import Stored, shown_text
from bot.desk.words import Term, marked
from bot.store.database import reading
from bot.store.desk_schema import turns
from bot.store.schema import events

Pieces = list[tuple[str, bool]]
_AROUND = 60
_MOST = 200
_AT_ONCE = 20


def snippets(engine: Engine, rows: Sequence[Any], terms: Sequence[Term]) -> dict[int, Pieces]:
    """For each conversation in `rows` a message that holds one of `terms`, in pieces: text, and
    whether it is what was looked for. What the viewer said goes first, then what the assistant
    and people of the staff said."""
    found: dict[int, Pieces] = {}
    if not terms or not rows:
        return found
    with reading(engine) as connection:
        query = select(turns.c.conversation, turns.c.text).where(
            turns.c.conversation.in_([row.id for row in rows])
        )
        for row in connection.execute(query.order_by(turns.c.id)):
            if row.conversation not in found:
                pieces = marked(row.text, terms)
                if any(hit for _, hit in pieces):
                    found[row.conversation] = _cut(pieces)
        left = [row for row in rows if row.id not in found]
        for start in range(0, len(left), _AT_ONCE):
            _answers(connection, left[start : start + _AT_ONCE], terms, found)
        for row in left:
            if row.id not in found:
                _of_staff(connection, row, terms, found)
    return found


def _answers(
    connection: Connection, rows: Sequence[Any], terms: Sequence[Term], found: dict[int, Pieces]
) -> None:
    stretches = [
        and_(
            events.c.sender_id == row.viewer,
            events.c.seq.between(row.first_seq, min(row.last_seq, row.first_seq + _MOST)),
        )
        for row in rows
    ]
    query = select(events).where(or_(*stretches), events.c.type_name == "bot")
    for each in connection.execute(query.order_by(events.c.id)):
        conversation = next(
            row.id
            for row in rows
            if row.viewer == each.sender_id and row.first_seq <= each.seq <= row.last_seq
        )
        if conversation in found:
            continue
        pieces = marked(shown_text(Stored.of(each)), terms)
        if any(hit for _, hit in pieces):
            found[conversation] = _cut(pieces)


def _of_staff(
    connection: Connection, row: Any, terms: Sequence[Term], found: dict[int, Pieces]
) -> None:
    for _, said in said_by_staff(connection, row.viewer, row.started_at):
        pieces = marked(said, terms)
        if any(hit for _, hit in pieces):
            found[row.id] = _cut(pieces)
            return


def _cut(pieces: Pieces) -> Pieces:
    """Some words around the first hit."""
    first = next(place for place, (_, hit) in enumerate(pieces) if hit)
    before = "".join(text for text, _ in pieces[:first])
    begun = before if len(before) <= _AROUND else "…" + before[-_AROUND:]
    cut: Pieces = [(begun, False)] if begun else []
    room = 3 * _AROUND
    for text, hit in pieces[first:]:
        if room <= 0:
            break
        cut.append((text if len(text) <= room else text[:room] + "…", hit))
        room -= len(text)
    return cut
