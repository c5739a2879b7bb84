"""Pictures for the documentation, of Usher as it runs.

    python -m docs.screenshots [http://localhost:5005/]

Needs Chromium (Debian package `chromium`).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "images"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, WINDOW, PHONE = (1100, 760), (560, 820), (390, 844)
ASKED = {"en": "recommend something funny from the 90s", "zh": "推荐几部90年代的搞笑科幻片"}
# Around the widget on a page of its own: the server's page made to float it.
FLOAT = (
    "document.querySelector('usher-chat').remove();"
    "document.body.style.background = '{0}'; Usher('boot')"
)


def say(page: Page, text: str) -> None:
    """Send a message and wait until its answer stands there."""
    before = page.locator(".theirs").count()
    page.locator(".composer textarea").fill(text)
    page.locator(".composer textarea").press("Enter")
    page.locator(".theirs").nth(before).wait_for(timeout=20_000)
    page.wait_for_timeout(900)


def cards(page: Page, language: str = "en") -> None:
    """A wish and the titles for it."""
    page.locator(".launcher").click()
    say(page, ASKED[language])


def welcome(page: Page) -> None:
    """Opened for the first time."""
    page.locator(".launcher").click()


def menu(page: Page) -> None:
    """The menu over the welcome."""
    page.locator(".launcher").click()
    page.locator("[aria-controls=menu]").click()


def feedback(page: Page) -> None:
    """What was wrong with an answer."""
    cards(page)
    page.locator(".thumb.down").last.click()
    page.locator(".chips .chip").first.click()
    page.locator(".comment .strong").scroll_into_view_if_needed()


def stars(page: Page) -> None:
    """A title is rated."""
    cards(page)
    page.locator(".act").nth(1).click()
    page.locator(".star").nth(3).hover()


def full(language: str) -> Any:
    """The page itself, with an answer."""
    return lambda page: say(page, ASKED[language])


SHOTS: tuple[tuple[str, str, tuple[int, int], str, bool, Any], ...] = (
    ("page", "en", WIDE, "dark", False, full("en")),
    ("page-zh-phone", "zh", PHONE, "light", False, full("zh")),
    ("widget-launcher", "en", WINDOW, "light", True, None),
    ("widget-welcome", "en", WINDOW, "light", True, welcome),
    ("widget-cards", "en", WINDOW, "light", True, cards),
    ("widget-cards-dark", "en", WINDOW, "dark", True, cards),
    ("widget-menu", "en", WINDOW, "dark", True, menu),
    ("widget-feedback", "en", WINDOW, "light", True, feedback),
    ("widget-phone-zh", "zh", PHONE, "light", True, lambda page: cards(page, "zh")),
    ("widget-stars", "en", WINDOW, "dark", True, stars),
)


def small(path: Path) -> None:
    """Fewer colours: a picture of a page needs no more."""
    from PIL import Image

    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, kmeans=2).save(path, optimize=True)


def chromium() -> str | None:
    """The path of Chromium, if there is one."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def main() -> int:
    """Take the pictures."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:5005/"
    program = chromium()
    if program is None:
        print("screenshots: Chromium is missing (apt-get install chromium)", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for name, language, size, scheme, floats, act in SHOTS:
            context = browser.new_context(
                locale={"en": "en-GB", "zh": "zh-CN"}[language],
                viewport={"width": size[0], "height": size[1]},
                color_scheme=scheme,
                bypass_csp=True,
                has_touch=size == PHONE,
                is_mobile=size == PHONE,
            )
            page = context.new_page()
            page.goto(address)
            page.locator(".panel").wait_for()
            if floats:
                page.evaluate(FLOAT.format("#e9e5dd" if scheme == "light" else "#26232b"))
                page.wait_for_timeout(300)
            if act:
                act(page)
            page.wait_for_timeout(900)
            page.screenshot(path=str(FOLDER / f"{name}.png"))
            small(FOLDER / f"{name}.png")
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
