"""The web channel over HTTP, with an assistant that answers by rote."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.tokens import ViewerTokens
from tests.channels.served import Server, Viewer, new_viewer, read_events, running

MESSAGES = "/webhooks/web/messages"


async def test_a_new_viewer_gets_a_token_and_keeps_it(
    http: aiohttp.ClientSession, viewer: Viewer
) -> None:
    async with http.post("/webhooks/web/session", headers=viewer.headers) as response:
        again = await response.json()
    assert (again["token"], again["viewer"]) == (viewer.token, viewer.id)
    assert again["message_limit"] == 4000


async def test_all_that_is_answered_comes_with_ids_and_times(viewer: Viewer) -> None:
    status, body = await viewer.send("a funny film", "client-id-1")
    assert status == 200 and body["id"] == "client-id-1"
    text, cards = body["messages"]
    assert text["text"].startswith("How about") and text["from"] == "bot"
    assert cards["custom"]["type"] == "titles" and "text" not in cards
    assert text["id"] != cards["id"] and abs(text["time"] - time.time()) < 10


async def test_buttons_come_with_their_text(viewer: Viewer) -> None:
    _, body = await viewer.send("Dune")
    (message,) = body["messages"]
    assert message["buttons"][0] == {
        "title": "Dune (1984)",
        "payload": '/choose{"title": "tt0087182"}',
    }


async def test_a_message_sent_twice_is_answered_alike_and_once(
    http: aiohttp.ClientSession, viewer: Viewer
) -> None:
    before = await turns(http)
    at_once = await asyncio.gather(*(viewer.send("slow 0.2 hello", "same-id-1") for _ in range(4)))
    later = await viewer.send("slow 0.2 hello", "same-id-1")
    assert len({json.dumps(body) for _, body in [*at_once, later]}) == 1
    assert await turns(http) == before + 1


async def test_the_same_id_of_another_viewer_is_another_message(
    http: aiohttp.ClientSession, viewer: Viewer
) -> None:
    other = await new_viewer(http)
    assert await viewer.texts("one", client_id="shared-id") == ["You said: one"]
    assert await other.texts("two", client_id="shared-id") == ["You said: two"]


async def test_messages_of_a_viewer_are_answered_in_order(viewer: Viewer) -> None:
    slow = asyncio.create_task(viewer.send("slow 0.3"))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await viewer.send("quick")
    assert slow.done()
    # Rasa's own lock would look again only after a second.
    assert time.monotonic() - began < 0.9
    history = (await viewer.history())["messages"]
    assert [m["text"] for m in history if m["from"] == "viewer"] == ["slow 0.3", "quick"]


async def test_history_shows_what_was_seen_under_the_same_ids(viewer: Viewer) -> None:
    _, first = await viewer.send("有什么好看的", "client-id-1")
    _, second = await viewer.send(
        '/seen_title{"title": "tt0113277"}', "client-id-2", {"label": "看过"}
    )
    history = (await viewer.history())["messages"]
    assert [m["id"] for m in history] == [
        "client-id-1",
        *(m["id"] for m in first["messages"]),
        "client-id-2",
        *(m["id"] for m in second["messages"]),
    ]
    assert [m["text"] for m in history if m["from"] == "viewer"] == ["有什么好看的", "看过"]
    assert history[2]["custom"] == first["messages"][1]["custom"]
    assert history[-1]["buttons"] == second["messages"][0]["buttons"]


async def test_history_comes_in_pages(viewer: Viewer) -> None:
    for number in range(4):
        await viewer.send(f"message {number}")
    newest = await viewer.history("?limit=3")
    assert [m.get("text") for m in newest["messages"]] == [
        "You said: message 2",
        "message 3",
        "You said: message 3",
    ]
    older = await viewer.history(f"?limit=5&before={newest['before']}")
    assert len(older["messages"]) == 5 and older["before"] is None
    assert older["messages"][0]["text"] == "message 0"


async def test_nobody_reads_anothers_conversation(
    http: aiohttp.ClientSession, viewer: Viewer
) -> None:
    await viewer.send("a secret wish")
    assert (await (await new_viewer(http)).history())["messages"] == []
    forged = ViewerTokens(b"guessed", 30).issue(viewer.id).text
    for path in ("history", "events"):
        async with http.get(
            f"/webhooks/web/{path}", headers={"Authorization": f"Bearer {forged}"}
        ) as response:
            assert response.status == 401
            assert (await response.json())["error"]["code"] == "token_invalid"


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer  ", "Basic abc", "Bearer a.b.c"])
async def test_without_a_good_token_nothing_is_answered(
    http: aiohttp.ClientSession, header: str | None
) -> None:
    headers = {"Authorization": header} if header else {}
    body = {"id": "client-id-1", "text": "hi"}
    async with http.post(MESSAGES, json=body, headers=headers) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert (await response.json())["error"]["code"] in ("token_missing", "token_invalid")


async def test_an_expired_token_is_told_apart(server: Server, http: aiohttp.ClientSession) -> None:
    secret = (server.data / "secret").read_bytes().strip()
    old = ViewerTokens(secret, 1, lambda: time.time() - 100_000).issue("v-old").text
    for path in ("session", "messages"):
        async with http.post(
            f"/webhooks/web/{path}", json={}, headers={"Authorization": f"Bearer {old}"}
        ) as response:
            assert response.status == 401
            assert (await response.json())["error"]["code"] == "token_expired"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "application/json", 400, "malformed_json"),
        (b"{", "application/json", 400, "malformed_json"),
        (b'{"id": "client-id-1", "text": "\xff"}', "application/json", 400, "malformed_json"),
        (b'{"id": "client-id-1", "text": NaN}', "application/json", 400, "malformed_json"),
        (b"[" * 60_000, "application/json", 400, "malformed_json"),
        (b"[]", "application/json", 422, "not_an_object"),
        (b"{}", "text/plain", 415, "wrong_content_type"),
        (b"{}", "", 415, "wrong_content_type"),
        (b'{"text": "hi"}', "application/json", 422, "id_missing"),
        (b'{"id": "x", "text": "hi"}', "application/json", 422, "id_missing"),
        (b'{"id": "client id 1", "text": "hi"}', "application/json", 422, "id_missing"),
        (b'{"id": "client-id-1"}', "application/json", 422, "text_missing"),
        (b'{"id": "client-id-1", "text": 5}', "application/json", 422, "text_missing"),
        (b'{"id": "client-id-1", "text": " "}', "application/json", 422, "text_blank"),
        (b"x" * 70_000, "application/json", 413, "too_large"),
    ],
)
async def test_what_cannot_be_read_is_refused(
    viewer: Viewer, body: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {**viewer.headers, "Content-Type": content_type}
    async with viewer.http.post(MESSAGES, data=body, headers=headers) as response:
        assert response.status == status
        assert (await response.json())["error"]["code"] == code


async def test_a_long_message_is_refused_and_the_next_one_answered(viewer: Viewer) -> None:
    status, body = await viewer.send("长" * 4001)
    assert (status, body["error"]["code"]) == (413, "too_long")
    assert await viewer.texts("hello") == ["You said: hello"]


async def test_personal_data_does_not_reach_the_assistant(viewer: Viewer) -> None:
    assert await viewer.texts("I am alice@example.com") == ["You said: I am [email]"]


async def test_viewers_cannot_restart_or_steer_the_assistant(viewer: Viewer) -> None:
    assert await viewer.texts("/restart") == ["You said: restart"]
    assert await viewer.texts("/session_start{}") == ["You said: session_start{}"]
    shown = (await viewer.history())["messages"][0]["text"]
    assert shown == "/restart"


async def test_a_failure_is_an_apology_with_an_id_and_the_conversation_goes_on(
    server: Server, viewer: Viewer
) -> None:
    for text in ("fail", "fail after speaking", "say nothing"):
        status, body = await viewer.send(text)
        assert status == 200
        (message,) = body["messages"]
        assert body["failure"].startswith("E-") and body["failure"] in message["text"]
        assert "Traceback" not in str(body) and "broke" not in str(body)
    assert await viewer.texts("hello") == ["You said: hello"]
    log = (server.data / "server.log").read_text()
    assert body["failure"] in log


async def test_a_failure_is_told_in_chinese_on_a_chinese_page(viewer: Viewer) -> None:
    _, body = await viewer.send("fail", metadata={"language": "zh"})
    assert "出了点问题" in body["messages"][0]["text"]


async def test_a_failed_message_sent_again_is_tried_again(
    http: aiohttp.ClientSession, viewer: Viewer
) -> None:
    before = await turns(http)
    _, first = await viewer.send("fail", "failed-id")
    _, second = await viewer.send("fail", "failed-id")
    assert first["failure"] != second["failure"]
    assert await turns(http) == before + 2


async def test_an_answer_nobody_waited_for_is_kept(
    http: aiohttp.ClientSession, viewer: Viewer
) -> None:
    before = await turns(http)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(viewer.send("slow 0.5", "lost-id-1"), 0.15)
    await asyncio.sleep(0.6)
    assert await viewer.texts("slow 0.5", client_id="lost-id-1") == ["You said: slow 0.5"]
    assert await turns(http) == before + 1


async def test_too_many_messages_are_told_to_wait(viewer: Viewer) -> None:
    answers = [await viewer.send("") for _ in range(60)]
    refused = [body for status, body in answers if status == 429]
    assert refused and refused[0]["error"]["code"] == "too_many_requests"
    assert answers[0][0] == 422


async def test_what_is_said_later_comes_by_the_stream_and_stays_in_history(viewer: Viewer) -> None:
    reading = asyncio.create_task(read_events(viewer, 1))
    await asyncio.sleep(0.1)
    assert await viewer.texts("remind me") == ["I will."]
    (event,) = await reading
    assert event["text"] == "It starts now." and event["from"] == "bot"
    history = await viewer.history()
    assert history["messages"][-1]["text"] == "It starts now."
    assert history["messages"][-1]["id"] == event["id"]
    assert history["last_event"] == event["event_id"]


async def test_a_stream_goes_on_where_it_was_left(viewer: Viewer) -> None:
    await viewer.send("remind me")
    await asyncio.sleep(0.5)
    await viewer.send("remind me")
    first, second = await read_events(viewer, 2, last="0")
    assert [e["text"] for e in await read_events(viewer, 1, last=first["event_id"])] == [
        second["text"]
    ]
    assert int(second["event_id"]) > int(first["event_id"])


async def test_streams_of_a_viewer_are_bounded_and_freed(viewer: Viewer) -> None:
    path = "/webhooks/web/events"
    opened = [await viewer.http.get(path, headers=viewer.headers) for _ in range(6)]
    async with viewer.http.get(path, headers=viewer.headers) as response:
        assert response.status == 429 and int(response.headers["Retry-After"]) > 0
    for response in opened:
        response.close()
    await asyncio.sleep(0.3)
    async with viewer.http.get(path, headers=viewer.headers) as response:
        assert response.status == 200


async def test_a_wrong_event_id_or_cursor_is_refused(viewer: Viewer) -> None:
    for path, headers in (
        ("events", {"Last-Event-ID": "x"}),
        ("history?before=nan", {}),
        ("history?limit=-1", {}),
        ("history?limit=abc", {}),
    ):
        async with viewer.http.get(
            f"/webhooks/web/{path}", headers={**viewer.headers, **headers}
        ) as response:
            assert response.status == 422


async def test_a_restart_ends_streams_and_loses_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        async with aiohttp.ClientSession(first.url) as http:
            viewer = await new_viewer(http)
            _, answered = await viewer.send("hello", "before-restart")
            stream = await http.get("/webhooks/web/events", headers=viewer.headers)
            began = time.monotonic()
            first.process.terminate()
            await asyncio.wait_for(stream.content.read(), 8)
            first.process.join(8)
            assert not first.process.is_alive()
            assert time.monotonic() - began < 6
    environment = {"USHER_CORS_ORIGINS": "https://films.example", "USHER_REST_TOKEN": "sesame"}
    with running(tmp_path, **environment) as second:
        async with aiohttp.ClientSession(second.url) as http:
            viewer = Viewer(http, viewer.token, viewer.id)
            assert await viewer.send("hello", "before-restart") == (200, answered)
            assert len((await viewer.history())["messages"]) == 2
            await _check_origins(http)
            await _check_rest_token(http)


async def _check_origins(http: aiohttp.ClientSession) -> None:
    for origin, allowed in (("https://films.example", True), ("https://evil.example", False)):
        async with http.options(MESSAGES, headers={"Origin": origin}) as response:
            assert response.status == 204
            assert ("Access-Control-Allow-Origin" in response.headers) is allowed
        async with http.post(MESSAGES, headers={"Origin": origin}) as response:
            assert response.status == 401
            assert ("Access-Control-Allow-Origin" in response.headers) is allowed


async def _check_rest_token(http: aiohttp.ClientSession) -> None:
    for token, status in (("sesame", 200), ("wrong", 401), ("", 401)):
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "8.8.8.8"}
        body = {"sender": "bob", "message": "hello"}
        async with http.post("/webhooks/rest/webhook", json=body, headers=headers) as response:
            assert response.status == status


async def test_no_page_of_another_site_may_read_by_default(http: aiohttp.ClientSession) -> None:
    async with http.options(MESSAGES, headers={"Origin": "https://evil.example"}) as response:
        assert not [name for name in response.headers if name.startswith("Access-Control")]


junk = st.one_of(
    st.binary(max_size=300),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"id": st.just("fuzz-id-0") | st.text(), "text": st.text() | st.integers()},
        optional={"metadata": st.dictionaries(st.text(), st.text())},
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=junk, content_type=st.sampled_from(["application/json", "text/plain", ""]))
def test_no_body_breaks_the_server(server: Server, body: bytes, content_type: str) -> None:
    async def send() -> None:
        async with aiohttp.ClientSession(server.url) as http:
            viewer = await new_viewer(http)
            headers = {**viewer.headers, "Content-Type": content_type}
            for path in (MESSAGES, "/webhooks/rest/webhook"):
                async with http.post(path, data=body, headers=headers) as response:
                    assert response.status < 500
                    answer: Any = await response.json()
                    assert response.status == 200 or answer["error"]["code"]

    asyncio.run(send())


async def turns(http: aiohttp.ClientSession) -> int:
    """How many messages reached the assistant."""
    async with http.get("/test/turns") as response:
        return int((await response.json())["turns"])
