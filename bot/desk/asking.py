"""What filters ask of conversations: conditions on their own row, and sets of ids.

A set comes from where something is kept about few of them: rare marks, flags, handoffs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TypeAlias

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement

from bot.desk.filters import Filters
from bot.desk.neighbours import belonging
from bot.desk.scope import DAY
from bot.desk.sequence import LEFT_SECONDS
from bot.store.desk_schema import conversation_marks, conversations
from bot.store.judging_schema import flags
from bot.store.schema import handoffs

Condition: TypeAlias = "ColumnElement[bool]"
# A mark that fewer conversations have is rare: their ids are asked for first.
RARE = 4_000


def asked(connection: Connection, filters: Filters) -> tuple[list[Condition], list[set[int]]]:
    """The conditions that all must hold, and the sets that a conversation must be in."""
    conditions, sets = list(_of_row(filters)), list(_of_others(connection, filters))
    sequence = filters.sequence.marks if filters.sequence else ()
    wanted = [*filters.marks]
    wanted += [("feedback", filters.feedback)] if filters.feedback else []
    wanted += [("rating", str(filters.rating))] if filters.rating else []
    for number, (kind, value) in enumerate(dict.fromkeys((*wanted, *sequence))):
        has = (conversation_marks.c.kind == kind) & (conversation_marks.c.value == value)
        marked = select(conversation_marks.c.conversation).where(has)
        if connection.execute(marked.offset(RARE).limit(1)).first() is None:
            sets.append(set(connection.execute(marked).scalars()))
        elif number < len(wanted):
            owner = conversation_marks.c.conversation == conversations.c.id
            conditions.append(exists().where(has, owner))
        # What is common in a sequence is left to its pattern.
    return conditions, sets


def _of_row(f: Filters) -> Iterator[Condition]:
    c = conversations.c
    yield c.messages > 0
    for name in ("language", "channel", "version", "viewer"):
        if getattr(f, name):
            yield c[name] == getattr(f, name)
    # The day has an index; the moment alone has none.
    if f.since is not None:
        yield and_(c.day >= int(f.since // DAY), c.started_at >= f.since)
    if f.until is not None:
        yield and_(c.day <= int(f.until // DAY), c.started_at < f.until)
    if f.shortest is not None:
        yield c.viewer_messages >= f.shortest
    if f.longest is not None:
        yield c.viewer_messages <= f.longest
    if f.fallback is not None:
        yield c.fallbacks > 0 if f.fallback else c.fallbacks == 0
    if f.below is not None:
        yield c.lowest_confidence < f.below
    if f.sort == "unsure":
        yield c.lowest_confidence.isnot(None)
    recent = c.last_at > time.time() - LEFT_SECONDS
    if f.sequence is not None:
        yield or_(*(c.steps.like(each, escape="\\") for each in f.sequence.patterns))
        if f.sequence.left:
            yield ~recent
    if f.status in ("live", "over"):
        yield recent if f.status == "live" else ~recent


def _of_others(connection: Connection, f: Filters) -> Iterator[set[int]]:
    if f.flag:
        still = flags.c.closed_at.is_(None)
        which = still if f.flag == "any" else still & (flags.c.reason == f.flag)
        yield belonging(connection, flags, which, "event")
    if f.status in ("waiting", "taken") or f.assignee:
        yield belonging(connection, handoffs, _handed_over(f))


def _handed_over(f: Filters) -> Condition:
    """Which handoffs: open ones of a status; an assignee's also when they are over."""
    which, taken = [], handoffs.c.taken_at
    if f.status in ("waiting", "taken"):
        which.append(handoffs.c.closed_at.is_(None))
        which.append(taken.isnot(None) if f.status == "taken" else taken.is_(None))
    if f.assignee:
        which.append(handoffs.c.assignee_name == f.assignee)
    return and_(*which)
