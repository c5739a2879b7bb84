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
        changed: dict[str, Any] = {by: value}
        return replace(self, **changed)


def sums_of(part: Sequence[str | None]) -> set[tuple[str, ...]]:
    """What a value of each of `PARTS` counts for: that part, each of them alone, and all.

    These are the rows that are kept, so that what is mostly asked for is not added up again.
    """
    plain = tuple(value or "" for value in part)
    alone = {
        tuple(value if place == kept else ALL for place, value in enumerate(plain))
        for kept in range(len(plain))
    }
    return {plain, (ALL,) * len(plain), *alone}


def within(table: Any, scope: Scope, figures: Sequence[str], by: str = "") -> list[Any]:
    """Which rows of `daily_figures` or `daily_sets` hold `figures` in `scope`, told apart by the
    values of `by` (one of `PARTS`, or "")."""
    c = table.c
    asked = {*scope.narrowed, *([by] if by else [])}
    # Each day by itself, so that the key's later columns serve too.
    rows = [c.figure.in_(figures), c.day.in_(scope.days)]
    for name in PARTS:
        summed = len(asked) < 2 and name not in asked
        value = getattr(scope, name)
        if summed:
            rows.append(c[name] == ALL)
        else:
            rows.append(c[name] == value if value else c[name] != ALL)
    return rows
