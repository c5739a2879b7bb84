"""Every page is clean by axe-core: light and dark, on every screen, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.staff_sessions import PASSWORD, TOTP
from tests.console import full_desk
from tests.console.served import Console
from tests.widget.tools import needed

pytestmark = pytest.mark.browser
PHONE, TABLET = {"width": 390, "height": 844}, {"width": 820, "height": 1180}
WIDTHS = (1280, 1024, 820, 390)
SIGNING_IN = (("/sign-in", None), ("/sign-in/code", TOTP), ("/sign-in/password", PASSWORD))
_RUN = """async colours => {
  const rules = {"color-contrast": {enabled: colours}};
  const found = await axe.run(document, {rules, resultTypes: ["violations"]});
  return {
    evaluated: ["violations", "passes", "incomplete", "inapplicable"]
      .reduce((sum, kind) => sum + found[kind].length, 0),
    applied: found.passes.length,
    violations: found.violations.flatMap(
      each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 120)}`)),
  };
}"""


def opened(page: Any, path: str) -> None:
    """Go to a page and open what can be opened in it."""
    page.goto(path)
    page.wait_for_selector("html.ready")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def violations(page: Any, colours: bool = True) -> list[str]:
    """What axe finds on the page that is open; it has looked for more than 50 faults.

    `colours`: the contrast too, which costs the most and is the same on screens of every size.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(needed("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(_RUN, colours)
    assert found["evaluated"] > 50 and found["applied"] > 10, found
    return found["violations"]


def test_pages_are_clean_and_fit_every_screen(full: Console, browser: Any) -> None:
    context = full.context(browser, "admin", color_scheme="light")
    page = context.new_page()
    found = {}
    for path in full_desk.addresses(full.engine, most=1):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        opened(page, path)
        found[path] = violations(page)
        if path == "/people":
            page.keyboard.press("?")
            found["help"] = violations(page)
            page.keyboard.press("Escape")
        for width in WIDTHS:
            page.set_viewport_size({**PHONE, "width": width})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[f"{path}, {width} wide"] = ["wider than the screen"]
        found[f"{path}, on a phone"] = violations(page, colours=False)
    context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_pages_are_clean_in_the_dark_and_in_chinese(full: Console, browser: Any) -> None:
    context = full.context(browser, "admin", color_scheme="dark", locale="zh-CN", viewport=TABLET)
    page = context.new_page()
    found = {}
    for path in full_desk.addresses(full.engine, most=1):
        opened(page, path)
        found[path] = violations(page)
    assert page.locator("html[lang=zh-CN]").count() == 1
    context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signing_in_is_clean(full: Console, browser: Any, theme: str) -> None:
    for path, stage in SIGNING_IN:
        who = full.person("agent") if stage else None
        context = full.context(browser, who, stage or "", color_scheme=theme, viewport=PHONE)
        page = context.new_page()
        opened(page, path)
        assert page.url.endswith(path) and violations(page) == []
        context.close()


def test_dialogs_are_clean(full: Console, browser: Any) -> None:
    context = full.context(browser, "admin")
    page = context.new_page()
    opened(page, full_desk.conversation(full.engine))
    for name in page.locator("dialog").evaluate_all("all => all.map(each => each.id)"):
        page.evaluate("name => document.getElementById(name).showModal()", name)
        assert violations(page) == [], name
        page.keyboard.press("Escape")
    context.close()
