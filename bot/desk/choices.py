"""What there is to choose from in the desk's filters: values that conversations have had."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.engine import Connection, Engine

from bot.desk.skills import skill_of_intent, skills
from bot.store.database import reading
from bot.store.desk_schema import conversation_marks, conversations
from bot.store.judging_schema import flags
from bot.store.schema import handoffs

_KEPT_SECONDS = 30.0
_MOST = 400
_lock = threading.Lock()
_known: dict[str, tuple[float, dict[str, list[str]]]] = {}


def choices(engine: Engine) -> dict[str, list[str]]:
    """By filter: the values to offer, sorted. Kept for half a minute.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    key = str(engine.url)
    with _lock:
        at, found = _known.get(key, (0.0, {}))
        if time.monotonic() - at < _KEPT_SECONDS:
            return found
    with reading(engine) as connection:
        marks = conversation_marks.c
        found = {
            "skill": skills(),
            "intent": sorted(skill_of_intent()),
            **{
                kind: _distinct(connection, marks.value, marks.kind, kind)
                for kind in ("action", "category")
            },
            **{
                kind: [
                    each
                    for each in _distinct(connection, marks.value, marks.kind, kind, "=")
                    if "=" not in each
                ]
                for kind in ("entity", "slot")
            },
            "language": ["en", "zh", "mixed"],
            "channel": _values(connection, conversations.c.channel),
            "version": _values(connection, conversations.c.version),
            "flag": _of(connection, flags.c.reason),
            "assignee": _of(connection, handoffs.c.assignee_name),
        }
    with _lock:
        _known[key] = (time.monotonic(), found)
    return found


def _values(connection: Connection, column: Any) -> list[str]:
    """The values of a column of the newest conversations."""
    newest = select(column).order_by(conversations.c.id.desc()).limit(5000).subquery()
    query = select(newest.c[0]).distinct()
    return sorted(each for each in connection.execute(query).scalars() if each)


def _distinct(
    connection: Connection, column: Any, owner: Any, kind: str, stop: str = ""
) -> list[str]:
    """The values of a kind of marks, leaping from one to the next along the index.

    With `stop`, values that go on with it after another value are leapt over as one.
    """
    found: list[str] = []
    last = ""
    while len(found) < _MOST:
        query = select(column).where(owner == kind, column > last).order_by(column).limit(1)
        value = connection.execute(query).scalar()
        if value is None:
            break
        found.append(value)
        last = value.split(stop)[0] + stop + "\U0010ffff" if stop and stop in value else value
    return found


def _of(connection: Connection, column: Column) -> list[str]:
    query = select(column).where(column.isnot(None)).distinct().limit(_MOST)
    found: Sequence[str] = connection.execute(query).scalars().all()
    return sorted(found)
