"""A viewer with a browser of their own, at the chat page or at a page of another site."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.widget import FOLDER

CHROMIUM = Path("/usr/bin/chromium")
HOST = "https://films.example"
SECRET = "between us"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# What the widget calls things.
WORDS = {
    language: json.loads((FOLDER / "words" / f"{language}.json").read_text(encoding="utf-8"))
    for language in ("en", "zh")
}
# Most is tried twice: by an English viewer at a desk, and by a Chinese one with a phone.
VIEWERS = {"en-desktop": {}, "zh-phone": {"locale": "zh-CN", **PHONE}}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # The page of another site is given by the test, and its server is this machine.
    "--disable-features=LocalNetworkAccessChecks",
]
HOST_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Films</title>{head}</head>
<body><header><h1>Films</h1></header><main><p>What is on.</p><a href="#x">a link</a></main>
{body}</body></html>"""


HASTE = """const wait = setTimeout; window.pauses = [];
window.setTimeout = (act, milliseconds, ...more) => {{ pauses.push(milliseconds);
  return wait(act, milliseconds / {0}, ...more); }}"""


@contextmanager
def launched() -> Iterator[Any]:
    """A headless Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """What the console complains of is a failure.

    Args:
        browser: where to.
        url: the server's address.
        embed: attributes of the script tag at a page of another site; none: the chat page.
        head: what that page has in its head.
        body: what it has in its body, after the script tag.
        headers: of that page, e.g. its policy.
        context: a browser that was here before; by default a new one.
        haste: how many times faster than usual the page's timers run; `window.pauses` has the
            milliseconds that were asked for.
        options: of the new one.
    """

    def __init__(
        self,
        browser: Any,
        url: str,
        embed: str | None = None,
        head: str = "",
        body: str = "",
        headers: dict[str, str] | None = None,
        context: Any = None,
        haste: float = 1,
        **options: Any,
    ) -> None:
        settings = {
            "locale": "en-GB",
            "viewport": {"width": 1200, "height": 800},
            "reduced_motion": "reduce",  # nothing to wait for, and half the painting
            **options,
        }
        self.url = url
        self.words = WORDS["zh" if settings["locale"].startswith("zh") else "en"]
        self.context = context or browser.new_context(**settings)
        self.context.set_default_timeout(8000)
        self.page = self.context.new_page()
        if haste != 1:
            self.page.add_init_script(HASTE.format(haste))
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type == "error" else None,
        )
        if embed is None:
            self.page.goto(url)
            self.page.wait_for_selector(".panel.ready, .panel:not([hidden])")
        else:
            tag = f'<script type="module" src="{url}/widget.js" {embed}></script>'
            page = HOST_PAGE.format(head=head, body=tag + body)
            self.page.route(
                f"{HOST}/",
                lambda route: route.fulfill(
                    body=page, headers={"Content-Type": "text/html", **(headers or {})}
                ),
            )
            self.page.goto(f"{HOST}/")
            self.page.wait_for_function("() => typeof Usher === 'function'")

    def open(self) -> Visit:
        """Open the chat by its launcher."""
        self.page.locator(".launcher").click()
        self.page.locator(".panel").wait_for()
        return self

    @property
    def field(self) -> Any:
        """Where messages are written."""
        return self.page.locator(".composer textarea")

    @property
    def id(self) -> str:
        """The viewer's name on the server; they have been there."""
        token = self.page.evaluate("() => localStorage.getItem('usher.token')")
        claims = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]

    def say(self, text: str) -> None:
        """Write a message and wait for the answer."""
        answers = self.page.locator(".theirs").count()
        self.field.fill(text)
        self.field.press("Enter")
        self.page.locator(".theirs").nth(answers).wait_for()

    def choose(self, item: str) -> None:
        """Take an item of the menu, by its key among the words."""
        self.page.get_by_label(self.words["menu"], exact=True).click()
        self.page.get_by_role("button", name=self.words[item], exact=True).click()

    def texts(self) -> list[str]:
        """The texts of the conversation, in order."""
        return self.page.locator(".bubble").all_inner_texts()

    def usher(self, *call: Any) -> Any:
        """Call `Usher(…)` in the page."""
        return self.page.evaluate("(call) => Usher(...call)", list(call))

    def listen(self) -> None:
        """Note every event of the widget in `window.heard`."""
        self.page.evaluate(
            """() => { window.heard = [];
              for (const name of ["ready","open","close","message","unread","feedback","error"])
                Usher("on", name, (detail) => heard.push([name, detail])); }"""
        )

    def heard(self, name: str) -> list[Any]:
        """The details of the events of that name."""
        return [detail for each, detail in self.page.evaluate("() => heard") if each == name]

    def focused(self) -> str:
        """The class of what has the focus, within the element."""
        return self.page.evaluate(
            """() => { let at = document.activeElement;
              while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
              return at?.className || at?.tagName.toLowerCase(); }"""
        )
