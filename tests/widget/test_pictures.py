"""Pictures: chosen, pasted, shown, refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tests.channels.served import Server
from tests.widget.visit import Visit

Rows = Callable[..., list[Any]]
DRAWN = """() => document.querySelector('usher-chat').shadowRoot
  .querySelector('canvas.picture')?.width === 320"""
COPY = """async (code) => { const bytes = Uint8Array.from(atob(code), (each) => each.charCodeAt(0));
  const picture = new Blob([bytes], { type: "image/png" });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]); }"""


def test_a_picture_is_chosen_sent_kept_and_seen_again(
    viewer: Visit, picture: Path, rows: Rows, server: Server
) -> None:
    page = viewer.page
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name=viewer.words["attach"]).click()
    assert "image/jpeg" in waiting.value.element.get_attribute("accept")  # phones offer the camera
    waiting.value.set_files(picture)
    page.wait_for_function(DRAWN)
    page.locator(".theirs").wait_for()
    ((name, width),) = rows("SELECT id, width FROM uploads WHERE viewer = ?", viewer.id)
    assert width == 320 and (server.data / "uploads" / f"{name}.jpg").exists()
    page.reload()
    page.wait_for_function(DRAWN)
    drawn = page.locator("canvas.picture")
    assert drawn.get_attribute("aria-label") == viewer.words["picture"]
    colours = drawn.evaluate(
        "(each) => new Set(each.getContext('2d').getImageData(0, 0, 320, 200).data).size"
    )
    assert colours > 10


def test_a_picture_is_pasted(viewer: Visit, picture: Path, tmp_path: Path, rows: Rows) -> None:
    viewer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Image.open(picture).save(tmp_path / "pasted.png")
    code = base64.b64encode((tmp_path / "pasted.png").read_bytes()).decode()
    viewer.page.evaluate(COPY, code)
    viewer.field.focus()
    viewer.page.keyboard.press("Control+V")
    viewer.page.wait_for_function(DRAWN)
    viewer.page.locator(".theirs").wait_for()
    assert viewer.field.input_value() == ""
    assert rows("SELECT count(*) FROM uploads WHERE viewer = ?", viewer.id) == [(1,)]


def test_what_is_no_picture_or_too_large_is_refused_in_words(viewer: Visit, tmp_path: Path) -> None:
    page = viewer.page
    viewer.say("hello")
    refusal = viewer.words["pictureKind"].format(n=8)
    for name, content in (("film.svg", b"<svg/>"), ("huge.png", b"x" * 8_000_001)):
        (tmp_path / name).write_bytes(content)
        page.locator("input[type=file]").set_input_files(tmp_path / name)
        page.locator(".hint", has_text=refusal).wait_for()
        viewer.say("something else")  # and the next message takes the refusal away
        assert page.locator(".hint").inner_text() == ""
    # What only calls itself a picture is refused by the server, and can be tried again.
    (tmp_path / "fake.png").write_bytes(b"no picture at all")
    page.locator("input[type=file]").set_input_files(tmp_path / "fake.png")
    page.locator(".mine.failed").wait_for()
    assert page.get_by_role("button", name=viewer.words["retry"]).is_visible()
    assert page.locator("canvas").count() == 0
    viewer.complaints.clear()  # the browser tells of the refusal
