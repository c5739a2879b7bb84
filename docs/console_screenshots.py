"""Pictures of the console for its documentation, of a desk that is made for them.

    python -m docs.console_screenshots [conversations]

Needs a trained assistant, which talks to simulated viewers for it (two minutes), the catalogue in
SQLite, and Chromium (Debian package `chromium`).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bot.console.server import InThread
from bot.settings import Settings
from docs.console_desk import build, number_of
from docs.screenshots import ARGUMENTS, FOLDER, chromium, small

CONVERSATIONS = 120
WIDE = {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 1240}
TABLET = {"width": 834, "height": 1112}
ZH = {"locale": "zh-CN"}
DARK = {"color_scheme": "dark"}
# A conversation with much in it: titles that came to something, and no secret.
_RICH = (
    "SELECT c.id FROM conversations c JOIN recommended_titles r ON r.conversation = c.id"
    " WHERE c.language = '{}' AND r.outcome IS NOT NULL AND c.viewer_messages BETWEEN 4 AND 8"
    " AND c.steps LIKE '<recommend/recommend>%' AND c.lowest_confidence > 0.8 GROUP BY c.id"
    " ORDER BY sum(r.outcome IN ('kept', 'rated')) DESC, c.thumbs_up DESC LIMIT 1"
)
_ANSWERED = "SELECT id FROM handoffs WHERE taken_at IS NOT NULL AND closed_at IS NULL LIMIT 1"


def thoughts(page: Page) -> None:
    """What Usher thought, beside the messages."""
    page.keyboard.press("i")
    page.wait_for_timeout(200)


def scrolled(page: Page) -> None:
    """The charts below the headline figures."""
    page.locator(".charts").evaluate("each => each.scrollIntoView()")
    page.wait_for_timeout(200)


@dataclass(frozen=True)
class Shot:
    """A picture: the page's path (`{}` is a number that a query finds), and what is done on it."""

    name: str
    path: str
    query: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    act: Callable[[Page], None] | None = None


SHOTS = (
    Shot("console-conversations", "/conversations"),
    Shot("console-conversations-zh-dark", "/conversations?language=zh", options={**ZH, **DARK}),
    Shot("console-conversation", "/conversations/{}", _RICH.format("en"), act=thoughts),
    Shot("console-conversation-zh", "/conversations/{}", _RICH.format("zh"), ZH, thoughts),
    Shot("console-dashboard", "/dashboard?days=7", options={"viewport": TALL}),
    Shot("console-dashboard-dark", "/dashboard?days=7&by=language", "", DARK, scrolled),
    Shot("console-handoffs", "/handoffs"),
    Shot("console-answer", "/handoffs/{}", _ANSWERED),
    Shot("console-moderation", "/moderation?view=open"),
    Shot("console-inbox", "/teach"),
    Shot("console-approvals", "/approvals", options=DARK),
    Shot("console-faq", "/faq/accessibility_audio_description"),
    Shot("console-tablet", "/dashboard?days=7", options={**ZH, "viewport": TABLET}),
    Shot("console-people", "/people"),
    Shot("console-audit", "/audit"),
)


def main() -> int:
    """Take the pictures."""
    program = chromium()
    if program is None:
        print("console_screenshots: Chromium is missing", file=sys.stderr)
        return 1
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CONVERSATIONS
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store, token = build(Path(folder), count)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        configuration = Settings(data_dir=Path(folder), database_url=str(store.url))
        with InThread(configuration, engine=store) as console:
            for shot in SHOTS:
                number = number_of(store, shot.query) if shot.query else ""
                context = browser.new_context(
                    **{"locale": "en-GB", "viewport": WIDE, **shot.options}
                )
                context.add_cookies([{"name": "usher-session", "value": token, "url": console.url}])
                page = context.new_page()
                page.goto(console.url + shot.path.format(number))
                page.wait_for_selector("html.ready")
                if shot.act is not None:
                    shot.act(page)
                page.wait_for_timeout(200)
                file = FOLDER / f"{shot.name}.png"
                page.screenshot(path=str(file))
                small(file)
                context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
