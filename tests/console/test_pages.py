"""The administration's pages: what they keep, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.console import exports
from bot.console.guard import POLICY
from bot.console.pages.audit_log import GROUPS
from bot.console.words import FOLDER as WORDS
from bot.console.words import LANGUAGES, words
from bot.desk.moderating import VERDICTS
from bot.store import audit, database, staff
from bot.store.audit import AuditLog, record
from bot.store.cases import CaseStore
from bot.store.retention import KINDS, rules
from bot.store.staff import Staff
from tests.console.served import Console, running
from tests.console.signing import sign_in

TEMPLATES = Path(exports.__file__).parent / "templates"
STATIC = Path(exports.__file__).parent / "static"


def test_every_response_carries_the_guards(console: Console) -> None:
    admin = console.client("admin")
    for client, path in (
        (console.client(), "/sign-in"),
        (console.client(), "/nowhere"),
        (console.client(), "/favicon.ico"),
        (console.client("viewer"), "/people"),
        (admin, "/people"),
        (admin, "/export/messages.jsonl"),
    ):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Server" not in headers
    assert admin.get("/people").headers["Cache-Control"] == "no-store"
    assert "unsafe" not in POLICY and "http" not in POLICY


def test_templates_hold_no_inline_code() -> None:
    for path in TEMPLATES.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+\s*=", page), path
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", page), path


def test_nothing_but_icons_is_marked_safe() -> None:
    for path in TEMPLATES.rglob("*.html"):
        marked = re.findall(r"\{\{[^}]*\|\s*safe", path.read_text(encoding="utf-8"))
        assert not marked or (path.name == "ui.html" and len(marked) == 1), path


def test_scripts_never_make_html_of_text() -> None:
    for script in STATIC.rglob("*.js"):
        code = script.read_text(encoding="utf-8")
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                          "setHTML", "createContextualFragment", "DOMParser", "createPolicy",
                          "eval(", "new Function"):  # fmt: skip
            if script.name == "renew.js" and forbidden in ("DOMParser", "createPolicy"):
                continue  # draws our own pages anew
            assert forbidden not in code, f"{forbidden} in {script.name}"


@pytest.mark.browser
def test_the_browser_refuses_html_of_any_other_maker(console: Console, browser: Any) -> None:
    context = console.context(browser, "admin")
    page = context.new_page()
    page.goto("/profile")
    makers = (
        "document.body.innerHTML = '<b>x</b>'",
        "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
        "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
        "trustedTypes.createPolicy('another', {createHTML: text => text})",
    )
    for maker in makers:
        with pytest.raises(Exception, match=r"TrustedHTML|Policy"):
            page.evaluate(f"() => {{ {maker} }}")
    context.close()


def test_both_languages_say_the_same() -> None:
    for path in WORDS.glob("*.json"):
        *group, _language, _ = path.name.split(".")
        for other in LANGUAGES:
            twin = path.with_name(".".join([*group, other, "json"]))
            mine, theirs = (json.loads(each.read_text("utf-8")) for each in (path, twin))
            assert mine.keys() == theirs.keys(), twin.name
            places = {name: set(re.findall(r"\{(\w+)\}", said)) for name, said in mine.items()}
            for name, said in theirs.items():
                assert set(re.findall(r"\{(\w+)\}", said)) == places[name], name


def test_what_is_logged_has_words_and_a_filter() -> None:
    asked = re.compile(
        r"""\b(?:log|entry)\(\s*request,\s*"([^"]+)\"|\baction="([^"]+)\"|\b_do\(request,\s*"([^"]+)\""""
    )
    known, logged = words("en"), set()
    for path in (
        *Path(exports.__file__).parent.rglob("*.py"),
        *Path(audit.__file__).parent.glob("*.py"),
    ):
        for found in asked.findall(path.read_text(encoding="utf-8")):
            logged |= {each for each in found if each and each != "store_true"}
    logged |= {f"case.{verdict}" for verdict in VERDICTS}
    logged |= {
        "sentence.ignored",
        "sentence.deleted",
        "annotation.approved",
        "annotation.sent_back",
    }
    assert len(logged) > 35
    for action in sorted(logged):
        assert f"action.{action}" in known, action
        assert action.partition(".")[0] in GROUPS, action
    assert {each.partition(".")[0] for each in logged} == set(GROUPS)


def test_every_word_that_templates_ask_for_is_there() -> None:
    known = words("en")
    for path in TEMPLATES.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        for name in re.findall(r"\bt\(\"([a-z_.]+[a-z_])\"\s*[,)]", page):
            assert name in known or f"{name}.one" in known, f"{name} in {path.name}"


def test_inviting_somebody(console: Console) -> None:
    admin = console.client("admin")
    shown = admin.post(
        "/people/new",
        {"email": "New.One@Example.org", "name": " New \u202e One ", "role": "trainer"},
    )
    assert shown.status_code == 200
    password = re.search(r"data-copy>([^<]+)<", shown.text).group(1)
    made = Staff(console.engine).credentials(email="new.one@example.org")
    assert made is not None and made.person.role == "trainer" and made.person.name == "New One"
    assert password not in str(made)
    client = console.client()
    assert sign_in(client, "new.one@example.org", password).status_code == 303
    assert client.get("/").headers["Location"] == "/sign-in/password"
    latest = AuditLog(console.engine).page(action="people.invite", limit=1)[0]
    assert latest.subject == f"person:{made.person.id}" and password not in str(latest)


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"email": "no address", "name": "A", "role": "agent"}, "no e-mail address"),
        ({"email": "a@b", "name": "A", "role": "agent"}, "no e-mail address"),
        ({"email": "<a>@example.org", "name": "A", "role": "agent"}, "no e-mail address"),
        ({"email": "b@example.org", "name": "  ", "role": "agent"}, "A name, please"),
        ({"email": "b@example.org", "name": "A", "role": "owner"}, "no such role"),
        ({}, "no e-mail address"),
    ],
)
def test_a_wrong_invitation_is_refused(
    console: Console, form: dict[str, str], complaint: str
) -> None:
    answer = console.client("admin").post("/people/new", form)
    assert answer.status_code == 422 and complaint in answer.text


