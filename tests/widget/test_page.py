"""The chat page: the widget fills it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.widget.visit import PHONE, Visit

At = Callable[..., Visit]


def test_a_viewer_talks_in_english_and_finds_it_again_after_a_reload(visit: At) -> None:
    viewer = visit(color_scheme="dark")
    page = viewer.page
    page.locator(".prompt").first.click()
    page.locator(".card").first.wait_for()
    assert page.locator(".welcome").is_hidden()
    card = page.locator(".card").first
    assert card.locator(".title").inner_text() == "Heat"
    assert "1995 · 2 h 50 min" in card.inner_text()
    assert "Because" in card.inner_text() or "Rated" in card.inner_text()
    story = card.locator("details p").first
    assert story.is_hidden()
    card.locator("summary").click()
    assert "collision course" in story.inner_text()
    before = viewer.texts()
    page.reload()
    page.locator(".card").first.wait_for()
    assert viewer.texts() == before
    assert page.locator(".welcome").is_hidden()
    assert page.locator(".day").inner_text() == "Today"


def test_a_viewer_talks_in_chinese_on_a_phone(visit: At) -> None:
    viewer = visit(locale="zh-CN", **PHONE)
    page = viewer.page
    assert page.locator(".welcome h2").inner_text() == "今晚看点什么？"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    viewer.say("有什么好看的？")
    assert page.locator(".card .title").first.inner_text() == "盗火线"
    # Nothing is wider than the phone, and the field to write in is in sight.
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    box = page.locator(".composer").bounding_box()
    assert box["y"] + box["height"] <= 740 and box["width"] > 300
    page.get_by_label("菜单").tap()
    page.get_by_role("button", name="English").tap()
    page.get_by_placeholder("A film, a series").wait_for()
    page.reload()
    page.locator(".card").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_replies_vanish_once_used_and_show_their_label(visit: At) -> None:
    viewer = visit()
    page = viewer.page
    viewer.say("Which Dune?")
    page.locator(".replies button").first.click()
    page.locator(".theirs").nth(1).wait_for()
    assert page.locator(".replies:visible").count() == 0
    assert viewer.texts()[2] == "Dune (1984)"
    page.reload()
    page.locator(".mine").nth(1).wait_for()
    assert viewer.texts()[2] == "Dune (1984)"


def test_what_comes_later_appears_by_itself(visit: At) -> None:
    viewer = visit()
    viewer.say("remind me")
    viewer.page.get_by_text("It starts now.", exact=True).wait_for()


def test_text_is_never_taken_for_html_and_only_web_links_are_links(visit: At) -> None:
    viewer = visit()
    viewer.say(
        "<img src=x onerror=alert(1)> <b>bold</b> javascript:alert(1) https://example.com/a."
    )
    page = viewer.page
    assert page.locator(".log img, .log b").count() == 0
    links = page.locator(".mine a").evaluate_all("(all) => all.map((each) => each.href)")
    assert links == ["https://example.com/a"]
    assert page.locator(".mine a").get_attribute("rel") == "noopener noreferrer nofollow"


def test_a_file_of_the_assistant_is_downloaded(visit: At) -> None:
    viewer = visit()
    viewer.say("export")
    with viewer.page.expect_download() as waiting:
        viewer.page.get_by_role("button", name="Download usher.json").click()
    assert waiting.value.suggested_filename == "usher.json"
    assert json.loads(Path(waiting.value.path()).read_text())["viewer"].startswith("v-")
