"""Tokens by which programs of this installation know each other: signed, good for a minute."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from functools import lru_cache

import jwt

from bot.channels.tokens import ALGORITHM, TokenError, kept_secret
from bot.settings import settings

AUDIENCE = "usher-internal"
LIFE_SECONDS = 60


class InternalTokens:
    """Issues and verifies tokens.

    Args:
        secret: any bytes; the signing key is derived from them.
        clock: seconds since 1970.
    """

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._key = hmac.digest(secret, AUDIENCE.encode(), "sha256")
        self._clock = clock

    def issue(self) -> str:
        """A token for one request."""
        now = int(self._clock())
        return jwt.encode(
            {"aud": AUDIENCE, "iat": now, "exp": now + LIFE_SECONDS}, self._key, ALGORITHM
        )

    def verify(self, text: str) -> None:
        """Raises:
        TokenError: it was not made here (`token_invalid`) or is over (`token_expired`).
        """
        try:
            claims = jwt.decode(
                text,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["aud", "exp"], "verify_exp": False, "verify_iat": False},
            )
            expires = int(claims["exp"])
        except (jwt.InvalidTokenError, TypeError, ValueError, RecursionError):
            raise TokenError("token_invalid", "This token was not issued here.") from None
        if expires <= self._clock():
            raise TokenError("token_expired", "This token has expired.")


@lru_cache(maxsize=1)
def internal_tokens() -> InternalTokens:
    """The tokens of this installation."""
    configuration = settings()
    secret = configuration.secret.encode() or kept_secret(configuration.data_dir / "secret")
    return InternalTokens(secret)
