"""What stands in the conversation: who speaks, when, and what each kind of message looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.channels.served import Server
from tests.widget.visit import PHONE, Visit

At = Callable[..., Visit]
Tell = Callable[..., str]
Rows = Callable[..., list[Any]]
SCROLLED = (
    "() => document.querySelector('usher-chat').shadowRoot.querySelector('.cards').scrollLeft"
)


def word(viewer: Visit, key: str, **values: Any) -> str:
    """What the widget says in the viewer's language."""
    found = viewer.words[key]
    return (found if isinstance(found, str) else found["other"]).format(**values)


def test_a_person_joins_speaks_and_leaves(viewer: Visit, tell: Tell) -> None:
    viewer.say("hello")
    page = viewer.page
    notice = {"type": "notice", "name": "Mei"}
    tell(viewer, **{"from": "system"}, custom={"type": "notice", "notice": "person_waiting"})
    tell(viewer, **{"from": "system"}, custom={**notice, "notice": "person_joined"})
    tell(viewer, **{"from": "agent"}, agent={"name": "Mei"}, text="Mei here. 我来看看。")
    page.locator(".from-agent").wait_for()
    assert page.locator(".notice").all_inner_texts() == [
        word(viewer, "person_waiting"),
        word(viewer, "person_joined", name="Mei"),
    ]
    assert page.locator(".from-agent .who").inner_text().split() == ["M", "Mei"]
    assert page.locator("[role=log]").inner_text().splitlines()[-1] == "Mei: Mei here. 我来看看。"
    tell(viewer, **{"from": "system"}, custom={**notice, "notice": "person_left"})
    page.locator(".asked").wait_for()
    assert page.locator(".notice").last.inner_text() == word(viewer, "person_left", name="Mei")
    # All of it is there again after a reload, but for the question.
    page.reload()
    page.locator(".from-agent").wait_for()
    assert page.locator(".notice").count() == 3 and page.locator(".asked").count() == 0


def test_lists_pictures_and_what_it_does_not_know(
    viewer: Visit, tell: Tell, server: Server
) -> None:
    viewer.say("hello")
    page = viewer.page
    tell(viewer, custom={"type": "hologram", "data": [1]}, text="Seen this?")
    tell(viewer, custom={"type": "list", "items": ["Heat", "花样年华 https://example.com/"]})
    tell(viewer, image=f"{server.url}/favicon.ico")
    tell(viewer, image="javascript:alert(1)", text="no picture")
    page.get_by_text("no picture", exact=True).wait_for()
    assert page.locator(".list li").all_inner_texts() == ["Heat", "花样年华 https://example.com/"]
    assert page.locator(".list a").get_attribute("href") == "https://example.com/"
    assert page.locator("img.picture").count() == 1
    assert page.locator("img.picture").get_attribute("alt") == word(viewer, "picture")
    page.wait_for_function(
        "() => document.querySelector('usher-chat').shadowRoot.querySelector('img').naturalWidth"
    )
    assert page.get_by_text("Seen this?", exact=True).count() == 1


def test_days_are_told_apart_and_times_are_the_viewers(visit: At, rows: Rows) -> None:
    for locale, zone in (("en-GB", "America/New_York"), ("zh-CN", "Asia/Shanghai")):
        viewer = visit(locale=locale, timezone_id=zone)
        viewer.say("hello")
        today = datetime.now(ZoneInfo(zone)).replace(hour=14, minute=5, second=0)
        for days in (1, 40):
            content = json.dumps({"from": "bot", "text": f"{days} days ago"})
            at = (today - timedelta(days)).timestamp()
            query = "INSERT INTO outbox (viewer, message, at) VALUES (?, ?, ?)"
            rows(query, viewer.id, content, at)
        viewer.page.reload()
        viewer.page.locator(".bubble", has_text="40 days ago").wait_for()
        shown = viewer.page.locator(".day").all_inner_texts()
        then = today - timedelta(40)
        assert str(then.year) in shown[0] and str(then.day) in shown[0]
        names = ["Yesterday", "Today"] if locale == "en-GB" else ["昨天", "今天"]
        assert shown[1:] == names
        clock = viewer.page.locator("time").first
        assert clock.inner_text() == "14:05"
        assert datetime.fromisoformat(
            clock.get_attribute("datetime")[:19] + "+00:00"
        ) == then.replace(microsecond=0)


