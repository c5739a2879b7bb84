"""Opinions, pictures, identity and what is kept, over HTTP."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from bot.channels.identity import sign
from tests.channels.served import Server, Viewer, new_viewer, running


async def post(viewer: Viewer, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    url = f"/webhooks/web/{path}"
    async with viewer.http.post(url, json=body, headers=viewer.headers) as response:
        return response.status, await response.json()


def rows(server: Server, query: str, *values: str) -> list[Any]:
    with sqlite3.connect(server.data / "usher.db") as connection:
        return connection.execute(query, values).fetchall()


async def test_opinions_reach_the_store_masked(server: Server, viewer: Viewer) -> None:
    body = {"message": "b1", "verdict": "down", "reason": "wrong", "text": "ask a@example.org"}
    assert (await post(viewer, "feedback", body))[0] == 200
    query = "SELECT verdict, reason, text FROM feedback WHERE viewer = ?"
    assert rows(server, query, viewer.id) == [("down", "wrong", "ask [email]")]
    assert (await post(viewer, "feedback", {"message": "b1", "verdict": None}))[0] == 200
    assert rows(server, query, viewer.id) == []
    assert (await post(viewer, "satisfaction", {"score": 4}))[0] == 200
    assert rows(server, "SELECT score FROM satisfaction WHERE viewer = ?", viewer.id) == [(4,)]
    for path, wrong in (
        ("feedback", {"message": "b1", "verdict": "so so"}),
        ("feedback", {"message": "../x", "verdict": "up"}),
        ("satisfaction", {"score": 6}),
        ("satisfaction", {"score": True}),
    ):
        assert (await post(viewer, path, wrong))[0] == 422


async def test_a_picture_is_taken_read_and_bounded(viewer: Viewer) -> None:
    file = io.BytesIO()
    Image.effect_noise((900, 900), 90).save(file, "PNG")  # more than a message may have
    url, headers = "/webhooks/web/uploads", viewer.headers
    async with viewer.http.post(url, data=file.getvalue(), headers=headers) as response:
        made = await response.json()
        assert response.status == 200 and made["width"] == 900
    async with viewer.http.get(f"{url}/{made['id']}", headers=headers) as response:
        assert response.status == 200 and response.content_type == "image/png"
    other = await new_viewer(viewer.http)
    async with viewer.http.get(f"{url}/{made['id']}", headers=other.headers) as response:
        assert response.status == 404
    for data, status in ((b"<svg/>", 422), (b"", 422), (b"x" * 9_000_000, 413)):
        async with viewer.http.post(url, data=data, headers=headers) as response:
            assert response.status == status


async def test_what_is_kept_is_exported_and_deleted(viewer: Viewer) -> None:
    await viewer.send("hello")
    url = "/webhooks/web/personal"
    async with viewer.http.get(url, headers=viewer.headers) as response:
        assert len((await response.json())["conversation"]) == 2
    async with viewer.http.delete(url, headers=viewer.headers) as response:
        assert response.status == 204
    assert (await viewer.history())["messages"] == []


async def test_a_signed_user_is_one_viewer_everywhere(tmp_path: Path) -> None:
    with running(tmp_path, USHER_IDENTIFY_SECRET="s") as server:
        async with aiohttp.ClientSession(server.url) as http:
            who = {"user": "ana", "signature": sign("ana", "s")}
            first, second = await new_viewer(http), await new_viewer(http)
            await first.send("one")
            await second.send("two")
            ids = {(await post(each, "identify", who))[1]["viewer"] for each in (first, second)}
            assert len(ids) == 1
            token = (await post(first, "identify", who))[1]["token"]
            said = (await Viewer(http, token, "").history())["messages"]
            assert [m["text"] for m in said if m["from"] == "viewer"] == ["one", "two"]
            assert (await post(first, "identify", {**who, "user": "bob"}))[0] == 403


async def test_without_a_secret_nobody_is_identified(viewer: Viewer) -> None:
    status, body = await post(viewer, "identify", {"user": "ana", "signature": "x"})
    assert (status, body["error"]["code"]) == (403, "identify_off")
