from __future__ import annotations

import stat
from pathlib import Path

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.tokens import TokenError, ViewerTokens, kept_secret

DAY = 86_400


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> ViewerTokens:
    return ViewerTokens(b"a secret", 30, clock)


def test_a_token_names_the_viewer_it_was_issued_to(tokens: ViewerTokens) -> None:
    token = tokens.issue()
    assert tokens.verify(token.text) == token.viewer
    assert token.viewer.startswith("v-") and len(token.viewer) == 34
    assert tokens.issue().viewer != token.viewer


def test_a_token_of_another_secret_is_refused(tokens: ViewerTokens) -> None:
    with pytest.raises(TokenError) as refused:
        tokens.verify(ViewerTokens(b"another", 30).issue("v-me").text)
    assert refused.value.code == "token_invalid"


def test_a_token_for_another_purpose_is_refused(tokens: ViewerTokens, clock: Clock) -> None:
    claims = {"sub": "v-me", "aud": "usher-staff", "iat": clock.now, "exp": clock.now + DAY}
    for key, algorithm in ((tokens._key, "HS256"), (None, "none")):
        claims["aud"] = "usher-staff" if algorithm == "HS256" else "usher-viewer"
        with pytest.raises(TokenError):
            tokens.verify(jwt.encode(claims, key, algorithm))


def test_a_token_expires(tokens: ViewerTokens, clock: Clock) -> None:
    token = tokens.issue()
    clock.now += 30 * DAY + 1
    with pytest.raises(TokenError) as refused:
        tokens.verify(token.text)
    assert refused.value.code == "token_expired"


def test_a_token_is_renewed_for_the_same_viewer_after_half_its_life(
    tokens: ViewerTokens, clock: Clock
) -> None:
    token = tokens.issue()
    clock.now += 14 * DAY
    assert tokens.renew(token.text).text == token.text
    clock.now += 2 * DAY
    renewed = tokens.renew(token.text)
    assert renewed.viewer == token.viewer and renewed.expires > token.expires


@given(st.text(max_size=200))
def test_any_other_text_is_no_token(text: str) -> None:
    with pytest.raises(TokenError):
        ViewerTokens(b"a secret", 30).verify(text)


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    secret = kept_secret(path)
    assert len(secret) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(path) == secret
    assert [each.name for each in path.parent.iterdir()] == ["secret"]
