"""One browser and one server for all tests of the widget."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import engine
from bot.store.messages import Outbox
from tests.channels.served import Server, running
from tests.widget.visit import CHROMIUM, HOST, SECRET, VIEWERS, Visit, launched


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that visit anything need Chromium."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(
                pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs Chromium at {CHROMIUM}")
            )


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Closed before tests elsewhere begin: Playwright keeps an event loop running."""
    with launched() as started:
        yield started


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that most tests share; pages of `HOST` may embed its widget."""
    settings = {"USHER_CORS_ORIGINS": HOST, "USHER_IDENTIFY_SECRET": SECRET}
    with running(tmp_path_factory.mktemp("usher"), **settings) as started:
        yield started


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Callable[..., Visit]]:
    """`visit()` is a viewer at the chat page, `visit(embed="")` one at a page of another site."""
    visits: list[Visit] = []

    def start(url: str = server.url, **options: Any) -> Visit:
        visits.append(Visit(browser, url, **options))
        return visits[-1]

    yield start
    complaints = [complaint for each in visits for complaint in each.complaints]
    for each in visits:
        each.context.close()
    assert complaints == []


@pytest.fixture(params=VIEWERS)
def viewer(request: pytest.FixtureRequest, visit: Callable[..., Visit]) -> Visit:
    """A viewer at the chat page: an English one at a desk, then a Chinese one with a phone."""
    return visit(**VIEWERS[request.param])


@pytest.fixture
def tell(server: Server) -> Callable[..., str]:
    """`tell(viewer, text="…")`: what the desk or the assistant says unasked; the message's id."""
    store = engine(f"sqlite:///{server.data / 'usher.db'}")

    def append(viewer: Visit, **message: Any) -> str:
        return f"o{Outbox(store).append(viewer.id, message)}"

    return append


@pytest.fixture
def rows(server: Server) -> Callable[..., list[Any]]:
    """`rows(query, *values)`: what the server's database holds."""

    def read(query: str, *values: Any) -> list[Any]:
        with sqlite3.connect(server.data / "usher.db") as connection:
            return connection.execute(query, values).fetchall()

    return read


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture on a disk."""
    from PIL import Image

    path = tmp_path / "poster.jpg"
    Image.effect_mandelbrot((320, 200), (-2, -1, 1, 1), 40).convert("RGB").save(path)
    return path
