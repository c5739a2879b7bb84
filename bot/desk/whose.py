"""Whose a record of the desk is: pages name records by number, so that they hold no viewer's id."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.store.database import reading
from bot.store.desk_schema import conversations
from bot.store.judging_schema import flags
from bot.store.schema import cases, handoffs
from bot.store.teaching_schema import sentences

_RECORDS = {
    "conversation": conversations,
    "handoff": handoffs,
    "case": cases,
    "flag": flags,
    "sentence": sentences,
}
KINDS = tuple(_RECORDS)


@dataclass(frozen=True)
class Whose:
    """The viewer; the event that the record is about, where it is about one; and the conversation
    that holds it, or else the viewer's last one (None while the projector has made none)."""

    viewer: str
    event: int | None
    conversation: int | None


def whose(engine: Engine, kind: str, number: int) -> Whose | None:
    """Whose the record `number` of one of `KINDS` is; None when it is not there.

    Raises:
        DatabaseUnavailable: the database is away.
        KeyError: no such kind.
    """
    table = _RECORDS[kind]
    with reading(engine) as connection:
        row = connection.execute(select(table).where(table.c.id == number)).first()
        if row is None:
            return None
        if table is conversations:
            return Whose(row.viewer, None, number)
        event = getattr(row, "event", None)
        holds = select(func.max(conversations.c.id)).where(conversations.c.viewer == row.viewer)
        if event is not None:
            holds = holds.where(conversations.c.id <= event)
        return Whose(row.viewer, event, connection.execute(holds).scalar())
