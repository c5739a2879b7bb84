"""Eight states are judged by axe; keyboard, focus and announcements are tried by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.widget.tools import needed
from tests.widget.visit import PHONE, Visit

At = Callable[..., Visit]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"() => axe.run(document, {{ runOnly: {json.dumps(TAGS)}, resultTypes: ['violations'] }})"


def closed(start: At) -> Visit:
    return start(embed="")


def welcome(start: At) -> Visit:
    return start(embed="").open()


def cards(start: At) -> Visit:
    viewer = start(embed="").open()
    viewer.say("recommend something")
    return viewer


def dark_phone(start: At) -> Visit:
    viewer = start(color_scheme="dark", locale="zh-CN", **PHONE)
    viewer.say("有什么好看的？")
    return viewer


def menu(start: At) -> Visit:
    viewer = start(color_scheme="dark")
    viewer.page.get_by_label("Menu").click()
    return viewer


def stars(start: At) -> Visit:
    viewer = start()
    viewer.say("recommend something")
    viewer.page.get_by_role("button", name="Seen it").first.click()
    viewer.page.get_by_role("radio").nth(4).wait_for()
    return viewer


def feedback(start: At) -> Visit:
    viewer = start()
    viewer.say("hello")
    viewer.page.locator(".thumb.down").click()
    viewer.page.locator(".comment textarea").wait_for()
    return viewer


def consent(start: At) -> Visit:
    return start(embed='data-consent="We keep what you write for 30 days."').open()


STATES = (closed, welcome, cards, dark_phone, menu, stars, feedback, consent)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(visit: At, state: Callable[[At], Visit]) -> None:
    script = needed("axe-core/axe.min.js").read_text(encoding="utf-8")
    page = state(visit).page
    page.evaluate(script)
    result: dict[str, Any] = page.evaluate(AXE)
    violations = [
        (each["id"], [node["target"] for node in each["nodes"]]) for each in result["violations"]
    ]
    assert violations == []
    ran = {each["id"] for kind in ("violations", "passes", "incomplete", "inapplicable")
           for each in result[kind]}  # fmt: skip
    assert len(ran) > 50 and len(result["passes"]) > 10


def test_it_is_used_by_keyboard_alone(visit: At) -> None:
    viewer = visit(embed="")
    page = viewer.page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert viewer.focused() == "launcher"
    page.keyboard.press("Enter")
    page.locator(".panel").wait_for()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    page.get_by_text("You said: hello", exact=True).wait_for()
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="hidden")
    assert viewer.focused() == "launcher"
    assert page.locator(".launcher").get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.locator(".panel").wait_for()
    assert page.locator(".launcher").get_attribute("aria-busy") is None


def test_the_menu_is_left_with_escape_and_focus_returns(visit: At) -> None:
    viewer = visit()
    page = viewer.page
    page.get_by_label("Menu").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Dark").click()
    assert page.locator(".panel").get_attribute("data-theme") == "dark"
    page.keyboard.press("Escape")
    assert page.locator(".menu").is_hidden()
    assert page.get_by_label("Menu").evaluate("(each) => each.matches(':focus')")


def test_each_answer_is_announced_once_and_the_past_is_not(visit: At) -> None:
    viewer = visit()
    viewer.say("earlier")
    viewer.page.reload()
    viewer.page.get_by_text("You said: earlier", exact=True).wait_for()
    viewer.page.evaluate(
        """() => { window.said = []; const log = document.querySelector("usher-chat").shadowRoot
          .querySelector("[role=log]");
          new MutationObserver((all) => all.forEach((each) => each.addedNodes.forEach((node) =>
            said.push(node.textContent)))).observe(log, { childList: true, subtree: true }); }"""
    )
    viewer.say("hello")
    viewer.page.get_by_label("Menu").click()
    viewer.page.get_by_role("button", name="中文").click()
    assert viewer.page.evaluate("() => said") == ["Usher: You said: hello"]
    assert viewer.page.locator("[role=log]").get_attribute("aria-live") == "polite"


def test_stars_are_a_radio_group_for_the_keyboard(visit: At) -> None:
    viewer = stars(visit)
    page = viewer.page
    page.get_by_role("radio").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.locator(".star.lit").count() == 4
    page.keyboard.press("Enter")
    page.locator(".bubble", has_text="Noted: Heat").wait_for()


def test_whoever_wants_no_motion_gets_none(visit: At) -> None:
    count = "() => document.querySelector('usher-chat').shadowRoot.getAnimations().length"
    for motion, moves in (("no-preference", True), ("reduce", False)):
        viewer = visit(embed="", reduced_motion=motion).open()
        viewer.field.fill("slow 0.4")
        viewer.field.press("Enter")
        viewer.page.locator(".typing").wait_for()  # its dots move as long as they are there
        assert bool(viewer.page.evaluate(count)) == moves
        viewer.page.locator(".theirs").wait_for()


def test_chosen_things_are_seen_with_forced_colours(visit: At) -> None:
    viewer = visit(forced_colors="active")
    viewer.page.get_by_label("Menu").click()
    colours = viewer.page.locator(".switch button").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).backgroundColor)"
    )
    assert len(set(colours)) == 2


def test_targets_are_large_enough(visit: At) -> None:
    viewer = feedback(visit)
    sizes = viewer.page.locator("button:visible").evaluate_all(
        "(all) => all.map((each) => { const box = each.getBoundingClientRect(); "
        "return [each.className, box.width, box.height]; })"
    )
    assert [each for each in sizes if each[1] < 24 or each[2] < 24] == []
