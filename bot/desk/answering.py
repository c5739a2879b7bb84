"""Answering viewers in person: who takes which handoff, what they say, and giving back.

A handoff belongs to one person at a time. Every step is one UPDATE that names the state it expects,
so that of two people who try at once one is told that the other was first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Connection, Engine

from bot.desk import outgoing
from bot.desk.people import Person, Refused
from bot.store import storable
from bot.store.answering_schema import channels
from bot.store.database import reading, writing
from bot.store.handoffs import Handoff, open_in
from bot.store.last_said import last_said
from bot.store.schema import events, handoffs

TEXT_LIMIT = 4000
_CLOSED = 50


@dataclass(frozen=True)
class Waiting:
    """A handoff with how long it has waited (seconds), and whether its channel can be answered."""

    handoff: Handoff
    seconds: float
    channel: str | None
    pushes: bool
    last_text: str | None = None


class Answering:
    """The queue as the staff work on it.

    Methods raise `DatabaseUnavailable` when the database is away, and `Refused` with a code:
    "taken" (a colleague was first), "not_yours", "closed", "no_push" (the viewer's channel cannot
    be reached), "blank", "too_long".
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue(self) -> list[Waiting]:
        """Who waits or is being answered, longest first."""
        now = time.time()
        query = select(handoffs).where(handoffs.c.closed_at.is_(None)).order_by(handoffs.c.id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            return [self._waiting(connection, row, now) for row in rows]

    def recent(self) -> list[Handoff]:
        """The handoffs closed last, newest first."""
        query = (
            select(handoffs)
            .where(handoffs.c.closed_at.isnot(None))
            .order_by(handoffs.c.closed_at.desc())
            .limit(_CLOSED)
        )
        with reading(self._engine) as connection:
            return [Handoff.of(row) for row in connection.execute(query)]

    def get(self, handoff_id: int) -> Waiting | None:
        """One handoff."""
        with reading(self._engine) as connection:
            row = connection.execute(select(handoffs).where(handoffs.c.id == handoff_id)).first()
            return None if row is None else self._waiting(connection, row, time.time())

    def assign(self, handoff_id: int, person: Person) -> None:
        """Make a handoff `person`'s own, unless it is somebody else's."""
        self._step(
            handoff_id,
            _free_or(person),
            assignee=person.id,
            assignee_name=person.name,
            assigned_at=time.time(),
        )

    def pass_on(self, handoff_id: int, person: Person, to: Person | None) -> None:
        """Hand what is `person`'s to a colleague, or back into the queue.

        A conversation that was taken over waits for the colleague; the bot speaks meanwhile.
        """
        with writing(self._engine) as connection:
            row = _locked(connection, handoff_id)
            _belongs(row, person)
            connection.execute(
                update(handoffs)
                .where(handoffs.c.id == handoff_id)
                .values(
                    assignee=to.id if to else None,
                    assignee_name=to.name if to else None,
                    assigned_at=time.time() if to else None,
                    taken_at=None,
                )
            )
            if row.taken_at is not None:
                outgoing.notice(connection, row.viewer, "person_left", person.name)
                outgoing.notice(connection, row.viewer, "person_waiting")

    def take_over(self, handoff_id: int, person: Person) -> None:
        """Speak with the viewer from now on; the bot is silent and the viewer is told."""
        with writing(self._engine) as connection:
            self._take_over(connection, handoff_id, person)

    def join(self, viewer: str, person: Person) -> int:
        """Take over a conversation whose viewer asked for nobody; the handoff's number."""
        with writing(self._engine) as connection:
            language = last_said(connection, viewer, events.c.language)
            number = open_in(connection, viewer, "joined", language)
            self._take_over(connection, number, person)
            return number

    def say(self, handoff_id: int, person: Person, text: str) -> int:
        """Send a text to the viewer; its number in the outbox."""
        text = storable.text(text).strip()
        if not text:
            raise Refused("blank")
        if len(text) > TEXT_LIMIT:
            raise Refused("too_long")
        with writing(self._engine) as connection:
            row = _locked(connection, handoff_id)
            _belongs(row, person)
            if row.taken_at is None:
                raise Refused("not_yours")
            return outgoing.from_person(connection, row.viewer, person, text)

    def give_back(self, handoff_id: int, person: Person) -> None:
        """Return the conversation to the bot, as it was; the viewer is told."""
        with writing(self._engine) as connection:
            row = _locked(connection, handoff_id)
            _belongs(row, person)
            connection.execute(
                update(handoffs)
                .where(handoffs.c.id == handoff_id)
                .values(closed_at=time.time(), outcome="returned" if row.taken_at else "dismissed")
            )
            if row.taken_at is not None:
                outgoing.notice(connection, row.viewer, "person_left", person.name)

    def _take_over(self, connection: Connection, handoff_id: int, person: Person) -> None:
        now = time.time()
        row = _locked(connection, handoff_id)
        if not _channel(connection, row.viewer)[1]:
            raise Refused("no_push")
        changed = self._update(
            connection,
            handoff_id,
            _free_or(person) & handoffs.c.taken_at.is_(None),
            assignee=person.id,
            assignee_name=person.name,
            assigned_at=func.coalesce(handoffs.c.assigned_at, now),
            taken_at=now,
        )
        if changed:
            outgoing.notice(connection, row.viewer, "person_joined", person.name)

    def _step(self, handoff_id: int, state: Any, **values: Any) -> None:
        with writing(self._engine) as connection:
            self._update(connection, handoff_id, state, **values)

    @staticmethod
    def _update(connection: Connection, handoff_id: int, state: Any, **values: Any) -> bool:
        """Whether something changed; nothing does when it is so already.

        Raises:
            Refused: the handoff is closed, or a colleague's.
        """
        done = connection.execute(
            update(handoffs)
            .where(handoffs.c.id == handoff_id, handoffs.c.closed_at.is_(None), state)
            .values(**values)
        )
        if done.rowcount:
            return True
        row = connection.execute(select(handoffs).where(handoffs.c.id == handoff_id)).first()
        if row is None or row.closed_at is not None:
            raise Refused("closed")
        if row.assignee != values.get("assignee"):
            raise Refused("taken")
        return False

    @staticmethod
    def _waiting(connection: Connection, row: Any, now: float) -> Waiting:
        name, pushes = _channel(connection, row.viewer)
        end = row.taken_at or row.closed_at or now
        return Waiting(Handoff.of(row), max(end - row.at, 0.0), name, pushes)


def _free_or(person: Person) -> Any:
    return or_(handoffs.c.assignee.is_(None), handoffs.c.assignee == person.id)


def _locked(connection: Connection, handoff_id: int) -> Any:
    query = select(handoffs).where(handoffs.c.id == handoff_id).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.closed_at is not None:
        raise Refused("closed")
    return row


def _belongs(row: Any, person: Person) -> None:
    if row.assignee != person.id:
        raise Refused("not_yours")


def _channel(connection: Connection, viewer: str) -> tuple[str | None, bool]:
    """The channel that the viewer wrote through last, and whether it can push."""
    name = last_said(connection, viewer, events.c.channel)
    pushes = connection.execute(select(channels.c.pushes).where(channels.c.name == name)).scalar()
    return name, bool(pushes)
