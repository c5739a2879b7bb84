"""Something found in a message, and which of several overlapping finds stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """One stretch of text with its readings, pairs of an entity's name and its value.

    A word may mean two things at once: "rom-com" is a genre Romance and a genre Comedy.
    """

    start: int
    end: int
    readings: tuple[tuple[str, Any], ...]


def found(entity: str, value: Any, match: re.Match[str], group: int | str = 0) -> Found:
    """What a match of a regular expression, or one group of it, means."""
    return Found(match.start(group), match.end(group), ((entity, value),))


def settle(finds: Iterable[Found], taken: Iterable[tuple[int, int]] = ()) -> list[Found]:
    """The finds that stand, in the order of the text: the longest first, none over `taken`.

    Of finds equally long the one that came first in `finds` stands.
    """
    kept: list[Found] = []
    occupied = list(taken)
    for find in sorted(finds, key=lambda f: f.start - f.end):
        if all(find.end <= start or end <= find.start for start, end in occupied):
            kept.append(find)
            occupied.append((find.start, find.end))
    return sorted(kept, key=lambda f: f.start)
