"""The pages of judging and teaching, in a real browser, on both databases."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from bot.console.assistant import Assistant, AssistantAway
from bot.desk.collecting import collect
from bot.desk.flags import Flags
from bot.desk.people import Person
from bot.desk.projector import Projector
from bot.store.cases import CaseStore
from bot.store.database import engine as engine_of
from bot.store.database import migrate
from tests.channels import served as channels
from tests.console.served import Console, running
from tests.desk.test_teaching import parsed, said
from tests.desk.told import number_of

HOSTILE = "<img src=x onerror=alert(1)> zorble {{7*7}}"


def fill(console: Console) -> None:
    store = console.engine
    said(store, "v1", "zorble me something like Heat tonight", parsed("nlu_fallback", 0.3))
    said(store, "v1", HOSTILE, parsed("recommend", 0.4, 0.35))
    collect(store)
    for words in ("you idiot", HOSTILE):
        CaseStore(store).record("v1", "abuse", "insult", 0.91, words, (0, 4))
    Flags(store).put("v1", "wrong_answer", Person("1", "Mei"), note=HOSTILE)


@pytest.mark.browser
def test_a_case_is_judged_by_keys(browser: Any, own_console: Console) -> None:
    fill(own_console)
    context = own_console.context(browser, own_console.add("moderator", "Ana"))
    page = context.new_page()
    page.goto("/moderation")
    page.wait_for_selector("html.ready")
    assert page.locator(".judged mark").inner_text() == "you "
    page.keyboard.press("a")
    page.locator(".notice", has_text="Upheld").wait_for()
    page.wait_for_selector("html.ready")
    page.keyboard.press("e")
    page.locator(".notice", has_text="Escalated").wait_for()
    page.goto("/moderation?view=escalated")
    page.wait_for_selector("html.ready")
    page.keyboard.press("d")
    page.locator("text=Somebody else has to decide this").wait_for()
    other = own_console.client(own_console.add("moderator", "Ben"))
    seen = page.locator("input[name=seen]").input_value()
    number = page.url.rstrip("/").split("/")[-1].split("?")[0]
    answer = other.post(f"/moderation/{number}", {"verdict": "dismissed", "seen": seen})
    assert answer.status_code == 303
    page.goto("/moderation/figures")
    assert page.locator(".stat dd").first.inner_text() == "2"
    context.close()


@pytest.mark.browser
def test_a_message_is_flagged_where_it_is_read(browser: Any, own_console: Console) -> None:
    said(own_console.engine, "v1", "who made Heat", parsed("ask_director", 0.9))
    said(own_console.engine, "v1", "and Dune", parsed("ask_director", 0.9))
    Projector(own_console.engine).follow()
    context = own_console.context(browser, own_console.add("agent", "Ana"))
    page = context.new_page()
    page.goto(f"/conversations/{number_of(own_console.engine, 'v1')}")
    page.wait_for_selector("html.ready")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("f")
    assert page.locator("#flag-event option:checked").inner_text() == "and Dune"
    page.select_option("#flag-reason", "not_understood")
    page.fill("#flag-note", "meant the film")
    page.click("dialog[open] .button.primary")
    page.locator(".notice", has_text="Flagged").wait_for()
    (flag,) = Flags(own_console.engine).of("v1")
    assert (flag.reason, flag.note) == ("not_understood", "meant the film")
    page.goto("/flags")
    page.wait_for_selector("html.ready")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.locator("text=Nothing is flagged").wait_for()
    context.close()


@pytest.mark.browser
def test_a_sentence_is_taught_and_approved(browser: Any, own_console: Console) -> None:
    fill(own_console)
    context = own_console.context(browser, own_console.add("trainer", "Ana"))
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.accept()))
    page.goto("/teach")
    page.wait_for_selector("html.ready")
    assert page.locator("[data-sentence]").inner_text() == "zorble me something like Heat tonight"
    page.select_option("#f-intent", "recommend")
    page.evaluate(
        """() => {
          const node = document.querySelector("[data-sentence]").firstChild;
          const range = document.createRange();
          range.setStart(node, 25); range.setEnd(node, 30);
          getSelection().removeAllRanges(); getSelection().addRange(range);
          document.activeElement.blur();
        }"""
    )
    page.keyboard.press("1")
    assert page.locator(".entity.title").inner_text() == "Heat"
    page.keyboard.press("a")
    page.locator(".notice").wait_for()
    page.wait_for_selector("html.ready")
    assert page.locator("[data-sentence]").inner_text() == HOSTILE
    page.keyboard.press("x")
    page.locator(".notice", has_text="deleted").or_(
        page.locator(".notice", has_text="Deleted")
    ).wait_for()
    assert alerts == ["Delete the words of this sentence?"]
    context.close()
    context = own_console.context(browser, own_console.add("moderator", "Ben"))
    page = context.new_page()
    page.goto("/approvals")
    page.wait_for_selector("html.ready")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.locator(".patch .added", has_text="[Heat](title) tonight").wait_for()
    context.close()
    patch = own_console.client("trainer").get("/patches/nlu").text
    assert "+      - zorble me something like [Heat](title) tonight\n" in patch


@pytest.mark.browser
def test_a_conversation_is_saved_as_a_test(browser: Any, own_console: Console) -> None:
    said(own_console.engine, "v1", "who made Heat", parsed("ask_director", 0.9), "action_director")
    Projector(own_console.engine).follow()
    context = own_console.context(browser, own_console.add("trainer", "Ana"))
    page = context.new_page()
    page.goto(f"/conversations/{number_of(own_console.engine, 'v1')}")
    page.wait_for_selector("html.ready")
    page.keyboard.press("s")
    page.wait_for_selector("#f-content")
    page.fill("#f-content", "- name: what was asked\n  turns: []\n")
    page.get_by_role("button", name="Save").click()
    page.locator(".alert", has_text="not a conversation in the form").wait_for()
    page.goto(f"/tests/new?conversation={number_of(own_console.engine, 'v1')}")
    draft = page.input_value("#f-content")
    page.fill("#f-content", draft.replace("as it should be", "who directed it"))
    page.get_by_role("button", name="Save").click()
    page.locator("pre.patch", has_text="who made Heat").wait_for()
    context.close()
    patch = own_console.client("trainer").get("/patches/tests").text
    assert '+    - {say: "who made Heat", action: action_director}' in patch
    assert "+- name: who directed it" in patch


@pytest.mark.browser
def test_an_answer_is_edited_with_a_preview(browser: Any, own_console: Console) -> None:
    context = own_console.context(browser, own_console.add("trainer", "Ana"))
    page = context.new_page()
    page.goto("/faq/account_sign_in")
    page.wait_for_selector("html.ready")
    page.fill("#f-answer_zh", "连按两次 <b>金色</b> 按钮。")
    shown = page.locator('[data-preview="answer_zh"]')
    assert shown.inner_text() == "连按两次 <b>金色</b> 按钮。"
    page.click("text=Publish")
    page.locator(".notice", has_text="Published").wait_for()
    assert page.locator(".badge", has_text="edited").count() == 1
    patch = own_console.client("trainer").get("/patches/faq").text
    assert "+        连按两次 <b>金色</b> 按钮。\n" in patch
    context.close()


@pytest.mark.browser
def test_trying_again_asks_the_assistant_of_today(browser: Any, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'usher.db'}"
    migrate(engine_of(url))
    with channels.running(tmp_path, USHER_SECRET="a secret of the tests") as server:
        port = int(server.url.rsplit(":", 1)[1])
        with running(url, tmp_path, port=port) as console:
            # The server without a model loads what reads its understanding at the first request.
            asking = Assistant(console.configuration)
            with ThreadPoolExecutor(1) as pool, suppress(AssistantAway):
                pool.submit(lambda: asyncio.run(asking.understand(["hello"]))).result()
            fill(console)
            context = console.context(browser, console.add("trainer", "Ana"))
            page = context.new_page()
            page.goto("/teach")
            page.select_option("#f-intent", "recommend")
            page.click("[data-try]")
            page.locator("text=It agrees with you").wait_for()
            server.process.terminate()
            server.process.join(10)
            page.click("[data-try]")
            page.locator("text=The assistant is not running").wait_for()
            context.close()
