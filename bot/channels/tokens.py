"""Who a viewer is: a signed, expiring token that only this server can make."""

from __future__ import annotations

import hmac
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jwt

from bot.settings import settings

ALGORITHM = "HS256"
# What the token is for: other tokens signed with the same secret are not viewers' tokens.
AUDIENCE = "usher-viewer"
_DAY = 86_400


class TokenError(ValueError):
    """A token that cannot be accepted; `code` says why, for the client."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Token:
    """A viewer's token; `expires` is in seconds since 1970."""

    text: str
    viewer: str
    expires: int


class ViewerTokens:
    """Issues, verifies and renews viewers' tokens.

    Args:
        secret: any bytes; the signing key is derived from them.
        days: how long a token stays valid.
        clock: seconds since 1970.
    """

    def __init__(self, secret: bytes, days: int, clock: Callable[[], float] = time.time) -> None:
        self._key = hmac.digest(secret, AUDIENCE.encode(), "sha256")
        self._life = max(days, 1) * _DAY
        self._clock = clock

    def issue(self, viewer: str | None = None) -> Token:
        """A token for `viewer`; none: for a viewer nobody has been before."""
        viewer = viewer or f"v-{secrets.token_hex(16)}"
        now = int(self._clock())
        expires = now + self._life
        claims = {"sub": viewer, "aud": AUDIENCE, "iat": now, "exp": expires}
        return Token(jwt.encode(claims, self._key, ALGORITHM), viewer, expires)

    def verify(self, text: str) -> str:
        """The viewer whose token this is.

        Raises:
            TokenError: it was not made here (`token_invalid`) or is over (`token_expired`).
        """
        return self._read(text).viewer

    def renew(self, text: str) -> Token:
        """The same token, or a new one for the same viewer once half of its life is over.

        Raises:
            TokenError: as `verify`.
        """
        token = self._read(text)
        if token.expires - self._clock() < self._life / 2:
            return self.issue(token.viewer)
        return token

    def _read(self, text: str) -> Token:
        try:
            # The time is checked below, by our clock.
            claims = jwt.decode(
                text,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={
                    "require": ["sub", "aud", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            token = Token(text, str(claims["sub"]), int(claims["exp"]))
        except (jwt.InvalidTokenError, TypeError, ValueError, RecursionError):
            raise TokenError("token_invalid", "This token was not issued here.") from None
        if token.expires <= self._clock():
            raise TokenError("token_expired", "This token has expired; ask for a new one.")
        return token


@lru_cache(maxsize=1)
def viewer_tokens() -> ViewerTokens:
    """The tokens of this installation."""
    configuration = settings()
    secret = configuration.secret.encode() or kept_secret(configuration.data_dir / "secret")
    return ViewerTokens(secret, configuration.token_days)


def kept_secret(path: Path) -> bytes:
    """The secret in the file `path`, which is made, readable by its owner alone, when absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    while not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            # Linked whole or not at all: two processes that start together agree on one secret.
            os.link(draft, path)
        except FileExistsError:
            break
        finally:
            draft.unlink()
    return path.read_bytes().strip()