def test_nobody_is_invited_twice(console: Console) -> None:
    form = {"email": console.person("agent").email.upper(), "name": "A", "role": "admin"}
    answer = console.client("admin").post("/people/new", form)
    assert answer.status_code == 422 and "already" in answer.text


def test_an_invitation_ends_and_can_be_renewed_or_taken_back(console: Console) -> None:
    admin = console.client("admin")
    form = {"email": "late@example.org", "name": "Late", "role": "agent"}
    first = re.search(r"data-copy>([^<]+)<", admin.post("/people/new", form).text).group(1)
    known = Staff(console.engine).credentials(email="late@example.org")
    assert known is not None
    place = f"/people/{known.person.id}"
    assert "Invite again" in admin.get(place).text
    with database.writing(console.engine) as connection:
        staff.change(connection, known.person.id, password_until=time.time() - 1)
    assert "invitation over" in admin.get(place).text
    assert "invitation over" in admin.get("/people?q=late@").text
    assert sign_in(console.client(), "late@example.org", first).status_code == 401
    again = admin.post(f"{place}/reset").text
    second = re.search(r"data-copy>([^<]+)<", again).group(1)
    assert second in again.partition("<textarea")[2].partition("</textarea>")[0]
    assert sign_in(console.client(), "late@example.org", first).status_code == 401
    assert sign_in(console.client(), "late@example.org", second).status_code == 303
    assert admin.post(f"{place}/withdraw").headers["Location"] == "/people"
    assert sign_in(console.client(), "late@example.org", second).status_code == 401
    assert admin.get(place).status_code == 404
    joined = console.person("agent")
    console.client(joined)
    assert admin.post(f"/people/{joined.id}/withdraw").status_code == 422


