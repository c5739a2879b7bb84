"""What viewers think reaches the store: of one answer, and of the conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.widget.visit import Visit

Rows = Callable[..., list[Any]]
JUDGED = "SELECT verdict, reason, text FROM feedback WHERE viewer = ?"
RATED = "SELECT score, text FROM satisfaction WHERE viewer = ?"


def test_a_thumb_counts_at_once_and_a_reason_and_text_are_added(viewer: Visit, rows: Rows) -> None:
    page, words = viewer.page, viewer.words
    viewer.say("hello")
    down = page.get_by_role("button", name=words["notUp"])
    with page.expect_response("**/feedback"):
        down.click()
    assert rows(JUDGED, viewer.id) == [("down", None, None)]
    assert down.get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name=words["irrelevant"]).click()
    page.get_by_label(words["more"]).fill("我问的是剧集，not films")
    page.get_by_role("button", name=words["submit"]).click()
    page.get_by_role("status").get_by_text(words["thanks"]).wait_for()
    assert rows(JUDGED, viewer.id) == [("down", "irrelevant", "我问的是剧集，not films")]
    # Pressed again, the verdict is taken back.
    with page.expect_response("**/feedback"):
        down.click()
    assert rows(JUDGED, viewer.id) == []


def test_a_good_answer_is_asked_no_reason(viewer: Visit, rows: Rows) -> None:
    viewer.say("hello")
    with viewer.page.expect_response("**/feedback"):
        viewer.page.get_by_role("button", name=viewer.words["up"], exact=True).click()
    assert viewer.page.locator(".form .chip").count() == 1  # to send a text
    assert rows(JUDGED, viewer.id) == [("up", None, None)]


def test_at_the_end_the_conversation_is_rated(viewer: Visit, rows: Rows) -> None:
    page, words = viewer.page, viewer.words
    for text in ("hello", "two", "three", "four"):
        viewer.say(text)
    viewer.choose("end")
    stars = page.get_by_role("radiogroup", name=words["satisfied"]).get_by_role("radio")
    assert page.locator(".message", has=page.locator(".asked")).locator(".thumb").count() == 0
    with page.expect_response("**/satisfaction"):
        stars.nth(3).click()
    assert rows(RATED, viewer.id) == [(4, None)]
    submit = page.get_by_role("button", name=words["submit"])
    submit.wait_for()
    page.wait_for_timeout(100)
    shown, composer = submit.bounding_box(), page.locator(".composer").bounding_box()
    assert shown["y"] + shown["height"] <= composer["y"]  # it has come into sight
    page.get_by_label(words["more"]).fill("很好 thanks")
    with page.expect_response("**/satisfaction"):
        submit.click()
    page.get_by_text(words["thanks"]).wait_for()
    assert rows(RATED, viewer.id)[-1] == (4, "很好 thanks")
    assert len(rows(RATED, viewer.id)) == 1
    page.reload()
    page.locator(".theirs").first.wait_for()
    assert page.locator(".asked").count() == 0
