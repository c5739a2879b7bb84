from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Engine

from bot.store import database, desk_schema
from bot.store.database import DatabaseBusy, DatabaseUnavailable, migrate, reading, writing
from bot.store.migrations import steps
from bot.store.schema import METADATA
from bot.store.viewers import ViewerStore


def test_migrations_make_the_tables_that_the_code_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        # The index of the desk's search differs by database: see its migration.
        others = ("sqlite_sequence", desk_schema.SEARCH)
        own = {"include_name": lambda name, *_: not str(name).startswith(others)}
        context = MigrationContext.configure(connection, opts=own)
        assert compare_metadata(context, METADATA) == []


def test_the_head_is_known_without_alembic() -> None:
    assert ScriptDirectory.from_config(steps.config()).get_current_head() == steps.head()


def test_migrating_again_is_quick_and_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    started = time.perf_counter()
    migrate(engine)
    assert time.perf_counter() - started < 0.1


def test_two_processes_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'folder' / 'usher.db'}"
    program = (
        "import sys; from bot.store.database import engine, migrate;"
        "migrate(engine(sys.argv[1])); print('done')"
    )
    racing = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program, url], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in racing] == ["done"] * 3
    assert inspect(create_engine(url)).has_table("ratings")


@pytest.mark.postgresql
def test_threads_migrate_an_empty_postgresql_at_once(new_url: Callable[[str], str]) -> None:
    url = new_url("postgresql")
    store = database.engine(url)
    with writing(store) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: migrate(store), range(3)))
    assert inspect(store).has_table("ratings")


def test_sqlite_is_set_up_for_concurrent_use(new_url: Callable[[str], str]) -> None:
    with database.engine(new_url("sqlite")).connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_the_engine_is_made_once(url: str) -> None:
    assert database.engine(url) is database.engine(url)


def test_many_threads_write_without_losing_anything(engine: Engine) -> None:
    viewers = ViewerStore(engine)

    def rate(number: int) -> None:
        viewers.rate(f"viewer-{number % 3}", f"title-{number}", 4.0, "number")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(rate, range(60)))
    assert sum(len(viewers.ratings(f"viewer-{each}")) for each in range(3)) == 60


def test_an_error_rolls_back(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match="stop"), writing(engine) as connection:
        connection.execute(text("INSERT INTO viewers (id, first_at) VALUES ('a', 1)"))
        raise RuntimeError("stop")
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM viewers")).scalar() == 0


def test_a_locked_sqlite_says_so_after_its_patience(new_url: Callable[[str], str]) -> None:
    url = new_url("sqlite")
    started = time.perf_counter()
    with (
        writing(database.engine(url)),
        pytest.raises(DatabaseBusy),
        writing(database.engine(url, 0.05)),
    ):
        pass
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://usher:hunter22@127.0.0.1:1/usher",
        "sqlite:////proc/nowhere/usher.db",
        "no address at all",
        "oracle://somewhere/else",
    ],
)
def test_a_database_that_is_away_is_one_clear_error_without_the_password(address: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught, reading(database.engine(address)):
        pass
    assert "hunter22" not in str(caught.value)
    assert "\n" not in str(caught.value).strip()
