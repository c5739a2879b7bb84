"""Which viewer calls the web channel, and whether they call too often."""

from __future__ import annotations

from sanic.request import Request

from bot.channels.guard import RateLimit, bearer, unauthorized
from bot.channels.tokens import TokenError, ViewerTokens, viewer_tokens

# Requests at once, and a second after that. Nobody types faster; a program that does is told to
# wait. Sessions are counted by address, all others by viewer.
LIMITS = {
    "messages": (40, 2.0),
    "sessions": (120, 2.0),
    "reads": (120, 10.0),
    "opinions": (40, 1.0),
    "uploads": (10, 0.1),
    "personal": (10, 0.1),
}


class Callers:
    """Knows viewers by their tokens."""

    def __init__(self) -> None:
        self._limits = {name: RateLimit(*limit) for name, limit in LIMITS.items()}

    @property
    def tokens(self) -> ViewerTokens:
        """The tokens of this installation."""
        return viewer_tokens()

    def count(self, limit: str, caller: str) -> None:
        """Count a request of `caller`.

        Raises:
            Problem: too many (429).
        """
        self._limits[limit].take(caller)

    def viewer(self, request: Request, limit: str) -> str:
        """The viewer who calls.

        Raises:
            Problem: no token or not a good one (401), or too many requests (429).
        """
        token = bearer(request)
        if token is None:
            raise unauthorized("token_missing", "Send the token as 'Authorization: Bearer …'.")
        try:
            viewer = self.tokens.verify(token)
        except TokenError as error:
            raise unauthorized(error.code, str(error)) from None
        self.count(limit, viewer)
        return viewer
