"""Signing in with an OpenID Connect provider that is really asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.store import database
from bot.store.audit import AuditLog
from bot.store.staff import Staff
from tests.console.openid_provider import CLIENT, SECRET, Provider
from tests.console.served import Client, Console, running
from tests.console.signing import inside


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as started:
        yield started


@pytest.fixture(scope="module")
def desk(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("oidc")
    url = f"sqlite:///{folder / 'usher.db'}"
    database.migrate(database.engine(url))
    with running(
        url,
        folder,
        console_oidc_issuer=provider.url,
        console_oidc_client=CLIENT,
        console_oidc_secret=SECRET,
    ) as started:
        yield started


@pytest.fixture(autouse=True)
def _nothing_spoiled(provider: Provider) -> None:
    provider.spoil, provider.sign, provider.issuer = {}, "RS256", provider.url


def to_provider(client: Client, query: str = "") -> str:
    """Begin; the address to which the provider sends the browser back."""
    began = client.get(f"/sign-in/oidc{query}")
    assert began.status_code == 303, began.text
    there = requests.get(began.headers["Location"], allow_redirects=False, timeout=10)
    return there.headers["Location"]


def come_back(desk: Console, provider: Provider, **claims: Any) -> tuple[Client, requests.Response]:
    provider.claims = claims
    client = desk.client()
    return client, client.get(to_provider(client))


def somebody(desk: Console, **values: Any) -> dict[str, Any]:
    """Claims of a new member."""
    who = desk.add("agent", **values)
    return {"sub": f"s-{who.id}", "email": who.email.title(), "email_verified": True}


def test_an_invited_member_signs_in(desk: Console, provider: Provider) -> None:
    claims = somebody(desk, must_change=True, password_hash="x")
    client, answer = come_back(desk, provider, **claims)
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    assert inside(client)
    known = Staff(desk.engine).credentials(email=claims["email"])
    assert known is not None and known.password_hash is None and not known.person.must_change
    # From now on it is the subject that counts, not the address.
    other, _ = come_back(desk, provider, **{**claims, "email": "new@example.org"})
    assert inside(other)
    logged = [each.action for each in AuditLog(desk.engine).page(person=known.person.id)]
    assert logged == ["sign_in.done", "sign_in.done", "people.linked"]


def test_it_leads_to_the_page_that_was_wanted(desk: Console, provider: Provider) -> None:
    provider.claims = somebody(desk)
    client = desk.client()
    back = to_provider(client, "?next=/profile?a=1")
    assert client.get(back).headers["Location"] == "/profile?a=1"
    assert client.get(to_provider(client, "?next=//evil.example")).headers["Location"] == "/"


def test_who_is_not_invited_stays_outside(desk: Console, provider: Provider) -> None:
    client, answer = come_back(
        desk, provider, sub="stranger", email="stranger@example.org", email_verified=True
    )
    assert answer.status_code == 403 and not inside(client)
    assert "invite" in answer.text


def test_an_address_that_is_not_vouched_for_opens_nothing(
    desk: Console, provider: Provider
) -> None:
    claims = somebody(desk)
    for verified in (False, None, "true"):
        client, answer = come_back(desk, provider, **{**claims, "email_verified": verified})
        assert answer.status_code == 403 and not inside(client)


def test_an_address_cannot_be_taken_over_by_another_subject(
    desk: Console, provider: Provider
) -> None:
    claims = somebody(desk)
    come_back(desk, provider, **claims)
    client, answer = come_back(desk, provider, **{**claims, "sub": "another"})
    assert answer.status_code == 403 and not inside(client)


def test_who_is_kept_out_stays_out(desk: Console, provider: Provider) -> None:
    client, answer = come_back(desk, provider, **somebody(desk, active=False))
    assert answer.status_code == 403 and not inside(client)


def test_a_second_factor_of_ours_is_still_asked_for(desk: Console, provider: Provider) -> None:
    client, _ = come_back(desk, provider, **somebody(desk, totp_sealed="sealed"))
    assert client.get("/profile").headers["Location"] == "/sign-in/code"


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"nonce": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    desk: Console, provider: Provider, spoil: dict[str, Any]
) -> None:
    claims = somebody(desk)
    provider.spoil = spoil
    client, answer = come_back(desk, provider, **claims)
    assert answer.status_code == 401 and not inside(client)


@pytest.mark.parametrize("sign", ["none", "other key"])
def test_a_token_signed_by_others_is_refused(desk: Console, provider: Provider, sign: str) -> None:
    claims = somebody(desk)
    provider.sign = sign
    client, answer = come_back(desk, provider, **claims)
    assert answer.status_code == 401 and not inside(client)


def test_the_state_belongs_to_one_browser_and_one_sign_in(
    desk: Console, provider: Provider
) -> None:
    provider.claims = somebody(desk)
    attacker, victim = desk.client(), desk.client()
    back = to_provider(attacker)
    assert victim.get(back).status_code == 401 and not inside(victim)
    to_provider(victim)
    assert victim.get(back).status_code == 401 and not inside(victim)
    assert attacker.get(back).status_code == 303
    assert desk.client().get(back).status_code == 401  # a code serves once, and here not at all


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
def test_coming_back_from_nowhere(desk: Console, query: str) -> None:
    client = desk.client()
    assert client.get(f"/sign-in/oidc/callback{query}").status_code == 401


def test_a_provider_that_is_away_or_another_is_said_plainly(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'away.db'}"
    database.migrate(database.engine(url))
    for issuer in ("http://127.0.0.1:1", "http://provider.example.org"):
        with running(url, tmp_path, console_oidc_issuer=issuer) as away:
            answer = away.client().get("/sign-in/oidc")
            assert answer.status_code == 502 and "out of reach" in answer.text
    with Provider() as lying, running(url, tmp_path, console_oidc_issuer=lying.url) as desk:
        lying.issuer = "https://evil.example"
        assert desk.client().get("/sign-in/oidc").status_code == 502


def test_without_a_provider_there_is_no_way(console: Console) -> None:
    assert console.client().get("/sign-in/oidc").status_code == 404
    assert "organisation" not in console.client().get("/sign-in").text
