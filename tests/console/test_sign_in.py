"""Passwords, second factors, lock-out, sessions."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from bot.console import passwords
from bot.console.rendering import local
from bot.store import database, sign_in_attempts
from bot.store.audit import AuditLog
from tests.console.served import COOKIE, Client, Console, running
from tests.console.signing import PASSWORD, inside, sign_in, with_password


@pytest.fixture(autouse=True)
def _no_attempts_before(console: Console) -> None:
    """All tests come from one address, which would be locked out before long."""
    with database.writing(console.engine) as connection:
        connection.execute(text("DELETE FROM sign_in_attempts"))


def alert(page: str) -> str:
    """What the form complains of."""
    found = re.search(r'class="alert[^>]*>.*?<span>(.*?)</span>', page, re.DOTALL)
    return found.group(1) if found else ""


def test_the_right_password_opens_the_console(console: Console) -> None:
    who = with_password(console)
    client = console.client()
    assert not inside(client)
    answer = sign_in(client, who.email.upper())
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    assert inside(client)
    assert AuditLog(console.engine).page(person=who.id)[0].action == "sign_in.done"


def test_signing_in_leads_to_the_page_that_was_wanted(console: Console) -> None:
    who = with_password(console)
    client = console.client()
    to = client.get("/profile/second-factor?x=1").headers["Location"]
    assert to == "/sign-in?next=%2Fprofile%2Fsecond-factor%3Fx%3D1"
    client.refresh()
    answer = client.post(to, {"email": who.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/profile/second-factor?x=1"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "",
     "/\t/evil.example", "/\n/evil.example", "\\\\evil.example", "/ /x"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(path: str) -> None:
    assert local(path) == "/"


def test_unknown_wrong_and_kept_out_are_the_same_answer(console: Console) -> None:
    known = with_password(console)
    out = with_password(console, active=False)
    ended = with_password(console, password_until=time.time() - 1)
    without = console.add("agent")
    pages = []
    for email, password in (
        (known.email, "wrong password"),
        ("nobody@example.org", "wrong password"),
        (out.email, PASSWORD),
        (ended.email, PASSWORD),
        (without.email, PASSWORD),
    ):
        answer = sign_in(console.client(), email, password)
        assert answer.status_code == 401
        page = answer.text.replace(email, "…")
        pages.append(re.sub(r'(name="csrf" (?:content|value)=")[^"]+', r"\1", page))
    assert len(set(pages)) == 1


def test_an_unknown_account_takes_as_long(
    console: Console, real_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", real_hasher)
    passwords._nobody.cache_clear()
    known = with_password(console)

    def seconds(email: str) -> float:
        client, taken = console.client(), []
        client.refresh()
        for _ in range(4):
            began = time.perf_counter()
            client.post("/sign-in", {"email": email, "password": "wrong password"})
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)

    ratio = seconds("nobody@example.org") / seconds(known.email)
    assert 0.4 < ratio < 2.5


@pytest.mark.parametrize("known", [True, False])
def test_guessing_is_locked_out_for_known_and_unknown_alike(console: Console, known: bool) -> None:
    email = with_password(console).email if known else "guessed@example.org"
    client = console.client()
    statuses = [
        sign_in(client, email, f"guess {each}").status_code
        for each in range(sign_in_attempts.PAIR_LIMIT + 1)
    ]
    assert statuses == [401] * sign_in_attempts.PAIR_LIMIT + [429]
    answer = sign_in(client, email)  # the right one comes too late
    assert answer.status_code == 429 and "quarter of an hour" in alert(answer.text)
    assert not inside(client)


def test_the_lock_opens_after_a_while(console: Console) -> None:
    who = with_password(console)
    client = console.client()
    for each in range(sign_in_attempts.PAIR_LIMIT):
        sign_in(client, who.email, f"guess {each}")
    with database.writing(console.engine) as connection:
        connection.execute(text("UPDATE sign_in_attempts SET at = at - 1000"))
    assert sign_in(client, who.email).status_code == 303


def test_success_ends_the_count(console: Console) -> None:
    who = with_password(console)
    for _ in range(3):
        client = console.client()
        for each in range(sign_in_attempts.PAIR_LIMIT - 1):
            assert sign_in(client, who.email, f"guess {each}").status_code == 401
        assert sign_in(client, who.email).status_code == 303


def test_many_accounts_from_one_address_are_locked_out(console: Console) -> None:
    attempts = sign_in_attempts.SignInAttempts(console.engine)
    allowed = [attempts.begin(f"a{n}@example.org", "9.9.9.9") for n in range(60)]
    assert allowed[sign_in_attempts.ADDRESS_LIMIT :] == [None] * 10
    assert attempts.begin("a@example.org", "9.9.9.8") is not None


def test_one_account_from_many_addresses_is_locked_out(console: Console) -> None:
    attempts = sign_in_attempts.SignInAttempts(console.engine)
    allowed = [attempts.begin("spread@example.org", f"8.8.8.{n}") for n in range(30)]
    assert allowed[sign_in_attempts.ACCOUNT_LIMIT :] == [None] * 10


def test_a_one_time_password_is_changed_before_anything_else(console: Console) -> None:
    who = with_password(console, must_change=True, password_until=time.time() + 60)
    client = console.client()
    sign_in(client, who.email)
    assert client.get("/profile").headers["Location"] == "/sign-in/password"
    client.refresh("/sign-in/password")
    for new, again, complaint in (
        ("short", "short", "12 characters"),
        (PASSWORD, PASSWORD, "one-time password"),
        ("passwordpassword", "passwordpassword", "too easily"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "too easily"),
        (f"{who.email}!", f"{who.email}!", "own name"),
        ("a new long sentence", "another long sentence", "not the same"),
    ):
        answer = client.post("/sign-in/password", {"new": new, "again": again})
        assert answer.status_code == 422 and complaint in alert(answer.text)
    good = "a new long sentence"
    answer = client.post("/sign-in/password", {"new": good, "again": good})
    assert answer.status_code == 303 and inside(client)
    assert sign_in(console.client(), who.email).status_code == 401
    assert sign_in(console.client(), who.email, good).status_code == 303


def set_up_second_factor(client: Client) -> tuple[str, list[str]]:
    """Turn it on; the secret and the recovery codes."""
    page = client.get("/profile/second-factor").text
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]{30,})</code>", page).group(1).replace(" ", "")
    sealed = re.search(r'name="sealed" value="([^"]+)"', page).group(1)
    form = {"sealed": sealed, "code": pyotp.TOTP(secret).now(), "current": PASSWORD}
    shown = client.post("/profile/second-factor", form)
    assert shown.status_code == 200, alert(shown.text)
    return secret, re.findall(r"<li><code>([^<]+)</code>", shown.text)


def test_the_second_factor(console: Console) -> None:
    who = with_password(console)
    first = console.client()
    sign_in(first, who.email)
    first.refresh("/profile")
    secret, codes = set_up_second_factor(first)
    assert len(set(codes)) == 10 and secret not in first.get("/profile").text
    client = console.client()
    sign_in(client, who.email)
    assert client.get("/profile").headers["Location"] == "/sign-in/code"
    client.refresh("/sign-in/code")
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 401
    code = pyotp.TOTP(secret).now()
    assert client.post("/sign-in/code", {"code": code}).status_code == 303
    assert inside(client)
    again = console.client()
    sign_in(again, who.email)
    again.refresh("/sign-in/code")
    assert again.post("/sign-in/code", {"code": code}).status_code == 401  # it serves once
    assert again.post("/sign-in/code", {"code": codes[0].upper()}).status_code == 303
    more = console.client()
    sign_in(more, who.email)
    more.refresh("/sign-in/code")
    assert more.post("/sign-in/code", {"code": codes[0]}).status_code == 401
    with database.reading(console.engine) as connection:
        kept = str(connection.execute(text("SELECT * FROM staff")).all())
        kept += str(connection.execute(text("SELECT * FROM staff_recovery_codes")).all())
    assert secret not in kept and not any(code in kept for code in codes)


def test_codes_cannot_be_guessed(console: Console) -> None:
    who = with_password(console)
    first = console.client()
    sign_in(first, who.email)
    first.refresh("/profile")
    secret, _ = set_up_second_factor(first)
    client = console.client()
    sign_in(client, who.email)
    client.refresh("/sign-in/code")
    for each in range(sign_in_attempts.PAIR_LIMIT):
        assert client.post("/sign-in/code", {"code": f"{each:06}"}).status_code == 401
    assert client.post("/sign-in/code", {"code": pyotp.TOTP(secret).now()}).status_code == 429


def test_anothers_second_factor_cannot_be_taken_over(console: Console) -> None:
    one, other = console.client("agent"), console.client("trainer")
    page = one.get("/profile/second-factor").text
    sealed = re.search(r'name="sealed" value="([^"]+)"', page).group(1)
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]{30,})</code>", page).group(1).replace(" ", "")
    form = {"sealed": sealed, "code": pyotp.TOTP(secret).now()}
    assert other.post("/profile/second-factor", form).status_code == 303
    assert "Set it up" in other.get("/profile").text


def test_turning_the_second_factor_off_asks_for_the_password(console: Console) -> None:
    who = with_password(console)
    client = console.client()
    sign_in(client, who.email)
    client.refresh("/profile")
    set_up_second_factor(client)
    assert client.post("/profile/second-factor/off", {"current": "no"}).status_code == 422
    assert client.post("/profile/recovery-codes", {"current": "no"}).status_code == 422
    assert client.post("/profile/recovery-codes", {"current": PASSWORD}).status_code == 200
    assert client.post("/profile/second-factor/off", {"current": PASSWORD}).status_code == 303
    assert sign_in(console.client(), who.email).headers["Location"] == "/"


def test_a_new_password_ends_the_other_sessions(console: Console) -> None:
    who = with_password(console)
    one, other = console.client(who), console.client(who)
    assert inside(one) and inside(other)
    form = {"current": "no", "new": "another long one", "again": "another long one"}
    assert one.post("/profile/password", form).status_code == 422
    assert one.post("/profile/password", {**form, "current": PASSWORD}).status_code == 303
    assert inside(one) and not inside(other)


def test_sessions_end_by_themselves(console: Console) -> None:
    who = console.add("agent")
    for change in ("seen_at = seen_at - 3700", "expires_at = 1", "revoked_at = 1"):
        client = console.client(who)
        assert inside(client)
        with database.writing(console.engine) as connection:
            connection.execute(text(f"UPDATE staff_sessions SET {change} WHERE person = {who.id}"))
        assert not inside(client)


def test_a_live_page_is_no_sign_of_life(console: Console) -> None:
    who = console.add("agent")
    client = console.client(who)
    with database.writing(console.engine) as connection:
        connection.execute(
            text(f"UPDATE staff_sessions SET seen_at = seen_at - 1800 WHERE person = {who.id}")
        )
    seen = text(f"SELECT seen_at FROM staff_sessions WHERE person = {who.id}")
    client.get("/live/counts", stream=True).close()
    with database.reading(console.engine) as connection:
        before = connection.execute(seen).scalar_one()
    assert before < time.time() - 1700
    client.get("/profile")
    with database.reading(console.engine) as connection:
        assert connection.execute(seen).scalar_one() > before + 1700


def test_signing_out_and_ending_sessions(console: Console) -> None:
    who = console.add("agent")
    one, other, third = (console.client(who) for _ in range(3))
    one.post("/sign-out")
    assert not inside(one) and inside(other)
    other.post("/profile/sessions/end")
    assert inside(other) and not inside(third)


def test_nobody_ends_anothers_session(console: Console) -> None:
    victim = console.add("agent")
    theirs = console.client(victim)
    page = console.client("admin").get(f"/people/{victim.id}").text
    number = re.search(r'name="session" value="(\d+)"', page).group(1)
    console.client("agent").post("/profile/sessions/end", {"session": number})
    assert inside(theirs)


def test_a_token_from_before_signing_in_is_worth_nothing(console: Console) -> None:
    who = with_password(console)
    client = console.client()
    client.cookies.set(COOKIE, "fixed-by-somebody-else-before-signing-in")
    sign_in(client, who.email)
    assert "fixed" not in client.cookies.get(COOKIE, domain="127.0.0.1")
    stranger = Client(console.url)
    stranger.cookies.set(COOKIE, "fixed-by-somebody-else-before-signing-in")
    assert not inside(stranger)


def test_a_changed_role_counts_at_once(console: Console) -> None:
    who = console.add("admin")
    client = console.client(who)
    assert client.get("/people").status_code == 200
    console.client("admin").post(f"/people/{who.id}", {"name": "X", "role": "agent"})
    assert client.get("/people").status_code == 403
    console.client("admin").post(f"/people/{who.id}/active", {"active": "0"})
    assert client.get("/profile").status_code == 303


def test_cookies_are_guarded(console: Console, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'https.db'}"
    database.migrate(database.engine(url))
    with running(url, tmp_path, console_url="https://desk.example.org") as other:
        secure = other.client().get("/sign-in")
        assert secure.headers["Strict-Transport-Security"]
        cookie = secure.headers["Set-Cookie"]
        assert cookie.startswith("__Host-usher-visit=")
        for part in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
    plain = console.client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Secure" not in plain


def test_addresses_behind_proxies(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'proxies.db'}"
    database.migrate(database.engine(url))
    headers = {"X-Forwarded-For": "6.6.6.6, 1.2.3.4, 10.0.0.1"}
    for proxies, seen in ((0, "127.0.0.1"), (2, "1.2.3.4"), (9, "127.0.0.1")):
        with running(url, tmp_path, console_proxies=proxies) as other:
            client = other.client()
            client.refresh()
            client.post("/sign-in", {"email": "x@example.org", "password": "no"}, headers=headers)
            assert AuditLog(other.engine).page(limit=1)[0].address == seen


def test_what_was_typed_into_the_form_is_not_logged(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sign_in(console.client(), "my secret password", "hunter2 hunter2")
    assert "hunter2" not in caplog.text and "my secret" not in caplog.text
    latest = AuditLog(console.engine).page(limit=1)[0]
    assert latest.action == "sign_in.failed" and "secret" not in str(latest)


def test_passwords_are_kept_as_argon2id(
    real_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", real_hasher)
    kept = passwords.hash_of(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and PASSWORD not in kept
    assert passwords.fits(PASSWORD, kept) and not passwords.fits(PASSWORD + " ", kept)
    assert not passwords.fits(PASSWORD, "no hash at all") and not passwords.fits("", None)
    weak = "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A"
    assert passwords.outdated(weak)


def test_one_time_passwords_differ() -> None:
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200 and all(len(each) == 19 for each in made)
