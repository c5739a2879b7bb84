"""The widget on pages of other sites: what it loads, leaves alone, says and hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channels.identity import sign
from tests.channels.served import Server
from tests.widget.visit import HOST, SECRET, Visit

At = Callable[..., Visit]
HOSTILE = """<style>
* { all: unset !important; color: red !important; font-size: 40px !important }
div, usher-chat { display: none !important; transform: rotate(9deg) !important }
.cover-all { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;
  background: lime !important; display: block !important }
</style>"""
POLICY = "default-src 'none'; script-src {0}; connect-src {0}; require-trusted-types-for 'script'"


def test_until_it_is_opened_only_the_launcher_is_loaded(visit: At, server: Server) -> None:
    viewer = visit(embed="")
    page = viewer.page
    asked: list[str] = page.evaluate(
        "() => performance.getEntriesByType('resource').map((each) => each.name)"
    )
    assert [name for name in asked if "favicon" not in name] == [f"{server.url}/widget.js"]
    shift = page.evaluate(
        """() => new Promise((done) => { let sum = 0;
          new PerformanceObserver((list) => {
            for (const each of list.getEntries()) sum += each.value })
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 400); })"""
    )
    assert shift == 0
    viewer.open()
    viewer.say("hello")
    names = page.evaluate(
        "() => performance.getEntriesByType('resource').map((each) => new URL(each.name).origin)"
    )
    assert set(names) - {HOST} == {server.url}  # no third party is asked for anything


def test_one_global_is_added(visit: At) -> None:
    head = "<script>window.before = Object.keys(window)</script>"
    viewer = visit(embed="", head=head).open()
    viewer.say("hello")
    added = viewer.page.evaluate(
        "() => Object.keys(window).filter((name) => !before.includes(name) && name !== 'before')"
    )
    assert added == ["Usher"]


def test_calls_made_before_it_loads_are_heard(visit: At) -> None:
    head = """<script>window.Usher = function () { (Usher.q = Usher.q || []).push(arguments) };
      window.heard = []; Usher("on", "open", () => heard.push("open"));
      Usher("on", "message", (it) => heard.push(it.from)); Usher("show"); Usher("send", "hello")
      </script>"""
    viewer = visit(embed="", head=head)
    viewer.page.locator(".theirs").wait_for()
    assert viewer.page.evaluate("() => heard") == ["open", "viewer", "bot"]


def test_an_answer_that_the_past_already_holds_is_told_once(visit: At) -> None:
    viewer = visit(embed='data-boot="false"')
    page = viewer.page
    viewer.listen()
    past: list[Any] = []
    answers: list[tuple[Any, Any]] = []
    page.route("**/webhooks/web/history", lambda route: past.append(route))
    page.route("**/webhooks/web/messages", lambda route: answers.append((route, route.fetch())))
    for call in ("boot", "show"):
        viewer.usher(call)
    viewer.usher("send", "hello")
    while not (past and answers):
        page.wait_for_timeout(50)
    past[0].continue_()
    page.locator(".theirs").wait_for()
    [(route, answer)] = answers
    route.fulfill(response=answer)
    page.locator(".mine.pending").wait_for(state="detached")
    told = [it["from"] for name, it in page.evaluate("() => heard") if name == "message"]
    assert told == ["viewer", "bot"]
    assert viewer.texts() == ["hello", "You said: hello"]


def test_the_page_steers_it_and_hears_its_events(visit: At) -> None:
    viewer = visit(embed='data-boot="false"', body="")
    page = viewer.page
    viewer.listen()
    viewer.usher("boot", {"theme": "dark", "name": "Ask Ann", "prompts": ["One", "Two"]})
    viewer.usher("show")
    page.locator(".panel").wait_for()
    assert page.locator(".panel h2").inner_text() == "Ask Ann"
    assert page.locator(".prompt").all_inner_texts() == ["One", "Two"]
    viewer.usher("update", {"theme": "light"})
    assert page.locator(".panel").get_attribute("data-theme") == "light"
    viewer.usher("send", "hello")
    page.locator(".theirs").wait_for()
    page.locator(".thumb.up").first.click()
    page.wait_for_function("() => heard.some(([name]) => name === 'feedback')")
    viewer.usher("hide")
    page.locator(".panel").wait_for(state="hidden")
    viewer.usher("send", "remind me")
    page.wait_for_function("() => heard.some(([name, it]) => name === 'unread' && it.count === 2)")
    assert page.locator(".badge").inner_text() == "2"
    names = [name for name, _ in page.evaluate("() => heard")]
    assert {"ready", "open", "close", "message", "unread", "feedback"} <= set(names)
    viewer.usher("shutdown")
    page.locator("usher-chat").wait_for(state="detached")
    assert page.evaluate("() => Object.keys(localStorage).filter((k) => /token|out/.test(k))") == []


def test_a_failure_is_an_event(visit: At) -> None:
    viewer = visit(embed="").open()
    viewer.listen()
    viewer.say("hello")
    viewer.page.route("**/webhooks/web/feedback", lambda route: route.abort())
    viewer.page.locator(".thumb.up").first.click()
    viewer.page.wait_for_function("() => heard.some(([name]) => name === 'error')")
    viewer.complaints.clear()  # the browser tells of the lost request


def test_a_user_of_the_site_is_known_on_every_device(visit: At) -> None:
    who = {"user": "ana@example.org", "signature": sign("ana@example.org", SECRET)}
    first, second = visit(embed="").open(), visit(embed="").open()
    first.say("on the first device")
    first.usher("identify", who)
    first.page.locator(".theirs").wait_for()
    second.say("on the second device")
    second.usher("identify", who)
    second.page.get_by_text("on the first device", exact=True).wait_for()
    assert "on the second device" in second.texts()
    second.listen()
    second.usher("identify", {**who, "signature": "0" * 64})
    second.page.wait_for_function("() => heard.some(([name]) => name === 'error')")
    assert second.heard("error")[0]["code"] == "wrong_signature"
    second.complaints.clear()  # the browser tells of the refusal


def test_a_page_with_hostile_styles_changes_nothing(visit: At) -> None:
    cover = '<div class="cover-all"></div>'
    hostile, plain = visit(embed="", head=HOSTILE, body=cover), visit(embed="")

    def looks(viewer: Visit) -> Any:
        return viewer.page.evaluate(
            """() => { const root = document.querySelector("usher-chat").shadowRoot;
              return ["launcher", "panel", "bubble", "bar"].map((name) => {
                const each = root.querySelector(`.${name}`);
                const box = each.getBoundingClientRect();
                const style = getComputedStyle(each);
                return [name, box.x, box.y, box.width, style.color, style.fontSize, style.display];
              }); }"""
        )

    for viewer in (hostile, plain):
        viewer.open()  # a click that meets something else fails
        viewer.say("hello")
    title = hostile.page.locator("h1").evaluate("(each) => getComputedStyle(each).fontSize")
    assert title == "40px"  # the page's styles are in force
    assert looks(hostile) == looks(plain)


def test_a_page_with_a_strict_policy_lets_it_work(visit: At, server: Server, picture: Any) -> None:
    policy = {"Content-Security-Policy": POLICY.format(server.url)}
    viewer = visit(embed="", headers=policy).open()
    viewer.say("recommend something")
    cover = viewer.page.locator(".cover").first
    assert "gradient" in cover.evaluate("(each) => getComputedStyle(each).backgroundImage")
    viewer.page.locator("input[type=file]").set_input_files(picture)
    viewer.page.wait_for_function(
        "() => document.querySelector('usher-chat').shadowRoot"
        ".querySelector('canvas')?.width === 320"
    )
    viewer.page.locator(".bubble", has_text="You said: /picture").wait_for()
    assert viewer.complaints == []
    # The policy is in force: a style of the page's own is not applied.
    colour = viewer.page.evaluate(
        """() => { const sheet = document.createElement("style");
          sheet.textContent = "h1 { color: rgb(0, 255, 0) }"; document.head.append(sheet);
          return getComputedStyle(document.querySelector("h1")).color; }"""
    )
    assert colour == "rgb(0, 0, 0)"
    viewer.complaints.clear()  # the browser tells of it


def test_a_page_of_a_site_that_is_not_configured_gets_nothing(browser: Any, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "https://evil.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<script type="module" src="{server.url}/widget.js"></script>',
        ),
    )
    page.goto("https://evil.example/")
    page.wait_for_timeout(300)
    assert page.evaluate("() => typeof Usher") == "undefined"
    context.close()


def test_it_is_checked_against_its_hash(browser: Any, server: Server) -> None:
    from bot.channels.widget import build

    widget = build()
    context = browser.new_context()
    page = context.new_page()
    tag = widget.tag(server.url, pinned=True)
    page.route(
        f"{HOST}/",
        lambda route: route.fulfill(content_type="text/html", body=f"<body>{tag}</body>"),
    )
    page.goto(f"{HOST}/")
    page.locator(".launcher").wait_for()
    changed = widget.files["chat.js"].body + b"\n"
    page.route(
        "**/chat.js",
        lambda route: route.fulfill(
            body=changed,
            headers={"Content-Type": "text/javascript", "Access-Control-Allow-Origin": HOST},
        ),
    )
    page.evaluate(
        "() => { window.heard = []; Usher('on', 'error', (it) => heard.push(it.code)); "
        "document.querySelector('usher-chat').show().catch(() => {}) }"
    )
    page.wait_for_function("() => heard.includes('not_loaded')")
    assert page.locator(".panel").count() == 0
    context.close()
