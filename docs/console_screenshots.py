"""Pictures of the console for its documentation, of one that is started for it.

    python -m docs.console_screenshots

Needs Chromium (Debian package `chromium`).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bot.console.server import InThread
from bot.settings import Settings
from bot.store import audit, database, staff
from bot.store.staff_sessions import OPEN, Sessions
from docs.screenshots import ARGUMENTS, FOLDER, chromium

STAFF = (
    ("ana@example.org", "Ana Moreno", "admin"),
    ("mei@example.org", "Mei Lin", "agent"),
    ("jonas@example.org", "Jonas Weber", "trainer"),
    ("ming@example.org", "李明", "moderator"),
    ("sam@example.org", "Sam Okafor", "viewer"),
)
SHOTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("console-people", "/people", {}),
    ("console-audit", "/audit", {}),
    ("console-zh-dark", "/people/roles", {"locale": "zh-CN", "color_scheme": "dark"}),
)


def _fill(store: Any) -> str:
    """Invite some staff; the token of a session of the first."""
    with database.writing(store) as connection:
        numbers = [
            staff.add(connection, email=email, name=name, role=role) for email, name, role in STAFF
        ]
        for number, (email, _, role) in zip(numbers, STAFF, strict=True):
            staff.change(connection, number, seen_at=time.time() - 3600 * (number - 1))
            audit.append(
                connection,
                who=STAFF[0][0],
                person=numbers[0],
                action="people.invite",
                subject=f"person:{number}",
                detail={"email": email, "role": role},
                address="127.0.0.1",
            )
        return Sessions(store).open(connection, numbers[0], OPEN, "Firefox", "127.0.0.1")


def main() -> int:
    """Take the pictures."""
    program = chromium()
    if program is None:
        print("console_screenshots: Chromium is missing", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{Path(folder) / 'usher.db'}"
        store = database.engine(url)
        database.migrate(store)
        token = _fill(store)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        configuration = Settings(data_dir=Path(folder), database_url=url)
        with InThread(configuration, engine=store) as console:
            for name, path, options in SHOTS:
                size = {"width": 1180, "height": 700}
                context = browser.new_context(viewport=size, **{"locale": "en-GB", **options})
                context.add_cookies([{"name": "usher-session", "value": token, "url": console.url}])
                page = context.new_page()
                page.goto(f"{console.url}{path}")
                page.wait_for_selector("html.ready")
                page.screenshot(path=str(FOLDER / f"{name}.png"))
                context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
