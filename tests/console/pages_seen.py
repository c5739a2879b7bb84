"""The pages of the console as a member sees them: found from the routes, not listed."""

from __future__ import annotations

from html.parser import HTMLParser

from bot.console.access import EVERYBODY, HALF_SIGNED_IN, needed
from bot.console.application import application
from bot.settings import Settings
from tests.console.served import Client

# Not pages: files, streams, and what leads elsewhere.
_NOT_PAGES = ("/static/", "/favicon.ico", "/live/", "/sign-in/oidc", "/export/")


def paths() -> list[str]:
    """Addresses of all pages for those who are signed in that need no number or name."""
    app = application(Settings(database_url="sqlite://", secret="any"))
    found = {
        route.resource.canonical
        for route in app.router.routes()
        if route.resource is not None
        and route.method == "GET"
        and needed(route.handler) not in (EVERYBODY, HALF_SIGNED_IN)
    }
    kept = {path for path in found if "{" not in path and path != "/"}
    return sorted(path for path in kept if not path.startswith(_NOT_PAGES))


def html_paths(client: Client) -> list[str]:
    """Those of them that are pages for this member, not files or streams."""
    pages = []
    for path in paths():
        with client.get(path, stream=True, allow_redirects=False) as answer:
            if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                pages.append(path)
    return pages


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
