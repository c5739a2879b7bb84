"""Counts failed sign-ins, so that passwords and codes cannot be guessed.

An attempt is written down before it is checked and struck off when it succeeds: many at once count
as many. What was claimed need not exist, so that an unknown account is locked like a known one.
"""

from __future__ import annotations

import hashlib
import time

from sqlalchemy import delete, func, select, text
from sqlalchemy.engine import Connection, Engine

from bot.store import storable
from bot.store.database import writing
from bot.store.staff_schema import sign_in_attempts

WINDOW_SECONDS = 900.0
# Of one account from one address, of one account, from one address.
PAIR_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20, 50
_LOCK = 7_310_587


class SignInAttempts:
    """Methods raise `DatabaseUnavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, account: str, address: str) -> int | None:
        """Write an attempt down; its number, or None when there have been too many."""
        account, address = _account(account), storable.text(address, 64)
        now = time.time()
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            connection.execute(
                delete(sign_in_attempts).where(sign_in_attempts.c.at < now - WINDOW_SECONDS)
            )
            of_account = sign_in_attempts.c.account == account
            from_address = sign_in_attempts.c.address == address
            if (
                _count(connection, of_account & from_address) >= PAIR_LIMIT
                or _count(connection, of_account) >= ACCOUNT_LIMIT
                or _count(connection, from_address) >= ADDRESS_LIMIT
            ):
                return None
            done = connection.execute(
                sign_in_attempts.insert().values(account=account, address=address, at=now)
            )
            return int(done.inserted_primary_key[0])

    def succeeded(self, attempt: int) -> None:
        """The attempt was no failure, and ends the count of its account from its address."""
        with writing(self._engine) as connection:
            row = connection.execute(
                select(sign_in_attempts).where(sign_in_attempts.c.id == attempt)
            ).first()
            if row is not None:
                connection.execute(
                    delete(sign_in_attempts).where(
                        sign_in_attempts.c.account == row.account,
                        sign_in_attempts.c.address == row.address,
                    )
                )


def _count(connection: Connection, condition: object) -> int:
    query = select(func.count()).select_from(sign_in_attempts).where(condition)
    return int(connection.execute(query).scalar_one())


def _account(claimed: str) -> str:
    return hashlib.sha256(claimed.strip().casefold().encode("utf-8", "replace")).hexdigest()
