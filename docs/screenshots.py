"""Pictures for the documentation, of the page as a running Usher serves it.

    python -m docs.screenshots [http://localhost:5005/]

Needs Chromium (Debian package `chromium`).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "images"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ENGLISH = ("something like Inception but lighter", "who directed the second one?")
CHINESE = ("推荐几部90年代的搞笑科幻片", "《霸王别姬》谁演的")


def say(page: Page, text: str) -> None:
    """Send a message and wait until its answer stands there."""
    before = page.locator("[data-from=bot], .from-bot, .bot").count()
    page.locator("textarea").fill(text)
    page.locator("textarea").press("Enter")
    page.wait_for_timeout(1500)
    page.wait_for_function(
        "n => document.querySelectorAll('[data-from=bot], .from-bot, .bot').length >= n", arg=before
    )


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
        for name, language, size, sentences in (
            ("page", "en-GB", (1100, 760), ENGLISH),
            ("page-zh-phone", "zh-CN", (390, 844), CHINESE),
        ):
            context = browser.new_context(
                locale=language,
                viewport={"width": size[0], "height": size[1]},
                color_scheme="dark" if name == "page" else "light",
            )
            page = context.new_page()
            page.goto(address)
            for sentence in sentences:
                say(page, sentence)
            page.wait_for_timeout(800)
            page.screenshot(path=str(FOLDER / f"{name}.png"))
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
