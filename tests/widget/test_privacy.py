"""What is kept is the viewer's: consent before, export and deletion from the menu."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.widget.visit import VIEWERS, Visit

At = Callable[..., Visit]
Rows = Callable[..., list[Any]]
TERMS = "We keep what you write for 30 days. https://films.example/privacy 我们保存三十天。"


def test_the_menu_exports_what_is_kept(viewer: Visit) -> None:
    viewer.say("花样年华 and Heat")
    with viewer.page.expect_download() as waiting:
        viewer.choose("export")
    assert waiting.value.suggested_filename == "usher.json"
    kept = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert "花样年华 and Heat" in json.dumps(kept, ensure_ascii=False)


def test_the_menu_deletes_what_is_kept_once_that_is_confirmed(viewer: Visit, rows: Rows) -> None:
    page, words = viewer.page, viewer.words
    viewer.say("hello")
    kept = "SELECT count(*) FROM events WHERE sender_id = ?"
    name = viewer.id
    viewer.choose("delete")
    page.get_by_text(words["deleteSure"]).wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".composer").is_visible()
    viewer.choose("delete")
    page.get_by_role("button", name=words["cancel"]).click()
    assert rows(kept, name)[0][0] > 0 and viewer.texts()[0] == "hello"
    viewer.choose("delete")
    page.get_by_role("button", name=words["deleteYes"]).click()
    page.locator(".hint", has_text=words["deleted"]).wait_for()
    assert rows(kept, name) == [(0,)]
    assert viewer.texts() == [] and page.locator(".welcome").is_visible()
    page.reload()
    page.locator(".welcome").wait_for()
    viewer.say("hello again")
    assert viewer.texts() == ["hello again", "You said: hello again"]


@pytest.mark.parametrize("who", VIEWERS)
def test_nothing_is_sent_before_the_viewer_agrees(visit: At, who: str) -> None:
    viewer = visit(embed=f'data-consent="{TERMS}"', **VIEWERS[who])
    page = viewer.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    viewer.open()
    page.locator(".ask").wait_for()
    assert page.locator(".ask p").inner_text() == TERMS
    assert page.locator(".ask a").get_attribute("href") == "https://films.example/privacy"
    assert page.locator(".composer").is_hidden()
    page.locator(".prompt").first.click()
    viewer.usher("send", "hello")
    page.keyboard.press("Escape")  # closes the chat, agrees to nothing
    viewer.open()
    assert page.locator(".ask").is_visible() and viewer.texts() == []
    assert [url for url in asked if "/webhooks/" in url] == []
    assert page.evaluate("() => Object.keys(localStorage)") == []
    page.get_by_role("button", name=viewer.words["agree"]).click()
    viewer.say("hello")
    page.reload()
    viewer.open()
    page.locator(".theirs").wait_for()
    assert page.locator(".ask").is_hidden()
