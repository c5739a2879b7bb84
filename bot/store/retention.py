"""Deletes what has been kept for long enough, kind by kind, and says what would go.

A conversation goes as a whole once its last event is too old, with all that staff wrote about it.
Of one that goes on, old events go as soon as its part at hand no longer needs them, and what staff
wrote once that is too old. What a viewer has rated and listed stays until the viewer deletes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, delete, func, or_, select
from sqlalchemy.engine import Connection, Engine

from bot.settings import settings
from bot.store import desk_rows
from bot.store.answering_schema import notes
from bot.store.audit import AuditLog
from bot.store.database import insert, reading, writing
from bot.store.feedback_schema import feedback, satisfaction
from bot.store.judging_schema import flags
from bot.store.schema import (
    cases,
    events,
    failures,
    handoffs,
    messages_seen,
    outbox,
    tracker_snapshots,
)
from bot.store.staff_schema import audit, retention_rules, staff_sessions
from bot.store.teaching_schema import sentences
from bot.store.uploads import UploadStore
from bot.store.uploads_schema import uploads

DAY = 86_400.0
# Conversations deleted in one transaction: a live turn waits no longer than for these.
_AT_ONCE = 50
# What the desk puts to conversations beside their events.
_ASIDE = (outbox, feedback, satisfaction)

# A table and which of its rows go, given the time before which they are too old.
TooOld = tuple[Table, Callable[[float], Any]]


@dataclass(frozen=True)
class Whole:
    """A table by the column that names the conversation; `early`: rows that go before it does."""

    owner: Column
    early: Callable[[float], Any] | None = None

    @property
    def table(self) -> Table:
        """The table."""
        return self.owner.table

    def too_old(self, before: float) -> Any:
        """The condition on all that goes."""
        ended = self.owner.in_(_ended(before))
        return ended if self.early is None else or_(ended, self.early(before))


@dataclass(frozen=True)
class Kind:
    """A kind of data with a rule of its own.

    Args:
        name: as rules name it.
        rows: what goes. Tables of conversations are not among them: see `whole`.
        default: days without a rule; None: the setting `retention_days`.
        whole: what goes with its conversation, and before that once it is too old by itself.
    """

    name: str
    rows: Sequence[TooOld] = ()
    default: int | None = None
    whole: Sequence[Whole] = ()


def dated(table: Table, column: str = "at") -> TooOld:
    """All rows of `table` that are too old by `column`."""
    return table, lambda before: table.c[column] < before


def _ended_sessions(before: float) -> Any:
    return or_(staff_sessions.c.expires_at < before, staff_sessions.c.revoked_at < before)


CONVERSATIONS, UPLOADS, AUDIT = "conversations", "uploads", "audit"
KINDS: tuple[Kind, ...] = (
    Kind(
        CONVERSATIONS,
        rows=(
            dated(messages_seen),
            dated(outbox),
            dated(handoffs, "closed_at"),
        ),
        whole=(
            Whole(events.c.sender_id, lambda before: _no_longer_at_hand(before)),
            Whole(tracker_snapshots.c.sender_id),
            *(Whole(table.c.viewer, dated(table)[1]) for table in (flags, notes, sentences)),
        ),
    ),
    Kind("cases", (dated(cases),)),
    Kind("feedback", (dated(feedback), dated(satisfaction))),
    Kind(UPLOADS, (dated(uploads),)),
    Kind("failures", (dated(failures),)),
    Kind("sessions", ((staff_sessions, _ended_sessions),), default=90),
    Kind(AUDIT, default=0),
)


def rules(engine: Engine) -> dict[str, int]:
    """Days of each kind; 0: for ever."""
    with reading(engine) as connection:
        kept = {row.kind: row.days for row in connection.execute(select(retention_rules))}
    usual = settings().retention_days
    return {
        kind.name: kept.get(kind.name, usual if kind.default is None else kind.default)
        for kind in KINDS
    }


def set_rule(connection: Connection, kind: str, days: int) -> None:
    """From now on, keep `kind` for so many days; 0: for ever.

    Raises:
        ValueError: there is no such kind, or the days are negative.
    """
    if kind not in {each.name for each in KINDS} or not 0 <= days <= 36_500:
        raise ValueError(f"no rule: {kind!r} for {days} days")
    values = {"days": days, "at": time.time()}
    connection.execute(
        insert(connection, retention_rules)
        .values(kind=kind, **values)
        .on_conflict_do_update(index_elements=["kind"], set_=values)
    )


def due(
    engine: Engine, changed: dict[str, int] | None = None, now: float | None = None
) -> dict[str, dict[str, int]]:
    """What would go now: rows by table for each kind; nothing is deleted.

    Args:
        engine: the database.
        changed: rules to try in place of those that are kept.
        now: the present, in seconds since 1970.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    now = time.time() if now is None else now
    days = {**rules(engine), **(changed or {})}
    found = {}
    with reading(engine) as connection:
        for kind in KINDS:
            before = now - days[kind.name] * DAY
            found[kind.name] = _count(connection, kind, before) if days[kind.name] else {}
    return found


