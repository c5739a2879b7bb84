"""Sessions of the staff. A token is a secret of the browser's; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine

from bot.store import staff as people
from bot.store import storable
from bot.store.database import reading, writing
from bot.store.staff import Person
from bot.store.staff_schema import staff, staff_sessions

# Stages: what is still asked for before the desk opens.
TOTP, PASSWORD, OPEN = "totp", "password", "open"
# How long a half-finished sign-in stays valid, in seconds.
_HALF_SIGNED_IN = 600.0
# `seen_at` is written at most this often: reading a page need not write.
_SEEN_EVERY = 60.0


@dataclass(frozen=True)
class Session:
    """A session; times are seconds since 1970."""

    id: int
    person: int
    stage: str
    created_at: float
    seen_at: float
    expires_at: float
    agent: str
    address: str


class Sessions:
    """Opens, finds and ends sessions.

    Args:
        engine: the database.
        hours: the longest a session lasts.
        idle_minutes: how long it lasts without a request.

    Methods raise `DatabaseUnavailable` when the database is away.
    """

    def __init__(self, engine: Engine, hours: int = 12, idle_minutes: int = 60) -> None:
        self._engine = engine
        self._life = hours * 3600.0
        self._idle = idle_minutes * 60.0

    def open(
        self, connection: Connection, person: int, stage: str, agent: str = "", address: str = ""
    ) -> str:
        """Begin a session; its token."""
        token = secrets.token_urlsafe(32)
        now = time.time()
        connection.execute(
            staff_sessions.insert().values(
                hash=_hash(token),
                person=person,
                stage=stage,
                created_at=now,
                seen_at=now,
                expires_at=now + (self._life if stage == OPEN else _HALF_SIGNED_IN),
                agent=storable.text(agent, 300),
                address=storable.text(address, 64),
            )
        )
        if stage == OPEN:
            people.change(connection, person, seen_at=now)
        return token

    def find(self, token: str, touch: bool = True) -> tuple[Session, Person] | None:
        """The session that is going on with this token, and whose it is.

        `touch` says that this is a sign of life of theirs, which a page that updates itself is not.
        """
        now = time.time()
        query = select(staff_sessions).where(
            staff_sessions.c.hash == _hash(token), *self._going_on(now)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            owner = select(staff).where(staff.c.id == row.person, staff.c.active)
            person = connection.execute(owner).first()
        if person is None:
            return None
        found = _session(row), people.person_of(person)
        if touch and now - found[0].seen_at > _SEEN_EVERY:
            self._seen(found[0], now)
        return found

    def of(self, person: int) -> list[Session]:
        """Somebody's sessions that are going on, the newest first."""
        query = (
            select(staff_sessions)
            .where(
                staff_sessions.c.person == person,
                staff_sessions.c.stage == OPEN,
                *self._going_on(time.time()),
            )
            .order_by(staff_sessions.c.id.desc())
        )
        with reading(self._engine) as connection:
            return [_session(row) for row in connection.execute(query)]

    def revoke(
        self,
        connection: Connection,
        person: int,
        session: int | None = None,
        but: int | None = None,
    ) -> int:
        """End sessions of somebody: one, or all, or all but one; how many were going on."""
        now = time.time()
        query = update(staff_sessions).where(
            staff_sessions.c.person == person, *self._going_on(now)
        )
        if session is not None:
            query = query.where(staff_sessions.c.id == session)
        if but is not None:
            query = query.where(staff_sessions.c.id != but)
        return int(connection.execute(query.values(revoked_at=now)).rowcount)

    def _going_on(self, now: float) -> list[Any]:
        return [
            staff_sessions.c.revoked_at.is_(None),
            staff_sessions.c.expires_at > now,
            staff_sessions.c.seen_at > now - self._idle,
        ]

    def _seen(self, session: Session, now: float) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                update(staff_sessions).where(staff_sessions.c.id == session.id).values(seen_at=now)
            )
            people.change(connection, session.person, seen_at=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _session(row: Any) -> Session:
    return Session(
        row.id,
        row.person,
        row.stage,
        row.created_at,
        row.seen_at,
        row.expires_at,
        row.agent,
        row.address,
    )
