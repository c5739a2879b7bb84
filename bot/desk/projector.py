"""Makes the desk's tables from the events: as they come, or all of them anew.

The unit is a conversation. Whatever of it is new, its rows are made again from its first event on
and put in place of the old ones, in one transaction: doing so twice, or after a crash, changes
nothing, and a rebuild makes the same rows. Everything beyond `position` is looked at again each
time; `position` follows the horizon (`bot/desk/horizon.py`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, exists, func, select, text
from sqlalchemy.engine import Connection, Engine, Row

from bot.desk.daily import count_day, days_of, keep_day
from bot.desk.horizon import Horizon
from bot.desk.keeping import keep_doing
from bot.desk.replacing import LAST, WHOLE, replace
from bot.store.database import DatabaseUnavailable, insert, reading, writing
from bot.store.desk_schema import (
    conversations,
    daily_figures,
    daily_sets,
    desk_progress,
    desk_stale,
)
from bot.store.schema import events

POSITION = "events"
FOLLOW_SECONDS = 0.5
# Conversations written in one transaction: a live turn waits no longer than for these.
AT_ONCE = 20
_WINDOW = 5000
_LOCK = 7310586
_DAY_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Projector:
    """Follows the events of `engine`; any number of them may do so at once.

    Methods block and raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._postgresql = engine.dialect.name == "postgresql"
        self._horizon = Horizon(engine)
        self._counted_at = 0.0
        self._unreadable: set[str] = set()

    def follow(self) -> int:
        """Project what is new; how many viewers had something new.

        The figures of days that changed are counted again at most every few seconds.
        """
        done = self._follow_stale()
        with reading(self._engine) as connection:
            position = _position(connection)
            last = self._horizon.newest(connection)
        for changed in self._changed(position):
            for start in range(0, len(changed), AT_ONCE):
                some = changed[start : start + AT_ONCE]
                done += self._project_what_can_be(dict.fromkeys(some, LAST))
        safe = self._horizon.safe(last)
        if safe > position:
            self._move(safe)
        if time.monotonic() - self._counted_at >= _DAY_SECONDS:
            self.count_days()
        return done

    def count_days(self) -> None:
        """Count the figures of the days whose conversations have changed.

        Nobody waits while it counts. What changes meanwhile has a mark of its own and is counted
        the next time; of two who count, the one who is done first is right about their marks.
        """
        self._counted_at = time.monotonic()
        with reading(self._engine) as connection:
            rows = connection.execute(_stale_days()).all()
            counted = [count_day(connection, day) for day in sorted({row.day for row in rows})]
        if not rows:
            return
        with writing(self._engine) as connection:
            self._alone(connection)
            left = set(connection.execute(_stale_days()).scalars())
            if left.issuperset(row.id for row in rows):
                for each in counted:
                    keep_day(connection, each)
                _delete_stale(connection, [row.id for row in rows])

    def rebuild(self) -> int:
        """Make every table anew from all events; how many conversations there are.

        The desk stays in use meanwhile; stopped half-way, it can be started again.
        """
        last: str | None = None
        while True:
            with reading(self._engine) as connection:
                query = (
                    select(events.c.sender_id)
                    .where(events.c.id > 0 if last is None else events.c.sender_id > last)
                    .distinct()
                    .order_by(events.c.sender_id)
                    .limit(AT_ONCE)
                )
                senders = list(connection.execute(query).scalars())
            if not senders:
                break
            with writing(self._engine) as connection:
                self._alone(connection)
                for sender in senders:
                    replace(connection, sender, WHOLE)
            last = senders[-1]
        with writing(self._engine) as connection:
            self._alone(connection)
            gone = ~exists().where(events.c.sender_id == conversations.c.viewer)
            connection.execute(delete(conversations).where(gone))
            connection.execute(delete(desk_stale).where(desk_stale.c.sender.is_(None)))
            for table in (daily_figures, daily_sets):
                connection.execute(delete(table))
            for day in days_of(connection):
                keep_day(connection, count_day(connection, day))
            query = select(func.count()).select_from(conversations)
            return int(connection.execute(query).scalar_one())

    # What has changed.

    def _changed(self, position: int) -> Iterator[list[str]]:
        """Viewers with events beyond `position` that are not projected yet."""
        while True:
            window = (
                select(events.c.id, events.c.sender_id, events.c.seq)
                .where(events.c.id > position)
                .order_by(events.c.id)
                .limit(_WINDOW)
            )
            with reading(self._engine) as connection:
                rows = connection.execute(window).all()
                newest: dict[str, int] = {}
                for row in rows:
                    newest[row.sender_id] = max(row.seq, newest.get(row.sender_id, 0))
                known = _projected(connection, list(newest))
            yield [each for each, seq in newest.items() if seq > known.get(each, 0)]
            if len(rows) < _WINDOW:
                return
            position = rows[-1].id

    def _follow_stale(self) -> int:
        query = select(desk_stale).where(desk_stale.c.sender.isnot(None))
        done = 0
        while True:
            with reading(self._engine) as connection:
                rows = connection.execute(query.order_by(desk_stale.c.id).limit(AT_ONCE)).all()
            if not rows:
                return done
            self._project_what_can_be(_earliest(rows))
            with writing(self._engine) as connection:
                _delete_stale(connection, [row.id for row in rows])
            done += len(rows)

    # Writing.

    def _project_what_can_be(self, wanted: Mapping[str, float]) -> int:
        """Project some viewers, each from a time on; one who cannot be does not hold up others."""
        try:
            self._project(wanted)
            return len(wanted)
        except DatabaseUnavailable:
            raise
        except Exception:
            if len(wanted) == 1:
                if not self._unreadable.issuperset(wanted):
                    self._unreadable.update(wanted)
                    logger.exception("a conversation cannot be shown at the desk")
                return 0
        return sum(self._project_what_can_be({each: since}) for each, since in wanted.items())

    def _project(self, wanted: Mapping[str, float]) -> None:
        with writing(self._engine) as connection:
            self._alone(connection)
            for sender, since in wanted.items():
                replace(connection, sender, since)

    def _alone(self, connection: Connection) -> None:
        """One projector at a time writes; SQLite's transactions are alone anyway."""
        if self._postgresql:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})

    def _move(self, position: int) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, desk_progress)
                .values(name=POSITION, position=position)
                .on_conflict_do_update(
                    index_elements=["name"],
                    set_={"position": position},
                    where=desk_progress.c.position < position,
                )
            )


