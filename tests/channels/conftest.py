"""A real server on a free port with the channels, and an assistant that answers by rote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
import pytest_asyncio

from tests.channels.served import Server, Viewer, new_viewer, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that most tests share."""
    with running(tmp_path_factory.mktemp("usher")) as started:
        yield started


@pytest_asyncio.fixture
async def http(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the shared server."""
    async with aiohttp.ClientSession(server.url) as session:
        yield session


@pytest_asyncio.fixture
async def viewer(http: aiohttp.ClientSession) -> Viewer:
    """Somebody who has never been here."""
    return await new_viewer(http)
