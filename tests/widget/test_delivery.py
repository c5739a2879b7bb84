"""Messages arrive once and in order, whatever happens to the page, the server or the line."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.channels.tokens import ViewerTokens
from tests.channels import served
from tests.channels.served import Server, running
from tests.widget.visit import Visit

At = Callable[..., Visit]
Tell = Callable[..., str]
MANY = 200


def test_a_message_that_failed_is_sent_again_and_answered_once(visit: At) -> None:
    viewer = visit(haste=10)
    page = viewer.page
    viewer.say("first")
    sent: list[str] = []

    def lose(route: Any) -> None:
        sent.append(json.loads(route.request.post_data)["id"])
        # Once the answer is lost, not the question.
        if len(sent) == 1:
            route.fetch()
        if len(sent) <= 4:
            route.abort()
        else:
            route.continue_()

    page.route("**/webhooks/web/messages", lose)
    page.locator(".composer textarea").fill("hello")
    page.locator(".composer textarea").press("Enter")
    page.locator(".mine.pending").wait_for()
    page.locator(".mine.failed").wait_for(timeout=15_000)
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("You said: hello", exact=True).wait_for(timeout=15_000)
    assert viewer.texts() == ["first", "You said: first", "hello", "You said: hello"]
    assert len(set(sent)) == 1
    page.reload()
    page.get_by_text("You said: hello", exact=True).wait_for()
    assert viewer.texts() == ["first", "You said: first", "hello", "You said: hello"]
    viewer.complaints.clear()  # the browser itself tells of lost requests


def test_what_is_written_offline_is_sent_in_order_after_a_reload(visit: At) -> None:
    viewer = visit()
    page = viewer.page
    viewer.say("online")
    page.route("**/webhooks/web/messages", lambda route: route.abort())
    for text in ("one", "two", "three"):
        page.locator(".composer textarea").fill(text)
        page.locator(".composer textarea").press("Enter")
    page.reload()
    page.locator(".mine").nth(3).wait_for()
    page.unroute("**/webhooks/web/messages")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.get_by_text("You said: three", exact=True).wait_for(timeout=15_000)
    mine = page.locator(".mine .bubble").all_inner_texts()
    theirs = page.locator(".theirs .bubble").all_inner_texts()
    assert mine == ["online", "one", "two", "three"]
    assert theirs == [f"You said: {text}" for text in mine]
    viewer.complaints.clear()


def test_the_stream_comes_back_ever_slower_and_misses_nothing(visit: At, tell: Tell) -> None:
    viewer = visit(haste=20)
    page = viewer.page
    viewer.say("hello")
    first = tell(viewer, text="before")
    page.get_by_text("before", exact=True).wait_for()
    tries: list[str] = []

    def lose(route: Any) -> None:
        tries.append(route.request.headers["last-event-id"])
        route.abort()

    page.route("**/events", lose)
    page.reload()
    page.locator(".hint", has_text=viewer.words["offline"]).wait_for()
    tell(viewer, text="one")
    tell(viewer, text="two")
    while len(tries) < 6:
        page.wait_for_timeout(100)
    # Each pause is twice as long as the one before, and by chance up to a half shorter.
    pauses = [each for each in page.evaluate("() => pauses") if each >= 400]
    for attempt, pause in enumerate(pauses[:5]):
        assert 400 * 2**attempt <= pause <= 800 * 2**attempt
    assert len({pause / 2**attempt for attempt, pause in enumerate(pauses[:5])}) == 5
    page.unroute("**/events")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.get_by_text("two", exact=True).wait_for()
    assert viewer.texts()[-3:] == ["before", "one", "two"]
    assert set(tries) == {first[1:]}
    page.locator(".hint", has_text=viewer.words["offline"]).wait_for(state="hidden")
    viewer.complaints.clear()


def test_a_server_killed_amid_many_messages_loses_and_doubles_none(
    browser: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    port = served.free_port()
    monkeypatch.setattr(served, "free_port", lambda: port)
    with running(tmp_path, ROTE_UNLIMITED="yes") as first:
        viewer = Visit(browser, first.url)
        viewer.say("begin")
        viewer.page.evaluate(
            """(many) => { for (let n = 0; n < many; n += 1)
              document.querySelector("usher-chat").send(`message ${n}`); }""",
            MANY,
        )
        viewer.page.get_by_text("You said: message 30", exact=True).wait_for(timeout=30_000)
        first.process.kill()
        first.process.join(10)
    time.sleep(1)
    with running(tmp_path, ROTE_UNLIMITED="yes"):
        last = f"You said: message {MANY - 1}"
        viewer.page.get_by_text(last, exact=True).wait_for(timeout=120_000)
        expected = ["begin", *(f"message {n}" for n in range(MANY))]
        assert viewer.page.locator(".mine .bubble").all_inner_texts() == expected
        answered = "async () => (await (await fetch('/test/turns')).json()).turns"
        assert 0 < viewer.page.evaluate(answered) < MANY  # each server answered some
        # The server has each of them once.
        viewer.page.reload()
        viewer.page.get_by_text(last, exact=True).wait_for()
        kept = viewer.page.evaluate(
            """async () => { const found = []; let before = "";
              do { const page = await (await fetch(`/webhooks/web/history?limit=200${before}`, {
                headers: { Authorization: `Bearer ${localStorage.getItem("usher.token")}` }
                })).json();
                found.unshift(...page.messages); before = page.before && `&before=${page.before}`;
              } while (before);
              return found.map((each) => each.text); }"""
        )
        assert [text for text in kept if not text.startswith("You said")] == expected
        assert [text for text in kept if text.startswith("You said")] == [
            f"You said: {text}" for text in expected
        ]
    viewer.context.close()


def test_another_tab_shows_the_same_conversation_at_once(visit: At) -> None:
    first = visit()
    first.say("hello")
    second = visit(context=first.context)
    second.page.get_by_text("You said: hello", exact=True).wait_for()
    first.say("from the first tab")
    second.page.get_by_text("You said: from the first tab", exact=True).wait_for()
    second.say("remind me")
    first.page.get_by_text("It starts now.", exact=True).wait_for()
    assert first.texts() == second.texts()


def test_the_conversation_is_there_after_30_days(visit: At, server: Server) -> None:
    viewer = visit()
    viewer.say("a month ago")
    token = viewer.page.evaluate("() => localStorage.getItem('usher.token')")
    secret = (server.data / "secret").read_bytes().strip()
    days = 90
    name = ViewerTokens(secret, days).verify(token)
    old = ViewerTokens(secret, days, lambda: time.time() - 31 * 86_400).issue(name).text
    viewer.page.evaluate("(token) => localStorage.setItem('usher.token', token)", old)
    viewer.page.reload()
    viewer.page.get_by_text("You said: a month ago", exact=True).wait_for()
