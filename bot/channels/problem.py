"""A request that is refused."""

from __future__ import annotations

from collections.abc import Mapping

from sanic.exceptions import SanicException


class Problem(SanicException):
    """A request that is refused: a status, a code for programs, a message for people."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, status_code=status, quiet=True)
        self.code = code
        self.headers = dict(headers or {})
