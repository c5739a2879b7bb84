"""Other people's widgets: the npm package `rasa-webchat` against Usher's Socket.IO channel."""

from __future__ import annotations

from typing import Any

from tests.channels.served import Server
from tests.widget.tools import needed

PAGE = """<!doctype html><html><body><div id="chat"></div><script src="/webchat.js"></script>
<script>WebChat.default({ initPayload: "", customData: {}, socketUrl: location.origin,
  socketPath: "/socket.io/", title: "Usher", params: { storage: "local" } },
  document.getElementById("chat"))</script></body></html>"""


def test_rasa_webchat_talks_and_its_session_is_a_signed_token(browser: Any, server: Server) -> None:
    script = needed("rasa-webchat/lib/index.js").read_text(encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.route("**/webchat.js", lambda route: route.fulfill(body=script))
    page.route(
        f"{server.url}/others",
        lambda route: route.fulfill(body=PAGE, content_type="text/html"),
    )
    page.goto(f"{server.url}/others")
    page.locator(".rw-launcher").click()
    page.locator(".rw-new-message").fill("recommend something")
    page.locator(".rw-new-message").press("Enter")
    page.get_by_text("How about one of these tonight?").first.wait_for()
    page.get_by_text("Heat").first.wait_for()
    session = page.evaluate("() => JSON.parse(localStorage.chat_session).session_id")
    assert session.count(".") == 2  # a token, not a number of the client's own
    context.close()
