"""Every test of the store runs on SQLite and on PostgreSQL, each with a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from bot.store import database
from bot.store.schema import METADATA

from . import postgresql_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server's database `postgres`."""
    try:
        server = postgresql_server.running()
        address = server.__enter__()
    except postgresql_server.NoServer as reason:
        pytest.skip(str(reason))
    # One migrated database, copied for each test.
    with create_engine(address, isolation_level="AUTOCOMMIT", future=True).connect() as connection:
        connection.execute(text("CREATE DATABASE template"))
    template = database.engine(address.replace("/postgres?", "/template?"))
    database.migrate(template)
    template.dispose()
    administer(address, "CREATE DATABASE shared TEMPLATE template")
    yield address
    server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, copied for each test."""
    file = tmp_path_factory.mktemp("template") / "usher.db"
    store = database.engine(f"sqlite:///{file}")
    database.migrate(store)
    store.dispose()  # the last connection folds the write-ahead log into the file
    return file


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes databases: "sqlite" or "postgresql" → address."""
    made: list[str] = []

    def make(kind: str) -> str:
        name = f"test_{abs(hash(tmp_path)):x}_{len(made)}"
        if kind == "sqlite":
            file = tmp_path / f"{name}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), file)
            made.append(f"sqlite:///{file}")
        else:
            server = request.getfixturevalue("postgresql")
            administer(server, f"CREATE DATABASE {name} TEMPLATE template")
            made.append(server.replace("/postgres?", f"/{name}?"))
        return made[-1]

    yield make
    for url in made:
        for key, engine in list(database._engines.items()):
            if key[1] == url:
                engine.dispose()
                del database._engines[key]
        if url.startswith("postgresql"):
            server = request.getfixturevalue("postgresql")
            name = url.split("@/")[1].split("?")[0]
            administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> str:
    """The address of an empty, migrated database."""
    if request.param == "sqlite":
        return new_url("sqlite")
    # Emptying one is faster than making one for each test.
    shared = str(request.getfixturevalue("postgresql")).replace("/postgres?", "/shared?")
    with database.writing(database.engine(shared)) as connection:
        tables = ", ".join(METADATA.tables)
        # The audit log's triggers refuse to be emptied; here they may be put aside.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return shared


@pytest.fixture
def engine(url: str) -> Engine:
    """An empty, migrated database."""
    return database.engine(url)


def administer(server: str, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()
