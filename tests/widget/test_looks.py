"""Sizes, colours, a brand, the on-screen keyboard, the edges of a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.widget.visit import PHONE, VIEWERS, Visit

At = Callable[..., Visit]
BRAND = """<style>usher-chat { --usher-accent: rgb(10, 92, 138); --usher-radius: 12px;
  --usher-on-accent: rgb(255, 255, 254); --usher-ground: rgb(246, 248, 250);
  --usher-text: rgb(22, 32, 42) }</style>"""
COVERS = '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">'
OUTSIDE = """() => { const root = document.querySelector("usher-chat").shadowRoot;
  const parts = [...root.querySelectorAll("button, textarea, h2, h3, p, .bubble, .switch")];
  return parts.filter((each) => {
    const box = each.getBoundingClientRect();
    const outside = box.left < 0 || box.right > innerWidth + 0.5;
    return box.width && outside && !each.closest(".cards, .unseen");
  }).map((each) => each.className || each.textContent); }"""


def style(viewer: Visit, selector: str, name: str) -> str:
    """A computed style of something in the chat."""
    return viewer.page.locator(selector).first.evaluate(
        "(each, name) => getComputedStyle(each).getPropertyValue(name)", name
    )


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_nothing_leaves_a_window_of_320_pixels(visit: At, language: str) -> None:
    size = {**PHONE, "viewport": {"width": 320, "height": 568}}
    viewer = visit(embed="", locale=language, **size).open()
    page, words = viewer.page, viewer.words
    assert page.evaluate(OUTSIDE) == []
    viewer.say("recommend something" if words["locale"] == "en" else "有什么好看的？")
    page.locator(".thumb.down").last.click()
    page.locator(".comment textarea").wait_for()
    assert page.evaluate(OUTSIDE) == []
    page.get_by_label(words["menu"], exact=True).click()
    assert page.evaluate(OUTSIDE) == []
    page.get_by_role("button", name=words["delete"], exact=True).click()
    assert page.evaluate(OUTSIDE) == []
    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 568}
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def test_at_a_desk_it_floats_beside_the_page(visit: At) -> None:
    viewer = visit(embed="").open()
    box = viewer.page.locator(".panel").bounding_box()
    assert box["width"] == 408 and box["x"] + box["width"] == 1180
    viewer.page.get_by_role("link", name="a link").click()  # the page beside it stays in use
    assert viewer.page.url.endswith("#x")
    viewer.usher("update", {"side": "start"})
    assert viewer.page.locator(".panel").bounding_box()["x"] == 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_brand_is_five_properties(visit: At, scheme: Any) -> None:
    viewer = visit(embed="", head=BRAND, color_scheme=scheme).open()
    viewer.say("Which Dune?")
    assert style(viewer, ".launcher", "background-color") == "rgb(10, 92, 138)"
    assert style(viewer, ".launcher", "color") == "rgb(255, 255, 254)"
    assert style(viewer, ".panel", "color") == "rgb(22, 32, 42)"
    assert "rgb(246, 248, 250)" in style(viewer, ".panel", "background")
    assert style(viewer, ".bubble", "border-top-left-radius") == "12px"
    viewer.field.fill("x")
    assert style(viewer, ".send", "background-color") == "rgb(10, 92, 138)"


def test_light_dark_and_automatic(visit: At) -> None:
    viewer = visit(embed="", color_scheme="dark").open()
    page = viewer.page
    dark = style(viewer, ".panel", "color")
    page.emulate_media(color_scheme="light")
    light = style(viewer, ".panel", "color")
    assert dark != light
    viewer.usher("update", {"theme": "dark"})
    assert style(viewer, ".panel", "color") == dark
    viewer.usher("update", {"theme": None})
    assert style(viewer, ".panel", "color") == light
    viewer.choose("dark")
    page.reload()
    viewer.open()
    assert style(viewer, ".panel", "color") == dark


@pytest.mark.parametrize("embed", [None, ""], ids=["page", "window"])
def test_the_on_screen_keyboard_leaves_the_field_in_sight(visit: At, embed: str | None) -> None:
    viewer = visit(embed=embed, **VIEWERS["zh-phone"])
    page = viewer.page
    if embed is not None:
        viewer.open()
    viewer.say("有什么好看的？")
    # What a keyboard of 320 pixels does to the visual viewport of a phone.
    page.evaluate(
        """() => { Object.defineProperties(visualViewport, {
          height: { get: () => innerHeight - 320 }, offsetTop: { get: () => 40 } });
          visualViewport.dispatchEvent(new Event("resize")); }"""
    )
    page.wait_for_timeout(300)
    field, bar = page.locator(".composer").bounding_box(), page.locator(".bar").bounding_box()
    top = 0 if embed is None else 40  # the page itself does not scroll
    assert bar["y"] >= top
    assert field["y"] + field["height"] <= top + 740 - 320
    assert page.locator(".scroll").evaluate(
        "(each) => each.scrollHeight - each.scrollTop - each.clientHeight < 2"
    )


def test_it_keeps_clear_of_a_phones_edges(visit: At) -> None:
    viewer = visit(embed="", head=COVERS, **PHONE)
    page = viewer.page
    device = viewer.context.new_cdp_session(page)
    insets = {"top": 44, "bottom": 34, "left": 0, "right": 0}
    device.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})
    launcher = page.locator(".launcher").bounding_box()
    assert launcher["y"] + launcher["height"] == 740 - 34 - 20
    viewer.open()
    title, field = page.locator(".bar h2").bounding_box(), page.locator(".composer").bounding_box()
    assert title["y"] >= 44 and field["y"] + field["height"] <= 740 - 34