def delete_old(engine: Engine, days: int | None = None, now: float | None = None) -> dict[str, int]:
    """Delete what is older than the rules allow.

    Args:
        engine: the database.
        days: in place of every rule; 0 keeps everything.
        now: the present, in seconds since 1970.

    Returns:
        Rows deleted, by table.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    now = time.time() if now is None else now
    of_kind = rules(engine) if days is None else {kind.name: days for kind in KINDS}
    deleted: dict[str, int] = {}
    for kind in KINDS:
        tables = [each.table.name for each in kind.whole] + [each.name for each, _ in kind.rows]
        deleted.update(dict.fromkeys(tables, 0))
        if of_kind[kind.name]:
            deleted |= _delete(engine, kind, now - of_kind[kind.name] * DAY)
    return deleted


def _count(connection: Connection, kind: Kind, before: float) -> dict[str, int]:
    found = {}
    for each in kind.whole:
        found[each.table.name] = _number(connection, each.table, each.too_old(before))
    for table, condition in kind.rows:
        found[table.name] = _number(connection, table, condition(before))
    if kind.name == AUDIT:
        found[audit.name] = _number(connection, audit, audit.c.at < before)
    return found


def _delete(engine: Engine, kind: Kind, before: float) -> dict[str, int]:
    deleted = dict.fromkeys((each.table.name for each in kind.whole), 0)
    if kind.whole:
        with reading(engine) as connection:
            ended = list(connection.execute(_ended(before)).scalars())
        for start in range(0, len(ended), _AT_ONCE):
            some = ended[start : start + _AT_ONCE]
            with writing(engine) as connection:
                for each in kind.whole:
                    deleted[each.table.name] += _gone(connection, each.table, each.owner.in_(some))
                desk_rows.forget(connection, some)
    with writing(engine) as connection:
        if kind.name == CONVERSATIONS:
            shortened = select(events.c.sender_id).where(_no_longer_at_hand(before)).distinct()
            senders = list(connection.execute(shortened).scalars())
            for start in range(0, len(senders), _AT_ONCE):
                desk_rows.forget(connection, senders[start : start + _AT_ONCE])
        for each in kind.whole:
            if each.early is not None:
                gone = _gone(connection, each.table, each.early(before))
                deleted[each.table.name] += gone
        for table, condition in kind.rows:
            if table in _ASIDE:
                _touch(connection, table, condition(before))
            deleted[table.name] = _gone(connection, table, condition(before))
    if kind.name == UPLOADS:
        UploadStore(engine).sweep()
    if kind.name == AUDIT:
        deleted[audit.name] = AuditLog(engine).cut(before, "retention")
    return deleted


def _touch(connection: Connection, table: Table, gone: Any) -> None:
    """The desk must not know what is no longer kept."""
    theirs = select(table.c.viewer).where(gone).distinct()
    desk_rows.touch(connection, connection.execute(theirs).scalars().all(), 0.0)


def _ended(before: float) -> Any:
    return (
        select(events.c.sender_id)
        .group_by(events.c.sender_id)
        .having(func.max(events.c.timestamp) < before)
    )


def _no_longer_at_hand(before: float) -> Any:
    at_hand = (
        select(tracker_snapshots.c.seq)
        .where(tracker_snapshots.c.sender_id == events.c.sender_id)
        .scalar_subquery()
    )
    return (events.c.timestamp < before) & (events.c.seq <= at_hand)


def _number(connection: Connection, table: Table, condition: Any) -> int:
    query = select(func.count()).select_from(table).where(condition)
    return int(connection.execute(query).scalar_one())


def _gone(connection: Connection, table: Table, condition: Any) -> int:
    statement = delete(table).where(condition).execution_options(synchronize_session=False)
    return int(connection.execute(statement).rowcount)
