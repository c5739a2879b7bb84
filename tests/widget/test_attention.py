"""What tells a viewer who is not looking: badge, title, sound."""

from __future__ import annotations

from collections.abc import Callable

from tests.widget.visit import PHONE, Visit

At = Callable[..., Visit]
Tell = Callable[..., str]
NOTES = """window.notes = 0; const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { notes += 1; return make.call(this); };"""
TITLES = """() => { window.titles = [document.title];
  new MutationObserver(() => titles.push(document.title))
    .observe(document.querySelector("title"), { childList: true }); }"""


def away(start: At, attributes: str, **options: object) -> Visit:
    """Somebody who has talked, and closed the chat."""
    viewer = start(embed=attributes, **options).open()
    viewer.say("hello")
    viewer.page.keyboard.press("Escape")
    viewer.page.locator(".panel").wait_for(state="hidden")
    viewer.page.evaluate(TITLES)
    return viewer


def test_the_badge_counts_also_over_a_reload_and_goes_when_opened(visit: At, tell: Tell) -> None:
    viewer = away(visit, "", **{**PHONE, "locale": "zh-CN"})
    page = viewer.page
    tell(viewer, text="one")
    page.locator(".badge", has_text="1").wait_for()
    tell(viewer, text="two")
    page.locator(".badge", has_text="2").wait_for()
    assert page.locator(".launcher").get_attribute("aria-label") == "聊天 (2)"
    assert page.evaluate("() => titles") == ["Films"]  # nobody asked for a title that blinks
    page.reload()
    page.locator(".badge", has_text="2").wait_for()
    page.locator(".launcher").tap()
    page.locator(".bubble", has_text="two").wait_for()
    assert page.locator(".badge").inner_text() == ""
    page.reload()
    page.locator(".launcher").wait_for()
    assert page.locator(".badge").inner_text() == ""


def test_the_title_blinks_until_the_chat_is_opened(visit: At, tell: Tell) -> None:
    viewer = away(visit, "data-blink", reduced_motion="no-preference")
    tell(viewer, text="one")
    viewer.page.wait_for_function("() => titles.length > 3")
    assert viewer.page.evaluate("() => titles.slice(0, 4)") == ["Films", "1 new message"] * 2
    viewer.page.locator(".launcher").click()
    viewer.page.locator(".panel").wait_for()
    assert viewer.page.title() == "Films"
    viewer.page.wait_for_timeout(1100)
    assert viewer.page.title() == "Films"


def test_whoever_wants_no_motion_sees_the_title_change_once(visit: At, tell: Tell) -> None:
    viewer = away(visit, "data-blink", locale="zh-CN")
    tell(viewer, text="one")
    viewer.page.wait_for_function("() => titles.length > 1")
    viewer.page.wait_for_timeout(2300)
    assert viewer.page.evaluate("() => titles") == ["Films", "1 条新消息"]


def test_two_notes_are_played_where_sound_is_wanted(visit: At, tell: Tell) -> None:
    for attributes, notes in (("data-sound", 2), ("", 0)):
        viewer = away(visit, attributes, head=f"<script>{NOTES}</script>")
        tell(viewer, text="one")
        viewer.page.locator(".badge", has_text="1").wait_for()
        assert viewer.page.evaluate("() => notes") == notes
