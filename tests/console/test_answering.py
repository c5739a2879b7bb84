"""Answering viewers in person: staff and viewers in browsers of their own."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest
import socketio
from sqlalchemy import text

from bot.channels.tokens import ViewerTokens
from bot.desk.collecting import collect
from bot.desk.projector import Projector
from bot.store import database
from bot.store.answering_schema import presence
from bot.store.cases import CaseStore
from bot.store.feedback import FeedbackStore
from bot.store.handoffs import HandoffStore
from bot.store.judging_schema import appeals, decisions
from bot.store.schema import cases, handoffs
from bot.store.teaching_schema import sentences
from tests.channels import served as channels
from tests.console.served import Console, running
from tests.console.visitor import Visitor
from tests.desk.told import number_of
from tests.store.conftest import administer

pytestmark = pytest.mark.browser


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def together(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Console, channels.Server]]:
    """A console and a server of viewers on one database."""
    folder = tmp_path_factory.mktemp("together")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'usher.db'}"
    else:
        server_of_databases = request.getfixturevalue("postgresql")
        administer(server_of_databases, "CREATE DATABASE together TEMPLATE template")
        url = server_of_databases.replace("/postgres?", "/together?")
    database.migrate(database.engine(url))
    with (
        channels.running(folder, USHER_DATABASE_URL=url) as server,
        running(url, folder) as console,
    ):
        yield console, server


@pytest.fixture
def desk(together: tuple[Console, channels.Server]) -> tuple[Console, channels.Server]:
    """The same with nobody waiting, and nothing to judge."""
    with database.writing(together[0].engine) as connection:
        for table in (appeals, decisions, cases, handoffs, presence, sentences):
            connection.execute(table.delete())
    return together


def conversation_of(console: Console) -> str:
    """The viewer who wrote last."""
    with console.engine.connect() as connection:
        query = text("SELECT sender_id FROM events ORDER BY id DESC LIMIT 1")
        return str(connection.execute(query).scalar_one())


def events_of(console: Console, viewer: str) -> list[str]:
    with console.engine.connect() as connection:
        query = text("SELECT type_name FROM events WHERE sender_id = :v ORDER BY seq")
        return list(connection.execute(query, {"v": viewer}).scalars())


def told(viewer: Visitor, words: str) -> Any:
    """A notice that the viewer sees."""
    return viewer.page.get_by_role("region", name="Conversation").locator("span", has_text=words)


def test_a_conversation_is_taken_over_and_given_back(
    browser: Any, desk: tuple[Console, channels.Server]
) -> None:
    console, server = desk
    viewer = Visitor(browser, server.url)
    viewer.say("hello, something funny please")
    name = conversation_of(console)
    HandoffStore(console.engine).open(name, "asked", "en")
    ana, ben = console.add("agent", "Ana"), console.add("agent", "Ben")
    for_ana, for_ben = console.context(browser, ana), console.context(browser, ben)
    anas, bens = for_ana.new_page(), for_ben.new_page()
    anas.goto("/handoffs")
    bens.goto("/handoffs")
    bens.locator("text=Ana").first.wait_for()  # who is at the desk
    anas.wait_for_selector("html.ready")
    anas.keyboard.press("j")
    anas.keyboard.press("t")
    anas.wait_for_selector("#say")
    told(viewer, "Ana has joined").wait_for()
    # Ben's page says so by itself, and he cannot take it as well.
    bens.locator("tr", has_text="Ana").locator("text=speaking").wait_for()
    assert bens.locator("text=Take over").count() == 0
    bens.locator("tbody a").first.click()
    bens.locator("text=Ana is speaking with this viewer").wait_for()
    anas.locator("text=Also reading: Ben").wait_for()
    # The viewer writes, and the bot is silent.
    answers = viewer.page.locator(".theirs").count()
    viewer.write("is somebody there?")
    anas.locator(".line.by-viewer", has_text="is somebody there?").wait_for()
    bens.locator(".line.by-viewer", has_text="is somebody there?").wait_for()
    assert HandoffStore(console.engine).taken_over(name)
    # Ana answers.
    anas.fill("#say", "Yes! I'm Ana. <b>How</b> can I help?")
    anas.press("#say", "Enter")
    viewer.page.locator(".bubble", has_text="<b>How</b> can I help?").wait_for()
    bens.locator(".line.by-agent", has_text="can I help?").wait_for()
    assert viewer.page.locator("text=You said: is somebody there?").count() == 0
    assert answers >= 1
    # Notes are the staff's alone.
    anas.fill("#f-text", "prefers comedies")
    anas.click("text=Keep the note")
    anas.locator(".notes", has_text="prefers comedies").wait_for()
    bens.reload()
    bens.locator(".notes", has_text="prefers comedies").wait_for()
    # Back to the bot.
    anas.locator("h1").click()
    anas.keyboard.press("b")
    anas.wait_for_url("**/handoffs")
    told(viewer, "Ana has left").wait_for()
    # The viewer is asked how it was, and the desk knows.
    viewer.page.locator(".asked .star").nth(3).click()
    Projector(console.engine).follow()
    anas.goto(f"/conversations/{number_of(console.engine, name)}")
    anas.locator(".remark", has_text="4/5").wait_for()
    viewer.say("and now?")
    viewer.page.locator(".bubble", has_text="You said: and now?").wait_for()
    assert "prefers comedies" not in viewer.page.content()
    kinds = events_of(console, name)
    assert kinds.count("pause") == 1 and kinds.count("resume") == 1
    assert kinds[-3:] == ["resume", "user", "bot"]
    assert viewer.complaints == []
    for each in (for_ana, for_ben, viewer.context):
        each.close()


def test_whoever_comes_by_another_widget_is_taken_over_as_well(
    browser: Any, desk: tuple[Console, channels.Server]
) -> None:
    console, server = desk
    heard: queue.Queue[Any] = queue.Queue()
    client = socketio.Client()
    client.on("session_confirm", heard.put)
    client.on("bot_uttered", lambda data: heard.put(data.get("text")))
    client.connect(server.url, transports=["polling"])
    try:
        client.emit("session_request", {})
        session = heard.get(timeout=10)
        client.emit("user_uttered", {"message": "hello", "session_id": session})
        assert heard.get(timeout=10) == "You said: hello"
        name = ViewerTokens((server.data / "secret").read_bytes().strip(), 90).verify(session)
        while not events_of(console, name):  # it is saved after it has been answered
            time.sleep(0.05)
        HandoffStore(console.engine).open(name, "asked", "en")
        page = console.context(browser, console.add("agent", "Ana")).new_page()
        page.goto("/handoffs")
        page.locator("button", has_text="Take over").click()
        page.wait_for_selector("#say")
        assert heard.get(timeout=10) == "Ana has joined"
        page.fill("#say", "How can I help?")
        page.press("#say", "Enter")
        assert heard.get(timeout=10) == "Ana: How can I help?"
        client.emit("user_uttered", {"message": "my bill", "session_id": session})
        page.locator(".line.by-viewer", has_text="my bill").wait_for()
        page.locator("button", has_text="Return to the bot").click()
        assert heard.get(timeout=10) == "Ana has left"
    finally:
        client.disconnect()


def test_two_who_take_it_at_once(browser: Any, desk: tuple[Console, channels.Server]) -> None:
    console, server = desk
    viewer = Visitor(browser, server.url)
    viewer.say("hello")
    number = HandoffStore(console.engine).open(conversation_of(console), "asked", "en")
    contexts = [console.context(browser, console.add("agent", n)) for n in ("Ana", "Ben")]
    pages = [each.new_page() for each in contexts]
    for page in pages:
        page.goto(f"/handoffs/{number}")
        page.wait_for_selector("html.ready")
    # Both press before either page knows of the other: the second form is sent as it stood.
    token = pages[1].locator("meta[name=csrf]").get_attribute("content")
    pages[0].keyboard.press("t")
    pages[0].wait_for_selector("#say")
    answer = contexts[1].request.post(
        f"{console.url}/handoffs/{number}/take",
        headers={"X-CSRF-Token": token, "Accept": "application/json"},
    )
    assert answer.status == 409 and answer.json()["error"]["code"] == "taken"
    pages[1].locator("text=Ana is speaking with this viewer").wait_for()
    for each in (*contexts, viewer.context):
        each.close()


def test_it_is_assigned_and_passed_on(browser: Any, desk: tuple[Console, channels.Server]) -> None:
    console, server = desk
    viewer = Visitor(browser, server.url)
    viewer.say("hello")
    number = HandoffStore(console.engine).open(conversation_of(console), "asked", "en")
    contexts = [console.context(browser, console.add("agent", n)) for n in ("Cai", "Dee")]
    cais, dees = (each.new_page() for each in contexts)
    for page in (cais, dees):
        page.goto("/handoffs")
        page.wait_for_selector("html.ready")
    cais.keyboard.press("j")
    cais.keyboard.press("a")
    cais.wait_for_url(f"**/handoffs/{number}")
    # It is Cai's on Dee's page, by itself, and nothing is offered to him.
    dees.locator("tbody .badge", has_text="Cai").wait_for()
    assert dees.locator("tbody button").count() == 0
    late = dees.evaluate(
        """async address => {
          const token = document.querySelector("meta[name=csrf]").content;
          const headers = {"X-CSRF-Token": token, "Accept": "application/json"};
          return (await fetch(address, {method: "POST", headers})).json();
        }""",
        f"/handoffs/{number}/assign",
    )
    assert late["error"]["code"] == "taken"
    # Cai takes over, and passes it on to Ben, who speaks after her.
    cais.wait_for_selector("html.ready")
    cais.keyboard.press("t")
    cais.wait_for_selector("#say")
    cais.select_option("#to", label="Dee")
    cais.get_by_role("button", name="Pass on").click()
    cais.wait_for_url("**/handoffs")
    dees.locator("tbody .badge.accent", has_text="Dee").wait_for()
    dees.keyboard.press("j")
    dees.keyboard.press("t")
    dees.wait_for_selector("#say")
    dees.fill("#say", "Dee here.")
    dees.press("#say", "Enter")
    viewer.page.locator(".bubble", has_text="Dee here.").wait_for()
    assert told(viewer, "Cai has left").count() == told(viewer, "Dee has joined").count() == 1
    for each in (*contexts, viewer.context):
        each.close()


def test_an_appeal_is_heard_and_answered(
    browser: Any, desk: tuple[Console, channels.Server]
) -> None:
    console, server = desk
    viewer = Visitor(browser, server.url)
    viewer.say("hello")
    name = conversation_of(console)
    kept = CaseStore(console.engine)
    kept.record(name, "abuse", "insult", 0.91, "you idiot of a film", (4, 9))
    kept.appeal(name, "en", "I meant the film")
    context = console.context(browser, console.add("moderator", "Ana"))
    page = context.new_page()
    page.goto("/moderation")  # appeals come first
    page.wait_for_selector("html.ready")
    assert page.locator(".facts", has_text="I meant the film").count() == 1
    assert page.locator(".judged mark").inner_text() == "idiot"
    page.keyboard.press("d")
    page.locator(".notice", has_text="Dismissed").wait_for()
    viewer.page.locator(".bubble", has_text="was a mistake").wait_for()
    labels = console.client("admin").get("/moderation/labels/tsv").text
    assert labels.splitlines()[1:] == ["you idiot of a film\tnone\tnone"]
    for each in (context, viewer.context):
        each.close()


def test_abuse_is_kept_while_a_person_speaks(desk: tuple[Console, channels.Server]) -> None:
    console, server = desk

    async def talk() -> str:
        async with aiohttp.ClientSession(server.url) as http:
            viewer = await channels.new_viewer(http)
            await viewer.texts("hello")
            client = console.client(console.add("agent", "Ana"))
            Projector(console.engine).follow()
            number = number_of(console.engine, viewer.id)
            taken = await asyncio.to_thread(
                client.post, "/handoffs/join", {"conversation": number}, timeout=30
            )
            assert taken.status_code == 303, taken.text
            assert await viewer.texts("you idiot") == []
            (notice,) = await channels.read_events(viewer, 1, last="0")
            assert notice["from"] == "system" and notice["custom"]["notice"] == "person_joined"
            return viewer.id

    # The browsers' own event loop runs in this thread.
    with ThreadPoolExecutor(1) as pool:
        viewer = pool.submit(lambda: asyncio.run(talk())).result()
    assert CaseStore(console.engine).recent_count(viewer, "abuse", 0.0) == 1


def test_canned_replies_are_filled(browser: Any, desk: tuple[Console, channels.Server]) -> None:
    console, server = desk
    viewer = Visitor(browser, server.url)
    viewer.say("recommend something")
    name = conversation_of(console)
    number = HandoffStore(console.engine).open(name, "asked", "en")
    context = console.context(browser, console.add("agent", "Ana"))
    page = context.new_page()
    page.goto("/canned")
    page.fill("#f-name", "hello")
    page.fill("#f-text_en", "I'm {name}; your request is {number}. About {title}?")
    page.fill("#f-text_zh", "我是{name}，编号 {number}。")
    page.click("text=Save")
    page.locator("td", has_text="/hello").wait_for()
    page.goto(f"/handoffs/{number}")
    page.wait_for_selector("html.ready")
    page.keyboard.press("t")
    page.wait_for_selector("#say")
    page.fill("#say", "/hello")
    page.press("#say", "Enter")
    said = f"I'm Ana; your request is {number}. About Heat?"
    assert page.input_value("#say") == said
    page.press("#say", "Enter")
    viewer.page.locator(".bubble", has_text=said).wait_for()
    for each in (context, viewer.context):
        each.close()


def test_what_viewers_think_is_at_the_desk(
    browser: Any, desk: tuple[Console, channels.Server]
) -> None:
    console, server = desk
    viewer = Visitor(browser, server.url)
    viewer.say("zorble me something")
    viewer.page.locator(".thumb.down").last.click()
    viewer.page.locator(".chip", has_text="Not what I asked").click()
    viewer.page.locator(".comment textarea").fill("I said <b>zorble</b>, call 13812345678")
    viewer.page.locator(".chip.strong", has_text="Send").click()
    viewer.page.locator("[role=status]", has_text="Thank").wait_for()
    name = conversation_of(console)
    FeedbackStore(console.engine).rate_conversation(name, 2, "too slow")
    Projector(console.engine).follow()
    collect(console.engine)
    context = console.context(browser, console.add("trainer", "Mei"))
    page = context.new_page()
    page.goto("/conversations?feedback=down&rating=2")
    row = page.locator("[data-row]")
    assert row.locator(".badge.bad").all_inner_texts() == ["2/5", "1"]
    row.locator("a").first.click()
    said = page.locator(".message.bot .remark", has_text="not what was asked")
    said.locator("q", has_text="I said <b>zorble</b>, call [phone]").wait_for()
    page.locator(".remark", has_text="2/5").locator("q", has_text="too slow").wait_for()
    page.keyboard.press("f")
    page.select_option("#flag-event", index=1)
    page.fill("#flag-note", "see what they meant")
    page.click("dialog[open] .button.primary")
    page.locator(".turn .remark", has_text="see what they meant").wait_for()
    page.goto("/teach?reason=thumbs_down")
    assert page.locator("[data-sentence]").inner_text() == "zorble me something"
    for each in (context, viewer.context):
        each.close()
