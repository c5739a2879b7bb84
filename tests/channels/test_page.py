from __future__ import annotations

import re

import aiohttp

from bot.channels.widget import FOLDER


async def test_the_page_comes_with_its_guards(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        page = await response.text()
        headers = response.headers
    assert response.status == 200 and "<title>Usher</title>" in page
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-cache"
    assert "<script>" not in page and "style=" not in page and " onclick" not in page


async def test_what_the_page_names_can_be_kept_for_ever(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        named = set(re.findall(r'(?:src|href)="((?:page|widget)/[^"]+)"', await response.text()))
    assert len(named) == 3
    assert len([path for path in named if path.startswith("widget/")]) == 1
    for path in named:
        async with http.get(f"/{path}") as response:
            assert response.status == 200
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["Content-Encoding"] == "gzip"
    async with http.get("/page/an-older-version/icon.svg") as old:
        assert old.status == 200 and old.headers["Cache-Control"] == "no-cache"


async def test_an_unchanged_page_is_not_sent_again(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        etag = response.headers["ETag"]
    async with http.get("/", headers={"If-None-Match": etag}) as response:
        assert response.status == 304 and await response.read() == b""
    async with http.head("/") as response:
        assert response.status == 200


async def test_health_says_what_is_loaded(http: aiohttp.ClientSession) -> None:
    async with http.get("/health") as response:
        body = await response.json()
    assert response.status == 200
    assert body["status"] == "ok" and body["model"] and isinstance(body["titles"], int)
    assert body["away"] == []


def test_the_scripts_never_make_html_of_text() -> None:
    for script in FOLDER.glob("*.js"):
        code = script.read_text(encoding="utf-8")
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ):
            assert forbidden not in code, f"{forbidden} in {script.name}"