def test_there_is_always_an_administrator(own_console: Console) -> None:
    first, second = own_console.add("admin"), own_console.add("admin")
    client = own_console.client(first)
    own = client.post(f"/people/{first.id}", {"name": "A", "role": "viewer"})
    assert own.status_code == 422
    assert client.post(f"/people/{first.id}/active", {"active": "0"}).status_code == 422
    assert client.post(f"/people/{first.id}/reset").status_code == 422
    other = own_console.client(second)
    assert client.post(f"/people/{second.id}", {"name": "B", "role": "viewer"}).status_code == 303
    assert other.post(f"/people/{first.id}/active", {"active": "0"}).status_code == 403
    assert Staff(own_console.engine).count_active("admin") == 1


def test_a_reset_ends_everything_that_was(console: Console) -> None:
    who = console.add("agent", totp_sealed="sealed")
    theirs = console.client(who)
    shown = console.client("admin").post(f"/people/{who.id}/reset")
    password = re.search(r"data-copy>([^<]+)<", shown.text).group(1)
    assert theirs.get("/profile").status_code == 303
    client = console.client()
    assert sign_in(client, who.email, password).status_code == 303
    assert client.get("/").headers["Location"] == "/sign-in/password"


def test_the_audit_log_is_filtered_and_paged(own_console: Console) -> None:
    admin = own_console.client("admin")
    for number in range(120):
        record(own_console.engine, who="x", action="people.invite", subject=f"person:{number}")
    first = admin.get("/audit").text
    assert first.count("data-row") == 50 and 'rel="prev"' not in first
    older = re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    assert "before=" in older
    second = admin.get(older).text
    assert second.count("data-row") == 50 and 'rel="prev"' in second
    assert not set(re.findall(r"person:\d+</code>", first)) & set(
        re.findall(r"person:\d+</code>", second)
    )
    assert admin.get("/audit?subject=person:7").text.count("data-row") == 1
    assert admin.get("/audit?action=retention").text.count("data-row") == 0
    for odd in ("before=x", "before=-1", "who=%27", "since=2026-99-99", "before=" + "9" * 30):
        assert admin.get(f"/audit?{odd}").status_code == 200
    verdict = admin.post("/audit/verify").text
    assert "The chain is whole: 120 entries" in verdict


def test_retention_rules_and_their_dry_run(own_console: Console) -> None:
    store = own_console.engine
    CaseStore(store).record("mei", "abuse", None, 0.9, "…", None, 1.0)
    admin = own_console.client("admin")
    form = {kind.name: "0" for kind in KINDS} | {"cases": "30"}
    tried = admin.post("/retention/try", form).text
    assert re.search(r"<b>1</b> <code>cases</code>", tried) and "not saved yet" in tried
    assert rules(store)["cases"] == 365
    assert admin.post("/retention", form).status_code == 303
    assert rules(store)["cases"] == 30
    with database.reading(store) as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 1
    logged = AuditLog(store).page(subject="retention:cases")[0]
    assert logged.detail == {"old": 365, "new": 30}
    for wrong in ("-1", "x", "1.5", "99999", ""):
        assert admin.post("/retention", {"cases": wrong}).status_code == 422
    assert admin.post("/retention", {}).status_code == 422


def said(console: Console, number: int, sentence: str = "hello") -> None:
    """Keep messages of a viewer."""
    rows = [
        {
            "s": f"v-{each % 7}",
            "n": each // 7 + 1,
            "t": 1_000_000.0 + each,
            "d": json.dumps(
                {
                    "text": sentence,
                    "parse_data": {"intent": {"name": "greet", "confidence": 0.5}, "entities": []},
                }
            ),
        }
        for each in range(number)
    ]
    with database.writing(console.engine) as connection:
        connection.execute(
            text(
                "INSERT INTO events (sender_id, seq, type_name, timestamp, language, data)"
                " VALUES (:s, :n, 'user', :t, 'en', :d)"
            ),
            rows,
        )


