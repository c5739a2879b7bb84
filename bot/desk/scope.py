"""Which days and which part of all conversations a figure is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

# What conversations are told apart by.
PARTS = ("language", "channel", "version")
# In place of language, channel and version: the sum over them, which is what is mostly asked for.
ALL = "*"
DAY = 86_400


@dataclass(frozen=True)
class Scope:
    """Which days, both included, counted from 1970; "" is every language, channel, version."""

    first: int
    last: int
    language: str = ""
    channel: str = ""
    version: str = ""

    @property
    def days(self) -> list[int]:
        """Every day of it."""
        return list(range(self.first, self.last + 1))

    @property
    def begin(self) -> float:
        """The moment it begins, in seconds since 1970."""
        return float(self.first * DAY)

    @property
    def end(self) -> float:
        """The moment after it, in seconds since 1970."""
        return float((self.last + 1) * DAY)

    @property
    def narrowed(self) -> list[str]:
        """Those of `PARTS` of which it has one value alone."""
        return [name for name in PARTS if getattr(self, name)]

    @property
    def narrow(self) -> bool:
        """Whether it leaves out languages, channels or versions."""
        return bool(self.narrowed)

    def holds(self, table: Any) -> Any:
        """The condition on a table with these columns."""
        found = (table.c.day >= self.first) & (table.c.day <= self.last)
        for name in self.narrowed:
            found &= table.c[name] == getattr(self, name)
        return found

    def only(self, by: str, value: str) -> Scope:
        """The part of it that has this value."""
        return replace(self, **{by: value})


def within(table: Any, scope: Scope, figures: Sequence[str], by: str = "") -> list[Any]:
    """Which rows of `daily_figures` or `daily_sets` hold `figures` in `scope`: the sums over all
    parts, unless some parts (or, with `by`, their values) are asked for."""
    c = table.c
    # Each day by itself, so that the key's later columns serve too.
    rows = [c.figure.in_(figures), c.day.in_(scope.days)]
    if by not in PARTS and not scope.narrow:
        return [*rows, c.language == ALL]
    return [*rows, c.language != ALL, scope.holds(table)]
