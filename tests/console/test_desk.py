"""The pages that find, read and oversee conversations: over HTTP and in a real browser."""

from __future__ import annotations

import csv
import io
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from bot.console.charts import Line, bars, columns, lines
from bot.console.overseeing import Figure
from bot.console.pages.dashboard import scope_of, written
from bot.desk.flags import Flags
from bot.desk.people import Person
from bot.desk.projector import Projector
from bot.store.database import reading, writing
from bot.store.desk_schema import conversations
from bot.store.messages import Outbox
from bot.store.staff_schema import audit
from tests.console.served import Console
from tests.desk.told import Say, number_of, tell, turn, write

READING = re.compile(r"/conversations/\d+")
SCRIPT = "<script>document.title='stolen'</script><img src=x onerror=alert(1)>"
ABUSE = {"flagged": True, "category": "insult", "score": 0.97, "span": [4, 9], "reason": "insult"}


def fill(console: Console) -> None:
    """Three conversations of today."""
    now = time.time() - 3600
    tell(console.engine, "anna", [
        Say("something funny", cards=[("heat", "Heat", "like Dune")],
            entities=[{"entity": "genre", "value": "Comedy", "start": 10, "end": 15}],
            slots={"focus": "heat"}),
        Say("/refuse_title", "refuse_title", label="Not for me"),
    ], now)  # fmt: skip
    tell(console.engine, "bo", [Say("推荐科幻片，我的邮箱是[email]", language="zh")], now + 60)
    tell(console.engine, "mallory", [
        Say("you idiot " + SCRIPT, "abuse", answer=SCRIPT, moderation=ABUSE,
            cards=[("x", SCRIPT, SCRIPT)], label=None, slots={"focus": SCRIPT},
            entities=[{"entity": SCRIPT, "value": SCRIPT, "start": 0, "end": 3}]),
    ], now + 120)  # fmt: skip
    follower = Projector(console.engine)
    follower.follow()
    follower.count_days()


def test_a_lead_finds_reads_and_oversees(own_console: Console, browser: Any) -> None:
    fill(own_console)
    context = own_console.context(browser, "moderator")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto("/conversations")
    assert page.locator("[data-row]").count() == 3
    page.keyboard.press("/")
    page.keyboard.type("科幻")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("[data-row]").count() == 1
    assert page.locator(".snippet mark").inner_text() == "科幻"
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(READING)
    assert page.locator(".masked").inner_text().startswith("Masked before storage")
    page.goto("/conversations?sequence=" + quote("recommend > refuse > leave"))
    page.click("[data-row] a")
    page.wait_for_url(READING)
    assert page.locator(".titles").inner_text().startswith("Heat")
    page.keyboard.press("i")
    thought = page.locator(".thought").first.inner_text()
    for shown in ("recommend", "90.0 %", "action_recommend", "40 ms", "Comedy", "like Dune"):
        assert shown in thought
    page.goto("/conversations?category=insult")
    page.click("[data-row] a")
    page.wait_for_url(READING)
    page.keyboard.press("i")
    assert page.locator("mark.bad").first.inner_text() == "idiot"
    page.keyboard.press("u")
    page.wait_for_url(re.compile(r"/conversations$"))
    page.goto("/dashboard")
    assert page.locator("svg.drawn").count() >= 6
    assert page.locator(".stat").first.inner_text().split() == ["Conversations", "3"]
    assert page.title() != "stolen" and not wrong
    context.close()


def test_what_is_said_meanwhile_comes_in(own_console: Console, browser: Any) -> None:
    tell(own_console.engine, "anna", [Say("hello", "greet")], time.time() - 20)
    Projector(own_console.engine).follow()
    context = own_console.context(browser, "agent")
    page = context.new_page()
    page.goto(f"/conversations/{number_of(own_console.engine, 'anna')}")
    page.click(".thought summary")
    with writing(own_console.engine) as connection:
        write(connection, "anna", turn(Say("anything with trains?"), time.time(), 7))
    page.locator(".bubble", has_text="anything with trains?").wait_for()
    assert page.locator(".thought[open]").count() == 1  # what was opened stays so
    colleague = {"from": "agent", "agent": {"name": "Mei"}, "text": "Let me help."}
    Outbox(own_console.engine).append("anna", colleague)
    page.locator(".bubble", has_text="Let me help.").wait_for()
    assert "Mei" in page.locator(".message.agent .who").inner_text()
    context.close()


def test_views_are_saved_and_shared(console: Console) -> None:
    mine, other = console.client(console.add("agent")), console.client(console.add("trainer"))
    view = {"name": "Angry <b>", "query": "category=insult", "shared": "1"}
    assert mine.post("/conversations/views", view).headers["Location"].endswith("category=insult")
    page = other.get("/conversations").text
    assert "Angry &lt;b&gt;" in page and "/conversations?category=insult" in page
    number = mine.get("/conversations").text.split("/conversations/views/")[1].split("/")[0]
    assert other.post(f"/conversations/views/{number}/delete").status_code == 404
    assert mine.post(f"/conversations/views/{number}/delete").status_code == 303
    assert "Angry" not in other.get("/conversations").text


