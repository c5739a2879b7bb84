"""Consoles for the tests: one that most share, and new ones on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from bot.console import passwords
from bot.store import database
from tests.console import full_desk
from tests.console.served import CHROMIUM, Console, running
from tests.store.conftest import new_url, postgresql, sqlite_template

__all__ = ["new_url", "postgresql", "sqlite_template"]


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """The hasher of passwords; nearly all tests have one that takes a hundredth of its time."""
    real = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    yield real
    passwords._hasher = real


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The console that most tests share, on SQLite."""
    folder = tmp_path_factory.mktemp("console")
    url = f"sqlite:///{folder / 'usher.db'}"
    database.migrate(database.engine(url))
    with running(url, folder) as started:
        yield started


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console with something on every page, which tests only look at; on SQLite."""
    folder = tmp_path_factory.mktemp("full")
    url = f"sqlite:///{folder / 'usher.db'}"
    database.migrate(database.engine(url))
    with running(url, folder) as started:
        full_desk.fill(started.engine)
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def own_console(
    request: pytest.FixtureRequest, new_url: Callable[[str], str], tmp_path: Path
) -> Iterator[Console]:
    """A console with a database of its own, once on SQLite and once on PostgreSQL."""
    with running(new_url(request.param), tmp_path) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, by playwright's synchronous interface."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs Chromium at {CHROMIUM}")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()
