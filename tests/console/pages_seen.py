"""The pages of the console as a member sees them: found from the routes, not listed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bot.console.application import application
from bot.settings import Settings

# Not pages: files, streams, and what leads elsewhere.
_NOT_PAGES = re.compile(
    r"/static/.*|/favicon.ico|/live/.*|/sign-in.*|/(export|patches|moderation/labels)/.*|.*\.csv"
    r"|/health|/conversations/of|/"
)


def paths(numbered: bool = False) -> list[str]:
    """The addresses of all pages; those with a number or name in them as their routes have it."""
    app = application(Settings(database_url="sqlite://", secret="any"))
    found = {
        route.resource.canonical
        for route in app.router.routes()
        if route.resource is not None and route.method == "GET"
    }
    return sorted(
        path for path in found if not _NOT_PAGES.fullmatch(path) and ("{" in path) == numbered
    )


class Marks(HTMLParser):
    """What a page of HTML holds that came from a payload: elements, handlers, odd addresses."""

    _ELEMENTS = (
        "iframe",
        "object",
        "embed",
        "base",
        "x-pwned",
        "marquee",
        "style",
        "math",
        "video",
    )

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.fields: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in self._ELEMENTS or (
            tag == "script" and not str(values.get("src")).startswith("/")
        ):
            self.found.append(tag)
        for name, value in attrs:
            address = name in ("href", "src", "action", "formaction", "xlink:href", "data")
            if name.startswith("on") or name == "pwned" or name == "style":
                self.found.append(f"{tag} {name}")
            elif address and not (value or "").startswith(("/", "#", "data:image/", "?")):
                self.found.append(f"{tag} {name}={value}")
        if tag in ("input", "select", "textarea") and values.get("name"):
            self.fields.add(str(values["name"]))
