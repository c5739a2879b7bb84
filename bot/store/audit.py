"""What the staff did: an append-only log in which each entry's hash covers the one before.

The triggers of the schema refuse changes; the chain shows those made past them. What a chain alone
cannot show is that its end was cut off: keep the newest hash elsewhere and verify against it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection, Engine

from bot.store import storable
from bot.store.database import reading, writing
from bot.store.staff_schema import audit, audit_cuts

GENESIS = "0" * 64
_LOCK = 7_310_586  # PostgreSQL: one writer of the chain at a time


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did; `person` is None for commands and strangers."""

    id: int
    at: float
    person: int | None
    who: str
    action: str
    subject: str
    detail: dict[str, Any]
    address: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What verifying found: `broken` is the id of the first wrong entry, None when all is well."""

    entries: int
    head: str
    broken: int | None = None
    reason: str = ""


def append(
    connection: Connection,
    *,
    who: str,
    action: str,
    person: int | None = None,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    address: str = "",
) -> str:
    """Add an entry within the caller's writing transaction; returns its hash.

    Args:
        connection: from `database.writing`: what is logged and the log stand or fall together.
        who: the e-mail address, or the name of a command.
        action: "what.done", such as "people.invite".
        person: the number of the member of staff.
        subject: what it was done to, such as "person:7" or "conversation:312".
        detail: more, ready for JSON; no secret.
        address: where the request came from.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    values = {
        "at": round(time.time(), 3),
        "person": person,
        "who": storable.text(who, 254),
        "action": storable.text(action, 80),
        "subject": storable.text(subject, 300),
        "detail": storable.dump(dict(detail or {})).replace("\\u0000", ""),
        "address": storable.text(address, 64),
    }
    previous = _head(connection)
    hash_ = _digest(values, previous)
    connection.execute(audit.insert().values(**values, previous=previous, hash=hash_))
    return hash_


def record(engine: Engine, **entry: Any) -> str:
    """`append` in a transaction of its own.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    with writing(engine) as connection:
        return append(connection, **entry)


class AuditLog:
    """Reads and verifies the log. Methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self,
        *,
        before: int | None = None,
        limit: int = 50,
        person: int | None = None,
        action: str = "",
        subject: str = "",
        since: float | None = None,
        until: float | None = None,
    ) -> list[Entry]:
        """Entries, newest first.

        Args:
            before: only entries with a smaller id.
            limit: the most entries.
            person: only what this member of staff did.
            action: only actions that are this one or begin with it and a dot.
            subject: only what was done to it.
            since: from this time on, in seconds since 1970.
            until: before this time.
        """
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        if person is not None:
            query = query.where(audit.c.person == person)
        if action:
            inside = audit.c.action.startswith(f"{action}.", autoescape=True)
            query = query.where((audit.c.action == action) | inside)
        if subject:
            query = query.where(audit.c.subject == subject)
        if since is not None:
            query = query.where(audit.c.at >= since)
        if until is not None:
            query = query.where(audit.c.at < until)
        with reading(self._engine) as connection:
            return [_entry(row) for row in connection.execute(query)]

    def head(self) -> str:
        """The newest hash, to be kept elsewhere."""
        with reading(self._engine) as connection:
            return _head(connection)

    def verify(self, known_head: str = "", batch: int = 2_000) -> Verdict:
        """Walk the whole chain.

        Args:
            known_head: a hash that was the newest once: it must still be in the chain.
            batch: entries read at once.
        """
        with reading(self._engine) as connection:
            cut = connection.execute(
                select(audit_cuts).order_by(audit_cuts.c.up_to.desc()).limit(1)
            ).first()
            previous, last = (cut.hash, cut.up_to) if cut else (GENESIS, 0)
            entries, seen = 0, known_head in ("", previous)
            while True:
                rows = connection.execute(
                    select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(batch)
                ).all()
                if not rows:
                    break
                for row in rows:
                    values = {name: row._mapping[name] for name in _HASHED}
                    if row.previous != previous:
                        return Verdict(entries, previous, row.id, "an entry before it is missing")
                    if row.hash != _digest(values, previous):
                        return Verdict(entries, previous, row.id, "it was changed")
                    previous, last = row.hash, row.id
                    entries += 1
                    seen = seen or previous == known_head
        if not seen:
            return Verdict(entries, previous, last, "the hash that was kept is not in the chain")
        return Verdict(entries, previous)

    def cut(self, before: float, who: str) -> int:
        """Delete the entries older than `before`, as retention asks; how many went.

        The hash of the last one that went stays as the beginning of the chain, and the cut is an
        entry itself.
        """
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            up_to = connection.execute(
                select(func.max(audit.c.id)).where(audit.c.at < before)
            ).scalar()
            if up_to is None:
                return 0
            entries = connection.execute(
                select(func.count()).select_from(audit).where(audit.c.id <= up_to)
            ).scalar_one()
            hash_ = connection.execute(select(audit.c.hash).where(audit.c.id == up_to)).scalar_one()
            connection.execute(
                audit_cuts.insert().values(up_to=up_to, hash=hash_, entries=entries, at=time.time())
            )
            connection.execute(audit.delete().where(audit.c.id <= up_to))
            append(
                connection,
                who=who,
                action="audit.cut",
                detail={"up_to": up_to, "hash": hash_, "entries": entries},
            )
            return int(entries)


_HASHED = ("at", "person", "who", "action", "subject", "detail", "address")


def _digest(values: Mapping[str, Any], previous: str) -> str:
    """SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8; as RFC 8785 but for numbers)."""
    canonical = json.dumps(
        {**values, "previous": previous}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _head(connection: Connection) -> str:
    found = connection.execute(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).scalar()
    if found is None:
        found = connection.execute(
            select(audit_cuts.c.hash).order_by(audit_cuts.c.up_to.desc()).limit(1)
        ).scalar()
    return str(found or GENESIS)


def _entry(row: Any) -> Entry:
    return Entry(
        row.id,
        row.at,
        row.person,
        row.who,
        row.action,
        row.subject,
        json.loads(row.detail),
        row.address,
        row.hash,
    )
