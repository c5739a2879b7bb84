"""Where the viewer writes: input methods, lines, limits, paste, drafts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from tests.widget.visit import Visit

At = Callable[..., Visit]
LINE = 22  # pixels
HEARD = """() => { window.keys = []; addEventListener("keydown", (event) => {
  if (event.key === "Enter") keys.push(event.isComposing); }, true); }"""
LATE = """(field) => field.dispatchEvent(new KeyboardEvent("keydown",
  { key: "Enter", keyCode: 229, bubbles: true, composed: true, cancelable: true }))"""


def test_enter_belongs_to_the_input_method_while_it_composes(viewer: Visit) -> None:
    page, keyboard = viewer.page, viewer.context.new_cdp_session(viewer.page)
    page.evaluate(HEARD)
    viewer.field.focus()
    keyboard.send(
        "Input.imeSetComposition", {"text": "tuijian", "selectionStart": 7, "selectionEnd": 7}
    )
    # An input method lets no character through.
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter"})
    assert page.evaluate("() => keys") == [True]
    assert viewer.texts() == []
    keyboard.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})
    keyboard.send("Input.insertText", {"text": "推荐"})
    assert viewer.field.input_value() == "推荐"
    # Some browsers tell the key that ended the composition after its end, with this code.
    viewer.field.evaluate(LATE)
    assert viewer.texts() == []
    page.keyboard.press("Enter")
    page.locator(".theirs").first.wait_for()
    assert viewer.texts()[0] == "推荐"
    assert viewer.field.input_value() == ""


def test_it_grows_to_five_lines_and_shrinks_when_sent(viewer: Visit) -> None:
    heights = [viewer.field.evaluate("(each) => each.clientHeight")]
    viewer.field.focus()
    for line in range(1, 8):
        viewer.page.keyboard.type(f"{line}")
        viewer.page.keyboard.press("Shift+Enter")
        heights.append(viewer.field.evaluate("(each) => each.clientHeight"))
    steps = [after - before for before, after in pairwise(heights)]
    assert steps == [LINE] * 4 + [0] * 3
    viewer.page.keyboard.press("Enter")
    viewer.page.locator(".theirs").first.wait_for()
    assert viewer.texts()[0] == "1\n2\n3\n4\n5\n6\n7"
    assert viewer.field.evaluate("(each) => each.clientHeight") == heights[0]


def test_a_counter_appears_near_the_limit_and_nothing_longer_is_sent(viewer: Visit) -> None:
    counter, send = viewer.page.locator(".counter"), viewer.page.locator(".send")
    assert send.is_disabled()
    viewer.field.fill("字" * 3600)
    assert counter.inner_text() == "" and send.is_enabled()
    many, over = (
        each if isinstance(each, str) else each["other"]
        for each in (viewer.words["left"], viewer.words["over"])
    )
    viewer.field.fill("字" * 3800)
    assert counter.inner_text() == many.format(n=200)
    viewer.field.fill("𝄞" * 4002)  # a character, although two units
    assert counter.inner_text() == over.format(n=2)
    assert counter.get_attribute("class") == "counter wrong" and send.is_disabled()
    viewer.field.press("Enter")
    assert viewer.texts() == [] and len(viewer.field.input_value()) == 4002


def test_a_long_text_is_pasted_whole_and_sent(viewer: Visit) -> None:
    viewer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    text = "\n".join(f"第{n}行 line {n}" for n in range(280))
    assert 3700 < len(text) <= 4000
    viewer.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    viewer.field.focus()
    viewer.page.keyboard.press("Control+V")
    assert viewer.field.input_value() == text
    box = viewer.page.locator(".composer").bounding_box()
    assert box["height"] < 6 * LINE + 40
    viewer.page.locator(".send").click()
    viewer.page.locator(".theirs").first.wait_for()
    assert viewer.texts() == [text, f"You said: {text}"]


def test_a_draft_outlives_a_reload_and_is_gone_once_sent(viewer: Visit) -> None:
    viewer.field.fill("有点想看\nsomething old")
    viewer.page.reload()
    assert viewer.field.input_value() == "有点想看\nsomething old"
    assert viewer.page.locator(".send").is_enabled()
    viewer.field.press("Enter")
    viewer.page.locator(".theirs").first.wait_for()
    viewer.page.reload()
    viewer.page.locator(".theirs").first.wait_for()
    assert viewer.field.input_value() == ""