def test_reading_and_revealing_are_logged(console: Console) -> None:
    tell(console.engine, "viewer-of-the-log", TALK)
    Projector(console.engine).follow()
    number = number_of(console.engine, "viewer-of-the-log")
    moderator = console.client(console.add("moderator"))
    for _ in range(3):  # one look
        page = moderator.get(f"/conversations/{number}")
    assert page.status_code == 200 and "viewer-of-the-log" not in page.text
    address = f"/conversations/{number}/reveal"
    assert moderator.post(address, {"reason": "  "}).status_code == 303
    shown = moderator.post(address, {"reason": "asked by mail: ana@example.org"})
    assert "viewer-of-the-log" in shown.text
    assert console.client("agent").post(address, {"reason": "curious"}).status_code == 403
    with reading(console.engine) as connection:
        query = select(audit).where(audit.c.subject == f"conversation:{number}")
        rows = connection.execute(query.order_by(audit.c.id)).all()
    assert [row.action for row in rows] == ["transcript.read", "transcript.reveal"]
    assert "[email]" in rows[1].detail and "ana@example.org" not in rows[1].detail


TALK = [Say("something funny"), Say("thanks", "thank", action="utter_thank")]


def test_a_conversation_is_found_by_what_is_about_it(console: Console) -> None:
    tell(console.engine, "twice", TALK)
    tell(console.engine, "twice", TALK, time.time())
    Projector(console.engine).follow()
    with reading(console.engine) as connection:
        query = select(conversations.c.id).where(conversations.c.viewer == "twice")
        first, last = sorted(connection.execute(query).scalars())
    client = console.client("viewer")

    def leads(address: str) -> str:
        answer = client.get(address, allow_redirects=False)
        assert answer.status_code == 303, answer.text[-700:]
        return answer.headers["Location"]

    agent, flags = Person("1", "Ana"), Flags(console.engine)
    whole, message = (flags.put("twice", "broken", agent, event) for event in (None, first + 3))
    assert leads(f"/conversations/of?flag={whole}") == f"/conversations/{last}"
    assert leads(f"/conversations/of?flag={message}") == f"/conversations/{first}#turn-{first + 3}"
    for nothing in ("flag=999999", "flag=x", "viewer=twice", ""):
        assert client.get(f"/conversations/of?{nothing}").status_code == 404
    assert client.get("/conversations/999999").status_code == 404
    both = client.get(f"/conversations?with={first}").text
    assert both.count("data-row") == 2
    assert client.get("/conversations?with=x").text.count("data-row") == 0


def test_every_figure_is_a_csv(console: Console) -> None:
    fill(console)
    client = console.client("viewer")
    lists = ("intents", "last", "moderation", "unanswered", "slowest", "recommended", "coverage")
    of_days = ("conversations", "quality", "hours", "satisfaction", "flagged_share", "accepted")
    of_parts = (*("conversations", "viewers", "messages", "contained", "fallback_rate"),
                *("handed_over", "flagged_share", "accepted", "hours", "satisfaction"))  # fmt: skip
    for query, names in (("days=7", of_days), ("days=7&by=language", of_parts)):
        page = client.get(f"/dashboard?{query}").text
        offered = re.findall(r"/dashboard/(\w+)\.csv", page)
        assert offered == [*names, *sorted(lists, key=offered.index), "parts"]
        for name in offered:
            answer = client.get(f"/dashboard/{name}.csv?{query}")
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith("text/csv")
            rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
            assert rows and {len(row) for row in rows} == {len(rows[0])}
    assert client.get("/dashboard/no_such.csv").status_code == 404


def test_a_cell_is_no_formula() -> None:
    figure = Figure("x", "x", None, ["a"], [["=1+1"], ["@x"], [0.123456], [None], ["fine"]])
    assert written(figure).splitlines() == ["a", "'=1+1", "'@x", "0.1235", '""', "fine"]


def test_a_range_of_days_is_kept_within_bounds() -> None:
    def scope(**query: str) -> tuple[int, int]:
        found, _ = scope_of(query, lambda: 100.5 * 86_400)
        return found.first, found.last

    assert scope() == (71, 100) and scope(days="7") == (94, 100)
    assert scope(since="1970-03-01", until="1970-03-31") == (59, 89)
    assert scope(since="1900-01-01") == (100 - 399, 100)
    assert scope(since="no day", days="-1") == (71, 100)
    assert scope(since="1970-05-01", until="1970-03-01") == (59, 59)


@pytest.mark.parametrize("values", [[], [0.0], [None, 1.0], [1e9, 3.0], [0.25] * 40])
def test_charts_have_words_and_escape_them(values: list[float | None]) -> None:
    places = [f"<{number}>" for number in range(len(values))]
    plain = [value or 0.0 for value in values]
    drawn = [
        lines("<T>", "<D>", places, [Line("<a>", values)]),
        columns("<T>", "<D>", places, plain),
        bars("<T>", "<D>", list(zip(places, plain, strict=True))),
    ]
    for each in map(str, drawn):
        assert 'role="img"' in each and "&lt;T&gt;</title>" in each and "&lt;D&gt;</desc>" in each
        assert "nan" not in each and "<T>" not in each and "<0>" not in each