def test_exports_hold_every_row_once(own_console: Console) -> None:
    said(own_console, 2_500, '=cmd|"x", 你好\n')
    trainer = own_console.client("trainer")
    answer = trainer.get("/export/messages.jsonl")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = [json.loads(line) for line in answer.content.decode().splitlines()]
    assert len(lines) == 2_500 == len({line["id"] for line in lines})
    assert lines[0]["text"] == '=cmd|"x", 你好\n' and lines[0]["intent"] == "greet"
    table = trainer.get("/export/messages.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == 2_500 and rows[0]["text"] == '\'=cmd|"x", 你好\n'
    some = trainer.get("/export/messages.jsonl?since=1970-01-12&until=1970-01-12")
    assert len(some.content.splitlines()) == 2_500
    assert trainer.get("/export/messages.jsonl?since=1970-01-13").content == b""
    assert trainer.get("/export/staff.jsonl").status_code == 404
    logged = AuditLog(own_console.engine).page(action="export")
    assert len(logged) == 4 and logged[-1].subject == "export:messages"


def test_no_secret_is_on_any_page(console: Console) -> None:
    who = console.add("agent", password_hash="$argon2id$kept", totp_sealed="gAAAAAsealed")
    admin = console.client("admin")
    token = admin.cookies.get("usher-session")
    for path in ("/profile", "/people", f"/people/{who.id}", "/audit", "/health/system"):
        page = admin.get(path).text
        assert "argon2" not in page and "gAAAA" not in page and token not in page


def test_a_failure_is_an_id_and_no_trace(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr("bot.console.pages.people.Staff.everybody", broken)
    admin = console.client("admin")
    answer = admin.get("/people")
    assert answer.status_code == 500 and re.search(r"E-[0-9A-Z]{6}", answer.text)
    for hidden in ("secret detail", "ZeroDivision", "Traceback", "people.py"):
        assert hidden not in answer.text
    data = admin.get("/people", headers={"Accept": "application/json"}).json()
    assert data["error"]["id"].startswith("E-") and data["error"]["status"] == 500


def test_without_its_database_the_console_says_so(tmp_path: Path) -> None:
    url = "postgresql://usher@127.0.0.1:1/usher"
    with running(url, tmp_path) as away:
        client = away.client()
        client.cookies.set("usher-session", "x" * 43)
        answer = client.get("/people")
        assert answer.status_code == 503 and "postgresql" not in answer.text
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/people/0", "/people/99999999999999999999999", "/people/1%00", "/static/0/../x.py",
     "/static/0/..%2f..%2fserver.py", "/export/messages.exe", "/%ff%fe", "/" + "a" * 5_000],
)  # fmt: skip
def test_odd_addresses_are_not_found(console: Console, path: str) -> None:
    assert console.client("admin").get(path).status_code in (400, 404, 414)


def test_language_and_theme(console: Console) -> None:
    client = console.client()
    assert '<html lang="en"' in client.get("/sign-in").text
    chinese = client.get("/sign-in", headers={"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"})
    assert '<html lang="zh-CN"' in chinese.text and "登录" in chinese.text
    client.refresh()
    client.post("/preferences", {"language": "zh", "theme": "dark", "next": "//evil.example"})
    assert 'lang="zh-CN" data-theme="dark"' in client.get("/sign-in").text
    member = console.client(console.add("agent"))
    answer = member.post("/preferences", {"language": "zh", "next": "/profile?a=1"})
    assert answer.headers["Location"] == "/profile?a=1"
    assert "个人资料" in member.get("/profile").text
    member.post("/profile", {"name": "Mei", "language": "", "theme": "light"})
    page = member.get("/profile").text
    assert 'lang="en" data-theme="light"' in page and 'data-shortcuts="off"' in page
