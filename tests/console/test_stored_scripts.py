"""A corpus of scripts is thrown at every field: nothing of it ever runs in a real browser."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.store import audit, database, staff
from bot.store.cases import CaseStore
from bot.store.failures import FailureStore
from bot.store.handoffs import HandoffStore
from bot.store.staff_sessions import OPEN, Sessions
from tests.console.pages_seen import Marks, html_paths
from tests.console.served import Client, Console, running

PAYLOADS = (Path(__file__).parent / "stored_scripts.txt").read_text("utf-8").splitlines()
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console in whose every table each payload was kept, where it could be."""
    folder = tmp_path_factory.mktemp("poisoned")
    url = f"sqlite:///{folder / 'usher.db'}"
    database.migrate(database.engine(url))
    with running(url, folder) as started:
        _poison(started)
        yield started


def _poison(console: Console) -> None:
    store = console.engine
    failures, cases, handoffs = FailureStore(store), CaseStore(store), HandoffStore(store)
    for number, payload in enumerate(PAYLOADS):
        with database.writing(store) as connection:
            who = staff.add(
                connection, email=f"{number}{payload}"[:250], name=payload, role="agent"
            )
            Sessions(store).open(connection, who, OPEN, payload, payload)
            audit.append(
                connection,
                who=payload,
                person=who,
                action=payload,
                subject=payload,
                detail={payload: payload, "list": [payload]},
                address=payload,
            )
        cases.record(payload, "abuse", payload[:40], 0.9, payload, (0, 3))
        handoffs.open(payload, payload, "en")
        failures.record(payload, payload, payload)
        _converse(store, number, payload)


def _converse(store: Any, number: int, payload: str) -> None:
    import json

    parsed = {
        "text": payload,
        "intent": {"name": payload, "confidence": 0.4},
        "intent_ranking": [{"name": payload, "confidence": 0.4}],
        "entities": [{"entity": payload, "value": payload, "start": 0, "end": 2}],
    }
    card = {"type": "cards", "items": [{"title": payload, "why": payload, "synopsis": payload}]}
    for seq, (kind, data) in enumerate(
        (
            ("user", {"event": "user", "text": payload, "parse_data": parsed}),
            ("action", {"event": "action", "name": payload}),
            (
                "bot",
                {
                    "event": "bot",
                    "text": payload,
                    "data": {
                        "custom": card,
                        "buttons": [{"title": payload, "payload": payload}],
                        "image": payload,
                    },
                },
            ),
            ("slot", {"event": "slot", "name": payload, "value": payload}),
        ),
        start=1,
    ):
        with database.writing(store) as connection:
            connection.execute(
                text(
                    "INSERT INTO events (sender_id, seq, type_name, timestamp, intent, language,"
                    " channel, data) VALUES (:sender, :seq, :kind, :at, :intent, 'en', :channel,"
                    " :data)"
                ),
                {
                    "sender": f"v-{number}",
                    "seq": seq,
                    "kind": kind,
                    "at": 1_700_000_000.0 + number,
                    "intent": payload[:160],
                    "channel": payload[:80],
                    "data": json.dumps({**data, "timestamp": 1_700_000_000.0 + number}),
                },
            )


def _addresses(client: Client) -> list[str]:
    """Every page, its further pages by key, and the pages its rows lead to."""
    found = html_paths(client)
    for path in list(found):
        for _ in range(3):
            page = client.get(path).text
            older = page.rpartition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
            if 'rel="next"' not in page:
                break
            path = older.replace("&amp;", "&")
            found.append(path)
    return found


def test_the_corpus_is_large_enough() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_no_page_holds_a_mark_of_a_payload(poisoned: Console) -> None:
    admin = poisoned.client("admin")
    people = [f"/people/{number}" for number in range(1, len(PAYLOADS) + 1)]
    for path in [*_addresses(admin), *people]:
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert Marks(answer.text).found == [], path


def test_no_address_brings_a_script_in(poisoned: Console) -> None:
    admin, stranger = poisoned.client("admin"), poisoned.client()
    pages = {path: Marks(admin.get(path).text).fields for path in html_paths(admin)}
    turn = itertools.cycle(PAYLOADS)
    for path, fields in pages.items():
        for _ in range(0, len(PAYLOADS), max(len(fields), 1)):
            query = {name: next(turn) for name in [*fields, "q", "before", "next"]}
            answer = admin.get(path, params=query)
            assert Marks(answer.text).found == [], (path, query)
            assert answer.status_code < 500, (path, query)
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
    turn = itertools.cycle(PAYLOADS)
    for path in html_paths(admin):
        for action, fields in _forms(admin.get(path).text, path):
            if action.startswith(("/sign-out", "/profile/sessions")):
                continue
            for _ in range(6):
                answer = admin.post(action, {name: next(turn) for name in fields})
                assert answer.status_code < 500, (action, answer.status_code)
                assert Marks(answer.text).found == [], action
    for path in html_paths(admin):
        assert Marks(admin.get(path).text).found == [], path


def _forms(page: str, path: str) -> list[tuple[str, set[str]]]:
    import re

    found = []
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        if 'method="post"' in form:
            action = re.search(r'\baction="([^"]*)"', form.partition(">")[0])
            places = [action.group(1) if action else path]
            places += re.findall(r'formaction="([^"]*)"', form)
            names = set(re.findall(r'\bname="([^"]+)"', form)) - {"csrf"}
            found += [(place, names) for place in places]
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
    people = [f"/people/{number}" for number in range(1, len(PAYLOADS), 9)]
    for path in [*_addresses(poisoned.client("admin")), *people]:
        page.goto(path)
        page.wait_for_selector("html.ready")
        assert page.evaluate("window.pwned") is None, path
        assert page.evaluate("window.broke") is None, path
        assert page.locator("x-pwned, [onerror], [onload], [onfocus], iframe, base").count() == 0
    for payload in PAYLOADS[::9]:
        page.goto("/people")
        page.fill("[data-search]", payload)
        page.press("[data-search]", "Enter")
        page.wait_for_url("**/people?q=*")
        page.wait_for_selector("html.ready")
        assert page.evaluate("window.pwned") is None, payload
    context.close()
    assert (dialogs, outside) == ([], [])
