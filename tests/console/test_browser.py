"""The main flows of signing in and administering, in a real browser, on both databases."""

from __future__ import annotations

import re
import time
from typing import Any

import pyotp
import pytest

from bot.store.audit import AuditLog
from bot.store.retention import rules
from tests.console.served import Console
from tests.console.signing import inside

pytestmark = pytest.mark.browser
NEW = "three words and more"


def complaints(page: Any) -> list[str]:
    """What the browser complains of from now on, but for refused requests."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda line: (
            found.append(line.text)
            if line.type == "error" and "Failed to load" not in line.text
            else None
        ),
    )
    return found


def enter(page: Any, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("#f-email", email)
    page.fill("#f-password", password)
    page.press("#f-password", "Enter")


def test_from_an_invitation_to_a_second_factor_and_out(own_console: Console, browser: Any) -> None:
    admin = own_console.context(browser, "admin").new_page()
    wrong = complaints(admin)
    admin.goto("/people")
    admin.wait_for_selector("html.ready")
    admin.keyboard.press("n")
    admin.fill("#f-email", "mei@example.org")
    admin.fill("#f-name", "Mei Lin")
    admin.get_by_label("Agent").check()
    admin.get_by_role("button", name="Invite").click()
    password = admin.locator("[data-copy]").inner_text()

    page = own_console.context(browser).new_page()
    wrong += complaints(page)
    enter(page, "mei@example.org", password)
    page.fill("#f-new", NEW)
    page.fill("#f-again", NEW)
    page.press("#f-again", "Enter")
    page.wait_for_selector("nav.side")
    assert page.locator(".me-name b").inner_text() == "Mei Lin"

    page.goto("/profile/second-factor")
    page.wait_for_function("document.querySelector('img.qr').naturalWidth > 0")
    secret = page.locator("form code").inner_text().replace(" ", "")
    page.fill("#f-code", pyotp.TOTP(secret).now())
    page.fill("#f-current", NEW)
    page.press("#f-current", "Enter")
    page.wait_for_selector(".codes")
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector(".notice")

    enter(page, "mei@example.org", NEW)
    page.fill("#f-code", codes[0])
    page.press("#f-code", "Enter")
    page.wait_for_selector("nav.side")
    page.goto("/people")
    assert "Your role does not allow this" in page.locator("main").inner_text()

    admin.goto("/people")
    admin.get_by_role("link", name="Mei Lin").click()
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Keep out").click()
    admin.wait_for_selector(".notice")
    page.goto("/profile")
    page.wait_for_url("**/sign-in?next=*")
    done = [each.action for each in AuditLog(own_console.engine).page()]
    assert done[:2] == ["people.deactivate", "sign_in.done"] and "people.invite" in done
    assert wrong == []


def test_the_keyboard_leads_everywhere(console: Console, browser: Any) -> None:
    page = console.context(browser, "admin").new_page()
    page.goto("/people")
    page.wait_for_selector("html.ready")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("tr[data-row].at").count() == 1
    first = page.locator("tr[data-row]").first
    assert "at" in first.get_attribute("class")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/people/\d+$"))
    page.wait_for_selector("html.ready")
    page.keyboard.press("u")
    page.wait_for_url("**/people")
    page.wait_for_selector("html.ready")
    page.keyboard.press("/")
    page.keyboard.type("jk?g")  # letters, not shortcuts, in a field
    assert page.input_value("[data-search]") == "jk?g"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    assert "Invite somebody" in page.locator("dialog#keys").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("dialog#keys").is_hidden()
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/audit")


def test_shortcuts_can_be_turned_off(console: Console, browser: Any) -> None:
    who = console.add("admin", shortcuts=False)
    page = console.context(browser, who).new_page()
    page.goto("/people")
    page.wait_for_selector("html.ready")
    page.keyboard.press("?")
    page.keyboard.press("n")
    assert page.locator("dialog#keys").is_hidden() and page.url.endswith("/people")


def test_language_and_theme_are_one_click(console: Console, browser: Any) -> None:
    page = console.context(browser, console.add("admin"), color_scheme="dark").new_page()
    page.goto("/audit?action=people")
    page.wait_for_selector("html.ready")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_selector("html[data-theme=light].ready")
    assert page.url.endswith("/audit?action=people")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.get_by_role("button", name="中文").click()
    page.wait_for_selector("html[lang=zh-CN].ready")
    assert page.locator("h1").inner_text() == "审计日志"


def test_rules_are_tried_before_they_are_kept(own_console: Console, browser: Any) -> None:
    page = own_console.context(browser, "admin").new_page()
    page.goto("/retention")
    page.wait_for_selector("html.ready")
    page.fill("#f-cases", "30")
    page.get_by_role("button", name="Dry run").click()
    page.wait_for_selector(".alert.info")
    assert rules(own_console.engine)["cases"] == 365
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".notice")
    assert rules(own_console.engine)["cases"] == 30
    page.goto("/audit")
    page.get_by_role("button", name="Verify the chain").click()
    assert "whole" in page.locator(".notice").inner_text()


def test_an_export_is_a_file(console: Console, browser: Any) -> None:
    page = console.context(browser, "trainer").new_page()
    page.goto("/export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Messages: CSV").click()
    assert re.fullmatch(r"usher-messages-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)


def test_times_are_the_readers(console: Console, browser: Any) -> None:
    who = console.add("admin", created_at=1_767_225_600.0)  # 2026-01-01 00:00 UTC
    page = console.context(browser, "admin", timezone_id="America/New_York").new_page()
    page.goto(f"/people/{who.id}")
    page.wait_for_selector("html.ready")
    assert page.locator("dd time").first.inner_text() == "31 Dec 2025"


def test_another_site_can_do_nothing(console: Console, browser: Any) -> None:
    """A form that another site sends, with the browser's cookies, changes nothing."""
    who = console.add("admin")
    before = time.time()
    theirs = console.client(who)
    page = console.context(browser, who).new_page()
    form = (
        f'<form method="post" action="{console.url}/profile/sessions/end"></form>'
        "<script>document.forms[0].submit()</script>"
    )
    page.route(
        "http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html")
    )
    page.goto("http://evil.example/")
    page.wait_for_url(f"{console.url}/**")
    assert inside(theirs)
    entries = AuditLog(console.engine).page(person=who.id, since=before)
    assert [each.action for each in entries] == []
