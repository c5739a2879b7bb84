"""Every page is clean by axe-core, light and dark, wide and on a tablet, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from tests.console.pages_seen import html_paths
from tests.console.served import Console

_TOOLS = ROOT / "tests" / "widget"
AXE = next(
    (
        path
        for folder in (_TOOLS / "tools", _TOOLS)
        if (path := folder / "node_modules" / "axe-core" / "axe.min.js").exists()
    ),
    Path("/nowhere"),
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.exists(), reason="needs axe-core (npm ci in tests/widget/tools)"),
]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark, on a tablet, Chinese": {
        "color_scheme": "dark",
        "locale": "zh-CN",
        "viewport": {"width": 820, "height": 1180},
    },
    "on a phone": {"viewport": {"width": 390, "height": 844}},
}


def violations(page: Any) -> list[str]:
    """What axe finds on the page that is open."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_clean(console: Console, browser: Any, look: str) -> None:
    people = console.person("admin")
    context = console.context(browser, "admin", **LOOKS[look])
    page = context.new_page()
    found = {}
    for path in [*html_paths(console.client("admin")), f"/people/{people.id}", "/nowhere"]:
        page.goto(path)
        page.wait_for_selector("html.ready")
        found[path] = violations(page)
        if look == "light" and path == "/people":
            page.keyboard.press("?")
            found["help"] = violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_signing_in_is_clean(console: Console, browser: Any, look: str) -> None:
    context = console.context(browser, **LOOKS[look])
    page = context.new_page()
    page.goto("/sign-in")
    page.wait_for_selector("html.ready")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [390, 820, 1024, 1280])
def test_no_page_is_wider_than_the_screen(console: Console, browser: Any, width: int) -> None:
    context = console.context(browser, "admin", viewport={"width": width, "height": 900})
    page = context.new_page()
    for path in html_paths(console.client("admin")):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
