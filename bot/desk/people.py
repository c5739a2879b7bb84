"""Somebody of the staff, as the desk's records name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """`id` is what records hold; `name` is what colleagues and viewers see."""

    id: str
    name: str


class Refused(ValueError):  # noqa: N818 - says a state, as callers read it
    """The desk does not allow this; `code` says why, for words in the reader's language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