def test_dots_are_shown_while_an_answer_is_made(viewer: Visit) -> None:
    viewer.field.fill("slow 0.8")
    viewer.field.press("Enter")
    viewer.page.locator(".typing").wait_for()
    viewer.page.get_by_text("You said: slow 0.8", exact=True).wait_for()
    assert viewer.page.locator(".typing").is_hidden()


def test_a_quick_answer_shows_no_dots(viewer: Visit) -> None:
    viewer.page.evaluate(
        """() => { window.seen = 0; const dots = document.querySelector("usher-chat").shadowRoot
          .querySelector(".typing");
          new MutationObserver(() => (seen += !dots.hidden))
            .observe(dots, { attributes: true }); }"""
    )
    viewer.page.route(
        "**/messages",
        lambda route: route.fulfill(
            json={"id": route.request.post_data_json["id"], "messages": []}
        ),
    )
    viewer.field.fill("quick")
    viewer.field.press("Enter")
    viewer.page.locator(".mine:not(.pending)").wait_for()
    viewer.page.wait_for_timeout(400)
    assert viewer.page.evaluate("() => seen") == 0


def test_titles_are_passed_by_mouse_and_keyboard(visit: At) -> None:
    viewer = visit()
    page = viewer.page
    viewer.say("recommend something")
    previous, following = (page.get_by_label(viewer.words[key]) for key in ("previous", "next"))
    cards = page.locator(".card")
    assert cards.count() == 5 and previous.is_hidden()
    following.click()
    previous.wait_for()
    assert page.evaluate(SCROLLED) > 200
    while following.is_visible():
        following.click()
    last = cards.last.bounding_box()
    frame = page.locator(".cards").bounding_box()
    assert last["x"] + last["width"] <= frame["x"] + frame["width"]
    previous.click()
    # From the first card, by the keyboard.
    row = page.locator(".cards")
    row.evaluate("(each) => each.scrollTo(0, 0)")
    row.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => ({SCROLLED})() > 200")
    # A button that gets the focus comes into sight.
    page.locator(".card").last.get_by_role("button").last.focus()
    box = cards.last.bounding_box()
    assert frame["x"] <= box["x"] + box["width"] / 2 <= frame["x"] + frame["width"]


def test_titles_are_passed_by_touch(visit: At) -> None:
    viewer = visit(**{**PHONE, "locale": "zh-CN"})
    viewer.say("有什么好看的？")
    box = viewer.page.locator(".cards").bounding_box()
    touch = viewer.context.new_cdp_session(viewer.page)
    for kind, x in (("touchStart", 300), *(("touchMove", x) for x in range(290, 40, -30))):
        points = [{"x": x, "y": box["y"] + 60}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    viewer.page.wait_for_function(f"() => ({SCROLLED})() > 150")
    assert viewer.page.evaluate("() => document.documentElement.scrollLeft") == 0


def test_a_card_has_a_poster_or_else_art_of_its_own(
    viewer: Visit, tell: Tell, server: Server
) -> None:
    viewer.say("hello")
    page = viewer.page
    cards = [
        {"id": "a", "title": "With a poster", "poster": f"{server.url}/favicon.ico"},
        {"id": "b", "title": "花样年华", "poster": f"{server.url}/nothing.jpg"},
        {"id": "c", "title": "The Insider", "poster": "javascript:alert(1)"},
    ]
    tell(viewer, custom={"type": "titles", "cards": cards})
    page.locator(".card").nth(2).wait_for()
    page.locator(".cover").nth(1).locator("img").wait_for(state="detached")
    assert page.locator(".cover").first.locator("img").count() == 1
    assert page.locator(".cover img").count() == 1
    assert page.locator(".initials").all_inner_texts() == ["WP", "花样", "TI"]
    looks = page.locator(".cover").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).backgroundImage)"
    )
    assert len(set(looks)) == 3
    viewer.complaints.clear()  # the browser tells of the poster that is missing


def test_stars_are_given_by_a_press_and_shown_as_given(viewer: Visit) -> None:
    page = viewer.page
    viewer.say("有什么好看的？" if viewer.words["locale"] == "zh-CN" else "recommend something")
    page.locator(".act").nth(1).click()
    stars = page.get_by_role("radiogroup", name=viewer.words["rate"]).get_by_role("radio")
    stars.nth(4).wait_for()
    assert stars.nth(3).get_attribute("aria-label") == word(viewer, "stars", n=4)
    stars.nth(3).click()
    page.locator(".mine .bubble", has_text="★★★★").wait_for()
    page.locator(".bubble", has_text="★★★★").nth(1).wait_for()
    assert page.locator(".stars:visible").count() == 0
