from __future__ import annotations

import sqlite3

import aiohttp
import pytest

from tests.channels.served import Server


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/webhooks/", 404, "not_found"),
        ("GET", "/model/parse", 404, "not_found"),
        ("GET", "/conversations/default/tracker", 404, "not_found"),
        ("DELETE", "/webhooks/web/messages", 405, "method_not_allowed"),
        ("GET", "/webhooks/rest/webhook", 405, "method_not_allowed"),
        ("GET", "/page/../settings.py", 404, "not_found"),
        ("GET", "/page/x/..%2f..%2fsettings.py", 404, "not_found"),
    ],
)
async def test_what_is_not_there_is_said_in_json(
    http: aiohttp.ClientSession, method: str, path: str, status: int, code: str
) -> None:
    async with http.request(method, path) as response:
        assert response.status == status
        assert response.headers["Content-Type"] == "application/json"
        assert (await response.json())["error"]["code"] == code


async def test_a_failure_tells_its_id_and_nothing_else(
    server: Server, http: aiohttp.ClientSession
) -> None:
    async with http.get("/test/crash") as response:
        assert response.status == 500
        body = await response.text()
        failure = (await response.json())["error"]["failure"]
    assert "secret" not in body and "Traceback" not in body and "bob@" not in body
    with sqlite3.connect(server.data / "usher.db") as database:
        (place, error, trace) = database.execute(
            "SELECT place, error, trace FROM failures WHERE id = ?", (failure,)
        ).fetchone()
    assert place == "GET /test/crash"
    assert "[email]" in error and "ValueError" in trace and "bob@" not in error + trace


async def test_a_request_that_is_no_http_does_not_stop_the_server(
    server: Server, http: aiohttp.ClientSession
) -> None:
    import asyncio

    port = int(server.url.rsplit(":", 1)[1])
    for junk in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(junk)
        answer = await asyncio.wait_for(reader.read(4096), 5)
        assert b"Traceback" not in answer
        writer.close()
    async with http.get("/health") as response:
        assert response.status == 200
