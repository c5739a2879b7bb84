"""One browser and one server for all tests of the widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.served import Server, running
from tests.widget.visit import CHROMIUM, HOST, SECRET, Visit, launched


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


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture on a disk."""
    from PIL import Image

    path = tmp_path / "poster.jpg"
    Image.effect_mandelbrot((320, 200), (-2, -1, 1, 1), 40).convert("RGB").save(path)
    return path
