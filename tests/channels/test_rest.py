from __future__ import annotations

from typing import Any

import aiohttp
import pytest

WEBHOOK = "/webhooks/rest/webhook"


async def post(http: aiohttp.ClientSession, body: Any, **headers: str) -> tuple[int, Any]:
    async with http.post(WEBHOOK, json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_it_answers_as_rasas_own_channel_does(http: aiohttp.ClientSession) -> None:
    assert await post(http, {"sender": "bob", "message": "hello"}) == (
        200,
        [{"recipient_id": "bob", "text": "You said: hello"}],
    )
    _, (answer,) = await post(http, {"sender": "bob", "message": "Dune"})
    assert answer["text"] and answer["buttons"][0]["title"] == "Dune (1984)"
    _, (_, cards) = await post(http, {"sender": 5, "message": "a funny film"})
    assert cards["recipient_id"] == "5" and cards["custom"]["type"] == "titles"
    _, (answer,) = await post(http, {"message": "hello"})
    assert answer["recipient_id"] == "default"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sender": "bob"}, 422, "text_missing"),
        ({"sender": "bob", "message": ""}, 422, "text_blank"),
        ({"sender": "bob", "message": "x" * 4001}, 413, "too_long"),
        ({"sender": ["bob"], "message": "hi"}, 422, "wrong_sender"),
        ({"sender": "", "message": "hi"}, 422, "wrong_sender"),
        ({"sender": "b\x00b", "message": "hi"}, 422, "wrong_sender"),
        ({"sender": "b" * 201, "message": "hi"}, 422, "wrong_sender"),
        ([], 422, "not_an_object"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    http: aiohttp.ClientSession, body: Any, status: int, code: str
) -> None:
    given, answer = await post(http, body)
    assert (given, answer["error"]["code"]) == (status, code)


async def test_a_failure_is_an_apology(http: aiohttp.ClientSession) -> None:
    status, (answer,) = await post(http, {"sender": "bob", "message": "fail"})
    assert status == 200 and "E-" in answer["text"]


async def test_personal_data_is_masked(http: aiohttp.ClientSession) -> None:
    _, (answer,) = await post(http, {"sender": "bob", "message": "I am alice@example.com"})
    assert answer["text"] == "You said: I am [email]"


async def test_neither_a_proxy_nor_a_page_passes_for_a_local_program(
    http: aiohttp.ClientSession,
) -> None:
    for headers in ({"X-Forwarded-For": "8.8.8.8"}, {"Origin": "http://localhost:5005"}):
        status, answer = await post(http, {"sender": "bob", "message": "hi"}, **headers)
        assert (status, answer["error"]["code"]) == (403, "local_only")
