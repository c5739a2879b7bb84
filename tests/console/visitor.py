"""A viewer at the chat page, in a browser of their own."""

from __future__ import annotations

from typing import Any


class Visitor:
    """What the browser's console complains of is kept in `complaints`."""

    def __init__(self, browser: Any, url: str) -> None:
        self.context = browser.new_context(locale="en-GB", viewport={"width": 1200, "height": 800})
        self.context.set_default_timeout(8000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)
        self._field = self.page.locator("form textarea").first
        self._field.wait_for()

    def write(self, text: str) -> None:
        """Send a message."""
        self._field.fill(text)
        self._field.press("Enter")

    def say(self, text: str) -> None:
        """Send a message and wait for the answer."""
        answers = self.page.locator(".theirs").count()
        self.write(text)
        self.page.locator(".theirs").nth(answers).wait_for()