async def keep_following(engine: Engine, seconds: float = FOLLOW_SECONDS) -> None:
    """Follow the events until cancelled, looking at them every `seconds`."""
    await keep_doing(Projector(engine).follow, "the review desk", seconds)


def lag(connection: Connection) -> int:
    """How many events are beyond what is known to be projected."""
    query = select(func.count()).select_from(events).where(events.c.id > _position(connection))
    return int(connection.execute(query).scalar_one())


def _position(connection: Connection) -> int:
    query = select(desk_progress.c.position).where(desk_progress.c.name == POSITION)
    return int(connection.execute(query).scalar() or 0)


def _projected(connection: Connection, viewers: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(viewers), 500):
        query = (
            select(conversations.c.viewer, func.max(conversations.c.last_seq))
            .where(conversations.c.viewer.in_(viewers[start : start + 500]))
            .group_by(conversations.c.viewer)
        )
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def _earliest(stale: Sequence[Row]) -> dict[str, float]:
    """By viewer the time from which on rows must be made anew."""
    found: dict[str, float] = {}
    for row in stale:
        since = WHOLE if row.at is None else row.at
        found[row.sender] = min(since, found.get(row.sender, LAST))
    return found


def _stale_days() -> object:
    return select(desk_stale.c.id, desk_stale.c.day).where(desk_stale.c.day.isnot(None))


def _delete_stale(connection: Connection, ids: Sequence[int]) -> None:
    connection.execute(delete(desk_stale).where(desk_stale.c.id.in_(ids)))
