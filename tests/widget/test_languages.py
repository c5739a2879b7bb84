"""Whose language the chat speaks, and that another one, from right to left, is one file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.channels.widget import FOLDER
from tests.channels.served import Server, running
from tests.widget.visit import HOST, PHONE, Visit

At = Callable[..., Visit]
TITLES = {"en": "What shall we watch tonight?", "zh": "今晚看点什么？"}


@pytest.mark.parametrize(
    ("attributes", "locale", "spoken"),
    [
        ("", "en-GB", "en"),
        ("", "zh-TW", "zh"),
        ("", "fr-FR", "en"),
        ('data-lang="auto"', "zh-CN", "zh"),
        ('data-lang="zh"', "en-GB", "zh"),
        ('data-lang="en-US"', "zh-CN", "en"),
        ('data-lang="conversation"', "zh-CN", "zh"),
    ],
)
def test_it_speaks_as_the_page_or_the_browser_says(
    visit: At, attributes: str, locale: str, spoken: str
) -> None:
    viewer = visit(embed=attributes, locale=locale).open()
    assert viewer.page.locator(".welcome h3").inner_text() == TITLES[spoken]
    assert viewer.page.locator(".panel").get_attribute("lang").startswith(spoken)


def test_it_follows_the_conversation_and_redraws_what_stands_there(visit: At) -> None:
    viewer = visit(embed='data-lang="conversation"', **PHONE).open()
    field = viewer.field
    viewer.say("hello")
    assert field.get_attribute("aria-label") == "Your message"
    viewer.say("有什么好看的？")
    assert field.get_attribute("aria-label") == "你的消息"
    assert viewer.page.locator(".day").inner_text() == "今天"
    viewer.page.get_by_role("button", name="更多类似").first.click()  # a payload tells nothing
    viewer.page.locator(".mine").nth(2).wait_for()
    assert field.get_attribute("aria-label") == "你的消息"
    viewer.say("something funny")
    assert field.get_attribute("aria-label") == "Your message"


def test_a_payload_says_which_language_to_answer_in(visit: At) -> None:
    viewer = visit(locale="zh-CN")
    with viewer.page.expect_request("**/messages") as waiting:
        viewer.choose("help")
    assert waiting.value.post_data_json["text"] == "/help"
    assert waiting.value.post_data_json["metadata"] == {"language": "zh", "label": "你能做什么？"}


@pytest.fixture(scope="module")
def hebrew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a third language pack."""
    folder = tmp_path_factory.mktemp("hebrew")
    shutil.copytree(FOLDER, folder / "widget")
    words = json.loads((FOLDER / "words" / "en.json").read_text(encoding="utf-8"))
    words |= {"name": "עברית", "locale": "he", "direction": "rtl", "welcome": "מה נראה הערב?"}
    (folder / "widget" / "words" / "he.json").write_text(json.dumps(words), encoding="utf-8")
    with running(folder, USHER_CORS_ORIGINS=HOST, ROTE_WIDGET=str(folder / "widget")) as started:
        yield started


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
def test_a_third_language_is_one_file_and_may_run_from_right_to_left(
    visit: At, hebrew: Server, size: dict[str, Any]
) -> None:
    viewer = visit(hebrew.url, embed="", locale="he-IL", **size).open()
    page = viewer.page
    assert page.locator(".welcome h3").inner_text() == "מה נראה הערב?"
    viewer.say("recommend something")
    panel = page.locator(".panel")
    assert panel.get_attribute("dir") == "rtl" and panel.get_attribute("lang").startswith("he")
    frame, mine, theirs = (
        page.locator(name).first.bounding_box()
        for name in (".scroll", ".mine .bubble", ".theirs .bubble")
    )
    assert mine["x"] - frame["x"] < 40
    assert frame["x"] + frame["width"] - theirs["x"] - theirs["width"] < 40
    # An English sentence keeps its full stop at its end.
    assert (
        page.locator(".theirs .bubble").first.evaluate("(each) => getComputedStyle(each).direction")
        == "ltr"
    )
    row = page.locator(".cards")
    first = page.locator(".card").first.bounding_box()
    assert first["x"] + first["width"] > frame["x"] + frame["width"] / 2
    row.evaluate("(each) => each.scrollBy(-200, 0)")
    assert row.evaluate("(each) => each.scrollLeft") < -100
    if not size:
        page.get_by_label("Previous titles").click()
        page.get_by_label("Previous titles").wait_for(state="hidden")
    assert row.evaluate("(each) => each.scrollHeight <= each.clientHeight")
    page.get_by_label("Menu").click()
    menu = page.locator(".menu").bounding_box()
    assert menu["x"] >= 0 and menu["x"] - frame["x"] < 40
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_language_is_chosen_from_the_menu_and_kept(visit: At, hebrew: Server) -> None:
    viewer = visit(hebrew.url)
    page = viewer.page
    page.get_by_label("Menu").click()
    names = page.get_by_role("group", name="Language").get_by_role("button").all_inner_texts()
    assert names == ["English", "עברית", "中文"]
    page.get_by_role("button", name="中文").click()
    assert page.locator(".welcome h2").inner_text() == TITLES["zh"]
    page.reload()
    page.locator(".welcome h2", has_text=TITLES["zh"]).wait_for()
