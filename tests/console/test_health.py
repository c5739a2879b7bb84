"""What the console says about the assistant: as it is, also when it is elsewhere or away."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from bot.console.assistant import address_of
from bot.settings import Settings
from tests.channels.served import free_port
from tests.console.served import running


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """A server that answers everything with `body`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def page_of(new_url: Callable[[str], str], folder: Path, address: str) -> str:
    with running(new_url("sqlite"), folder, assistant_url=address) as console:
        return console.client("admin").get("/health/system").text


def test_the_assistant_is_asked_where_the_setting_says(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    state = {"status": "ok", "model": "spring", "away": ["moderation"], "titles": 17}
    with answering(json.dumps(state).encode()) as address:
        page = page_of(new_url, tmp_path, address + "/")
    for shown in (f"<code>{address}</code>", "<code>spring</code>", "moderation", "well"):
        assert shown in page
    assert "USHER_ASSISTANT_URL" not in page


def test_one_that_is_away_is_said_to_be(new_url: Callable[[str], str], tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    page = page_of(new_url, tmp_path, address)
    for shown in ("out of reach", address, "USHER_ASSISTANT_URL"):
        assert shown in page
    assert "Models away" not in page


def test_something_else_is_no_assistant(new_url: Callable[[str], str], tmp_path: Path) -> None:
    for body in (b"[1]", b"{}", b"no JSON"):
        with answering(body) as address:
            assert "out of reach" in page_of(new_url, tmp_path, address)


def test_without_the_setting_it_is_on_this_machine() -> None:
    assert address_of(Settings(host="0.0.0.0", port=7000)) == "http://127.0.0.1:7000"
    assert address_of(Settings(host="::1", port=7000)) == "http://[::1]:7000"
    elsewhere = Settings(assistant_url="http://10.0.0.5:5005/")
    assert address_of(elsewhere) == "http://10.0.0.5:5005"
