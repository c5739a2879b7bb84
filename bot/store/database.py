"""The one database: SQLite out of the box, PostgreSQL when scaled, the same code for both."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool

from bot.settings import settings

BUSY_SECONDS = 5.0
POOL_SIZE = 16
# An execution option: the transaction takes SQLite's write lock when it begins, so that what it
# reads cannot change before it writes.
WRITES = "usher_writes"

_engines: dict[tuple[int, str, float], Engine] = {}
_lock = threading.Lock()


class DatabaseUnavailable(RuntimeError):  # noqa: N818 - says a state, as callers read it
    """The database cannot be opened, reached or written; the message says what to look at."""


class DatabaseBusy(DatabaseUnavailable):
    """SQLite's write lock is held by somebody else for too long."""


def engine(url: str | None = None, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """The engine for `url` (by default the one of the settings), made once per process.

    Nothing is opened yet, but for SQLite the parent folder is created.

    Args:
        url: an address that SQLAlchemy reads.
        busy_seconds: how long to wait for SQLite's write lock.

    Raises:
        DatabaseUnavailable: the address cannot be read, its driver is not installed, or the
            folder of the file cannot be made.
    """
    address = url if url is not None else settings().database
    key = (
        os.getpid(),
        address,
        busy_seconds,
    )  # a forked worker must not share its parent's connections
    with _lock:
        if key not in _engines:
            _engines[key] = _make(address, busy_seconds)
        return _engines[key]


@contextmanager
def reading(store: Engine) -> Iterator[Connection]:
    """A connection to read with.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    with _translated(store), store.connect() as connection:
        yield connection


@contextmanager
def writing(store: Engine) -> Iterator[Connection]:
    """A transaction that is committed at the end, and rolled back on any error.

    Raises:
        DatabaseUnavailable: the database is away, read-only, full or locked for too long.
    """
    with _translated(store), store.connect() as connection:
        connection = connection.execution_options(**{WRITES: True})
        with connection.begin():
            yield connection


def insert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def migrate(store: Engine) -> None:
    """Bring the schema to today's version; one cheap query when it is there already.

    Two processes may call it at once: one migrates, the other waits and finds it done.

    Raises:
        DatabaseUnavailable: the database is away.
    """
    from bot.store.migrations.steps import is_current, upgrade

    with reading(store) as connection:
        if is_current(connection):
            return
    with writing(store) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7310585)")
        if not is_current(connection):
            upgrade(connection)


def _make(address: str, busy_seconds: float) -> Engine:
    try:
        url = make_url(address.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise DatabaseUnavailable(
            f"USHER_DATABASE_URL is not an address SQLAlchemy can read: {error}"
        ) from None
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, busy_seconds)
        return create_engine(
            url, pool_pre_ping=True, pool_size=POOL_SIZE, pool_recycle=1800, future=True
        )
    except ImportError as error:
        # Rasa would take an ImportError for a missing tracker store and keep all in memory.
        raise DatabaseUnavailable(
            f"the driver for {url.drivername} is not installed: {error}"
        ) from None


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    memory = url.database in (None, "", ":memory:")
    pool: dict[str, Any] = {"poolclass": StaticPool}
    if not memory:
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(
                f"the folder of the database cannot be made: {folder}: {error.strerror}"
            ) from None
        # Connections are lent, never shared: opening one costs as much as a whole save.
        pool = {"poolclass": QueuePool, "pool_size": POOL_SIZE, "max_overflow": 48}
    made = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": busy_seconds},
        future=True,
        **pool,
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see _begin
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={round(busy_seconds * 1000)}")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


@contextmanager
def _translated(store: Engine) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if "Error binding parameter" in str(error):  # a wrong value, not a wrong database
            raise
        if "database is locked" in str(error):
            raise DatabaseBusy(_explain(store, error)) from error
        raise DatabaseUnavailable(_explain(store, error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(_explain(store, error)) from error
        raise


def _explain(store: Engine, error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return f"the database {store.url.render_as_string(hide_password=True)} is not usable: {reason}"
