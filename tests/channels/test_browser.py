"""The page in a real browser, with an assistant that answers by rote."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.served import Server

CHROMIUM = Path("/usr/bin/chromium")
SHOTS = os.environ.get("USHER_SCREENSHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs Chromium at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


class Visit:
    """A viewer with a browser of their own; what the console complains of is a failure."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        self.context = browser.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1200, "height": 800}, **options}
        )
        self.context.set_default_timeout(8000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type == "error" else None,
        )
        self.page.goto(url)
        self.page.wait_for_selector("html.ready")

    def say(self, text: str) -> None:
        """Write a message and wait for the answer."""
        answers = self.page.locator(".theirs").count()
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")
        self.page.locator(".theirs").nth(answers).wait_for()

    def texts(self) -> list[str]:
        """The texts on the page, in order."""
        return self.page.locator(".bubble").all_inner_texts()

    def shot(self, name: str) -> None:
        """Keep a picture when a folder for them is set."""
        if SHOTS:
            self.page.wait_for_timeout(500)
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Any]:
    visits: list[Visit] = []

    def start(**options: Any) -> Visit:
        visits.append(Visit(browser, server.url, **options))
        return visits[-1]

    yield start
    complaints = [complaint for each in visits for complaint in each.complaints]
    for each in visits:
        each.context.close()
    assert complaints == []


def test_a_viewer_talks_in_english_and_finds_it_again_after_a_reload(visit: Any) -> None:
    viewer = visit(color_scheme="dark")
    page = viewer.page
    assert page.locator("#prompts button").count() == 4
    viewer.shot("welcome-desktop-dark")
    page.locator("#prompts button").first.click()
    page.locator(".card").first.wait_for()
    assert page.locator(".welcome").is_hidden()
    card = page.locator(".card").first
    assert card.locator("h3").inner_text() == "Heat"
    assert "1995 · 2 h 50 min" in card.inner_text()
    assert "Because" in card.inner_text() or "Rated" in card.inner_text()
    story = card.locator(".story p").first
    assert story.is_hidden()
    card.locator("summary").click()
    assert "collision course" in story.inner_text()
    viewer.shot("cards-desktop-dark")
    before = viewer.texts()
    page.reload()
    page.locator(".card").first.wait_for()
    assert viewer.texts() == before
    assert page.locator(".welcome").is_hidden()
    assert page.locator(".day").inner_text() == "Today"


