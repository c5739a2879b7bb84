"""The staff: who they are, and what proves it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.store import storable
from bot.store.database import reading
from bot.store.staff_schema import staff, staff_recovery_codes


class EmailTakenError(ValueError):
    """Somebody of the staff has this e-mail address already."""


@dataclass(frozen=True)
class Person:
    """A member of staff; `language`, `theme`: None when as the browser says; `invited_until`: when
    the one-time password ends that they have not used yet."""

    id: int
    email: str
    name: str
    role: str
    active: bool
    must_change: bool
    invited_until: float | None
    second_factor: bool
    language: str | None
    theme: str | None
    shortcuts: bool
    created_at: float
    seen_at: float | None


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against; it goes nowhere else."""

    person: Person
    password_hash: str | None
    password_until: float | None
    totp_sealed: str | None
    subject: str | None


class Staff:
    """The members of staff. Methods raise `DatabaseUnavailable` when the database is away.

    Methods that change take an open `connection`, so that the audit log's entry is of the same
    transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def everybody(self) -> list[Person]:
        """All, by name."""
        query = select(staff).order_by(func.lower(staff.c.name), staff.c.id)
        with reading(self._engine) as connection:
            return [person_of(row) for row in connection.execute(query)]

    def by_id(self, person: int) -> Person | None:
        """The member with this number."""
        with reading(self._engine) as connection:
            row = connection.execute(select(staff).where(staff.c.id == person)).first()
        return person_of(row) if row else None

    def credentials(
        self, *, email: str | None = None, person: int | None = None
    ) -> Credentials | None:
        """What somebody's sign-in is checked against."""
        key = staff.c.id == person if email is None else staff.c.email == canonical_email(email)
        with reading(self._engine) as connection:
            row = connection.execute(select(staff).where(key)).first()
        if row is None:
            return None
        return Credentials(
            person_of(row), row.password_hash, row.password_until, row.totp_sealed, row.subject
        )

    def by_subject(self, subject: str) -> Person | None:
        """The member known to the OpenID provider as this."""
        with reading(self._engine) as connection:
            row = connection.execute(select(staff).where(staff.c.subject == subject)).first()
        return person_of(row) if row else None

    def count_active(self, role: str) -> int:
        """How many active members have a role."""
        with reading(self._engine) as connection:
            return active_with_role(connection, role)

    def recovery_codes_left(self, person: int) -> int:
        """How many recovery codes are unused."""
        query = select(func.count()).select_from(staff_recovery_codes)
        with reading(self._engine) as connection:
            return int(
                connection.execute(
                    query.where(staff_recovery_codes.c.person == person)
                ).scalar_one()
            )


def add(
    connection: Connection,
    *,
    email: str,
    name: str,
    role: str,
    password_hash: str | None = None,
    password_until: float | None = None,
) -> int:
    """Add a member of staff; a password given here must be changed at the first sign-in.

    Returns:
        Their number.

    Raises:
        EmailTakenError: the address is somebody's.
    """
    try:
        done = connection.execute(
            staff.insert().values(
                email=canonical_email(email),
                name=storable.text(name, 120),
                role=role,
                password_hash=password_hash,
                password_until=password_until,
                must_change=password_hash is not None,
                created_at=time.time(),
            )
        )
    except IntegrityError as error:
        raise EmailTakenError(email) from error
    return int(done.inserted_primary_key[0])


def active_with_role(connection: Connection, role: str) -> int:
    """How many active members have a role; of several that ask in order to change it, one at a
    time (PostgreSQL locks the rows; on SQLite a writing transaction is alone)."""
    query = select(staff.c.id).where(staff.c.role == role, staff.c.active).with_for_update()
    return len(connection.execute(query).all())


def remove(connection: Connection, person: int) -> bool:
    """Take somebody off the staff who was invited and has never signed in; False for others."""
    done = connection.execute(delete(staff).where(staff.c.id == person, staff.c.seen_at.is_(None)))
    return bool(done.rowcount)


def change(connection: Connection, person: int, **values: Any) -> None:
    """Set columns of a member of staff."""
    connection.execute(update(staff).where(staff.c.id == person).values(**values))


def use_totp_step(connection: Connection, person: int, step: int) -> bool:
    """Whether the time step was unused so far; it is used now (RFC 6238, 5.2)."""
    done = connection.execute(
        update(staff)
        .where(staff.c.id == person, or_(staff.c.totp_step.is_(None), staff.c.totp_step < step))
        .values(totp_step=step)
    )
    return bool(done.rowcount)


def replace_recovery_codes(connection: Connection, person: int, hashes: Iterable[str]) -> None:
    """The only recovery codes from now on."""
    connection.execute(delete(staff_recovery_codes).where(staff_recovery_codes.c.person == person))
    rows = [{"person": person, "hash": each} for each in hashes]
    if rows:
        connection.execute(staff_recovery_codes.insert(), rows)


def use_recovery_code(connection: Connection, person: int, hash_: str) -> bool:
    """Whether it is one of the unused codes; it is used now."""
    done = connection.execute(
        delete(staff_recovery_codes).where(
            staff_recovery_codes.c.person == person, staff_recovery_codes.c.hash == hash_
        )
    )
    return bool(done.rowcount)


def canonical_email(email: str) -> str:
    """The form in which addresses are kept and compared."""
    return storable.text(email.strip().casefold(), 254)


def person_of(row: Any) -> Person:
    """A row of `staff` without what proves who they are."""
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        active=row.active,
        must_change=row.must_change,
        invited_until=row.password_until if row.must_change else None,
        second_factor=row.totp_sealed is not None,
        language=row.language,
        theme=row.theme,
        shortcuts=row.shortcuts,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )
