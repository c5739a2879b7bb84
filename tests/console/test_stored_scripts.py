"""A corpus of scripts is thrown at every field: nothing of it ever runs in a real browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import audit, database, staff
from bot.store.desk_schema import conversations
from bot.store.staff_sessions import OPEN, Sessions
from tests.console import full_desk
from tests.console.pages_seen import Marks
from tests.console.served import Client, Console, running

PAYLOADS = (Path(__file__).parent / "stored_scripts.txt").read_text("utf-8").splitlines()
# What leads somewhere must stand alone; the others are as dangerous beside each other.
ALONE = [each for each in PAYLOADS if each.startswith(("javascript:", "data:"))]
TOGETHER = [" ".join(PAYLOADS[at : at + 9]) for at in range(0, len(PAYLOADS), 9)]
# Where some of the corpus must be seen, or nothing was tried.
SEEN = (
    *(
        "/approvals",
        "/audit",
        "/canned",
        "/conversations",
        "/faq",
        "/flags",
        "/handoffs",
        "/people",
    ),
    *("/moderation", "/teach", "/tests", "/health/system", "/dashboard", "/conversations/"),
    *("/handoffs/", "/moderation/", "/teach/", "/people/", "/faq/account_0", "/tests/new"),
)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console in whose every table each payload was kept, where it could be."""
    folder = tmp_path_factory.mktemp("poisoned")
    url = f"sqlite:///{folder / 'usher.db'}"
    database.migrate(database.engine(url))
    with running(url, folder) as started:
        with database.writing(started.engine) as connection:
            for number, payload in enumerate(PAYLOADS):
                _join_the_staff(connection, number, payload)
        full_desk.fill(started.engine, PAYLOADS)
        yield started


def _join_the_staff(connection: Any, number: int, payload: str) -> None:
    who = staff.add(connection, email=f"{number}{payload}"[:250], name=payload, role="agent")
    Sessions(connection.engine).open(connection, who, OPEN, payload, payload)
    audit.append(
        connection,
        who=payload,
        person=who,
        action=payload,
        subject=payload,
        detail={payload: payload, "list": [payload]},
        address=payload,
    )


def _older(client: Client, path: str) -> Iterator[str]:
    """The pages that follow one, by key."""
    for _ in range(3):
        link = re.search(r'href="([^"]+)" rel="next"', client.get(path).text)
        if link is None:
            return
        path = link.group(1).replace("&amp;", "&")
        yield path


def _addresses(poisoned: Console) -> list[str]:
    client, found = poisoned.client("admin"), full_desk.addresses(poisoned.engine)
    lists = [path for path in found if re.fullmatch("/[a-z]+", path)]
    return [*found, *(older for path in lists for older in _older(client, path))]


def _escaped(page: str) -> bool:
    return "window.pwned=1&lt;/script&gt;" in page or "onerror=window.pwned=1&gt;" in page


def test_the_corpus_is_large_enough() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_no_page_holds_a_mark_of_a_payload(poisoned: Console) -> None:
    admin = poisoned.client("admin")
    with database.reading(poisoned.engine) as connection:
        ids = connection.execute(select(conversations.c.id)).scalars().all()
    more = [f"/people/{number}" for number in range(1, len(PAYLOADS) + 1)]
    more += [f"/conversations/{number}" for number in ids]
    more += [f"/handoffs/{number}" for number in range(1, len(PAYLOADS) + 1, 3)]
    seen = set()
    for path in [*_addresses(poisoned), *more]:
        answer = admin.get(path)
        assert answer.status_code == (404 if path == "/nowhere" else 200), path
        assert Marks(answer.text).found == [], path
        if _escaped(answer.text):
            seen.add(path.partition("?")[0])
    assert [each for each in SEEN if not any(path.startswith(each) for path in seen)] == []
    assert len(seen.intersection(more)) > len(more) / 3


def test_no_address_brings_a_script_in(poisoned: Console) -> None:
    admin, stranger = poisoned.client("admin"), poisoned.client()
    thrown = [*TOGETHER, *ALONE]
    for path in full_desk.addresses(poisoned.engine, most=1):
        path, _, query = path.partition("?")
        fields = {*Marks(admin.get(f"{path}?{query}").text).fields, "q", "before", "after", "next"}
        given = dict(each.split("=") for each in query.split("&") if each)
        turn = itertools.cycle(thrown)
        for _ in range(0, len(thrown), max(len(fields) // 2, 1)):
            wild = {name: next(turn) for name in sorted(fields - given.keys())}
            # Whatever does not fit into a request is tried in parts.
            for part in itertools.zip_longest(*[iter(wild.items())] * 8):
                asked = {**given, **dict(each for each in part if each is not None)}
                answer = admin.get(path, params=asked)
                assert Marks(answer.text).found == [], (path, asked)
                assert answer.status_code < 500, (path, asked)
    for payload in PAYLOADS:
        for answer in (
            stranger.get("/sign-in", params={"next": payload}),
            admin.get("/" + payload.replace("/", "")),
        ):
            assert Marks(answer.text).found == [], payload
    for payload in PAYLOADS[:5]:  # then the address is locked out
        answer = stranger.post("/sign-in", {"email": f"{payload}@x.org", "password": payload})
        assert answer.status_code == 401 and Marks(answer.text).found == [], payload


def test_no_form_lets_a_script_through(poisoned: Console) -> None:
    """Every form of every page is filled with payloads and sent; what comes back is clean."""
    admin = poisoned.client(poisoned.add("admin"))
    turn = itertools.cycle([*TOGETHER, *ALONE])
    sent: set[str] = set()
    pages = full_desk.addresses(poisoned.engine)
    for path in pages:
        for action, fields in _forms(admin.get(path).text, path):
            kind = re.sub(r"\d+", "N", action.partition("?")[0])
            if action.startswith(("/sign-out", "/profile/sessions")) or kind in sent:
                continue
            sent.add(kind)
            for _ in range(4):
                # What is chosen from a list stays, so that the rest of the form counts.
                values = {name: kept or next(turn) for name, kept in fields.items()}
                answer = admin.post(action, values)
                assert answer.status_code < 500, (action, answer.status_code)
                assert Marks(answer.text).found == [], action
            values = {name: next(turn) for name in fields}
            answer = admin.post(action, values)
            assert answer.status_code < 500, (action, answer.status_code)
            assert Marks(answer.text).found == [], action
    assert {"/flags", "/handoffs/N/say", "/handoffs/N/notes", "/teach/N", "/approvals/N"} <= sent
    for path in pages:
        assert Marks(admin.get(path).text).found == [], path


_HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"<&]*)"')
_CHOICE = re.compile(r'<select[^>]* name="([^"]+)".*?<option value="([^"<&]+)"', re.DOTALL)


def _forms(page: str, path: str) -> list[tuple[str, dict[str, str]]]:
    """Each form that changes something: where it goes, and its fields with what they hold."""
    found = []
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        if 'method="post"' in form:
            action = re.search(r'\baction="([^"]*)"', form.partition(">")[0])
            places = [action.group(1).replace("&amp;", "&") if action else path]
            places += re.findall(r'formaction="([^"]*)"', form)
            fields = dict.fromkeys(re.findall(r'\bname="([^"]+)"', form), "")
            fields |= dict(_HIDDEN.findall(form)) | dict(_CHOICE.findall(form))
            del fields["csrf"]
            found += [(place, fields) for place in places]
    return found


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "by escaping alone"])
def test_nothing_runs_in_a_browser(poisoned: Console, browser: Any, policy: bool) -> None:
    context = poisoned.context(browser, "admin", bypass_csp=not policy)
    context.add_init_script(
        "window.addEventListener('securitypolicyviolation', () => { window.broke = 1 })"
    )
    page = context.new_page()
    dialogs: list[str] = []
    outside: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if not request.url.startswith((poisoned.url, "data:image/"))
            else None
        ),
    )
    if policy:  # one page of each kind shows whether it keeps to it
        pages = full_desk.addresses(poisoned.engine, most=1)
    else:
        people = [f"/people/{number}" for number in range(1, len(PAYLOADS), 9)]
        pages = [*_addresses(poisoned), *people]
    for path in pages:
        page.goto(path)
        page.wait_for_selector("html.ready")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        page.evaluate("for (const each of document.querySelectorAll('dialog')) each.show()")
        assert page.evaluate("[window.pwned, window.broke]") == [None, None], path
        assert page.locator("x-pwned, [onerror], [onload], [onfocus], iframe, base").count() == 0
    for payload in TOGETHER:
        page.goto("/people")
        page.fill("[data-search]", payload)
        page.press("[data-search]", "Enter")
        page.wait_for_url("**/people?q=*")
        page.wait_for_selector("html.ready")
        assert page.evaluate("window.pwned") is None, payload
    context.close()
    assert (dialogs, outside) == ([], [])