def test_a_viewer_talks_in_chinese_on_a_phone(visit: Any) -> None:
    viewer = visit(
        locale="zh-CN", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = viewer.page
    assert page.locator("#welcome-title").inner_text() == "今晚看点什么？"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    viewer.shot("welcome-phone-light")
    viewer.say("有什么好看的？")
    assert page.locator(".card h3").first.inner_text() == "盗火线"
    viewer.shot("cards-phone-light")
    # Nothing is wider than the phone, and the field to write in is in sight.
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    box = page.locator("#composer").bounding_box()
    assert box["y"] + box["height"] <= 740 and box["width"] > 300
    page.locator("#languages button").first.tap()
    assert page.locator("#text").get_attribute("placeholder").startswith("A film")
    page.reload()
    page.locator(".card").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_replies_vanish_once_used_and_show_their_label(visit: Any) -> None:
    viewer = visit()
    page = viewer.page
    viewer.say("Which Dune?")
    page.locator(".replies button").first.click()
    page.locator(".mine").nth(1).wait_for()
    assert page.locator(".replies:visible").count() == 0
    assert viewer.texts()[2] == "Dune (1984)"
    page.reload()
    page.locator(".mine").nth(1).wait_for()
    assert viewer.texts()[2] == "Dune (1984)"


def test_a_title_is_rated_with_stars_by_keyboard(visit: Any) -> None:
    viewer = visit()
    page = viewer.page
    viewer.say("recommend something")
    page.get_by_role("button", name="Seen it").first.click()
    star = page.get_by_role("button", name="4 stars")
    star.focus()
    assert page.locator(".stars .lit").count() == 4
    viewer.shot("stars")
    star.press("Enter")
    page.get_by_text("Noted: Heat").wait_for()


def test_enter_while_composing_belongs_to_the_input_method(visit: Any) -> None:
    viewer = visit()
    page = viewer.page
    page.fill("#text", "ni hao")
    composing = {"key": "Enter", "bubbles": True, "cancelable": True, "isComposing": True}
    page.dispatch_event("#text", "keydown", composing)
    page.evaluate(
        """() => document.getElementById("text").dispatchEvent(new KeyboardEvent("keydown",
           {key: "Enter", keyCode: 229, bubbles: true, cancelable: true}))"""
    )
    assert viewer.texts() == []
    page.press("#text", "Shift+Enter")
    page.type("#text", "second line")
    assert page.input_value("#text") == "ni hao\nsecond line"
    page.press("#text", "Enter")
    page.locator(".theirs").first.wait_for()
    assert viewer.texts()[0] == "ni hao\nsecond line"


def test_a_message_that_is_too_long_cannot_be_sent(visit: Any) -> None:
    page = visit().page
    page.fill("#text", "x" * 3990)
    assert page.locator("#counter").inner_text() == "10 characters left"
    page.fill("#text", "x" * 4001)
    assert page.locator("#counter").inner_text() == "1 characters too many"
    assert page.locator("#send").is_disabled()


def test_a_message_that_failed_is_sent_again_and_answered_once(visit: Any) -> None:
    viewer = visit()
    page = viewer.page
    sent: list[str] = []

    def lose(route: Any) -> None:
        sent.append(json.loads(route.request.post_data)["id"])
        if len(sent) <= 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/webhooks/web/messages", lose)
    page.fill("#text", "hello")
    page.press("#text", "Enter")
    page.get_by_role("button", name="Try again").wait_for(timeout=15_000)
    viewer.shot("failed")
    page.get_by_role("button", name="Try again").click()
    page.locator(".theirs").first.wait_for()
    assert viewer.texts() == ["hello", "You said: hello"]
    assert len(sent) == 4 and len(set(sent)) == 1
    viewer.complaints.clear()  # the browser itself tells of lost requests


def test_what_comes_later_appears_by_itself(visit: Any) -> None:
    viewer = visit()
    viewer.say("remind me")
    viewer.page.get_by_text("It starts now.").wait_for()


def test_text_is_never_taken_for_html_and_only_web_links_are_links(visit: Any) -> None:
    viewer = visit()
    viewer.say(
        "<img src=x onerror=alert(1)> <b>bold</b> javascript:alert(1) https://example.com/a."
    )
    page = viewer.page
    assert page.locator(".log img, .log b").count() == 0
    links = page.locator(".mine a").evaluate_all("(all) => all.map((each) => each.href)")
    assert links == ["https://example.com/a"]
    assert page.locator(".mine a").get_attribute("rel") == "noopener noreferrer nofollow"


def test_an_export_is_downloaded(visit: Any) -> None:
    viewer = visit()
    page = viewer.page
    page.locator("#menu-button").click()
    viewer.shot("menu")
    page.get_by_role("button", name="Export my data").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download usher.json").click()
    assert waiting.value.suggested_filename == "usher.json"
    assert json.loads(Path(waiting.value.path()).read_text())["viewer"].startswith("v-")


def test_the_menu_is_left_with_escape_and_focus_returns(visit: Any) -> None:
    page = visit().page
    page.locator("#menu-button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#menu").is_visible()
    page.locator("#themes button").nth(2).click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.keyboard.press("Escape")
    assert page.locator("#menu").is_hidden()
    assert page.evaluate("() => document.activeElement.id") == "menu-button"


def test_both_languages_have_every_word(visit: Any) -> None:
    page = visit().page
    shapes = page.evaluate(
        """async () => {
          const script = document.querySelector("script[type=module]").src;
          const { WORDS } = await import(script.replace("page.js", "words.js"));
          return Object.values(WORDS).map((words) =>
            Object.entries(words).map(([name, value]) => `${name} ${typeof value}`).sort());
        }"""
    )
    assert len(shapes) == 2 and shapes[0] == shapes[1]
