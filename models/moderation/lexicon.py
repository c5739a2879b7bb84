"""Words by class (insult, sexual, violence, reader, film …): a view that generalises over words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from models.moderation.normalise import HAN, PLACEHOLDER

_PARTS = re.compile(rf"[a-z0-9]+(?:['’][a-z]+)*|[{HAN}]")
_LONGEST = 12
CLASSES = (
    "insult",
    "demean",
    "swear",
    "dismiss",
    "sexual",
    "violence",
    "dying",
    "people",
    "slur",
    "film",
    "reader",
    "writer",
    "mirth",
)
_CALM = frozenset({"people", "film", "reader", "writer", "mirth"})
_MARKS = {1 << CLASSES.index("reader"): 1, 1 << CLASSES.index("film"): 2}
_MARKS[1 << CLASSES.index("writer")] = 4


_STRONG = sum(1 << place for place, name in enumerate(CLASSES) if name not in _CALM)


class Unit(NamedTuple):
    """Tokens `start` to `end` (exclusive): a word of the lexicon (`kind`: its classes as bits) or
    any other single token (`kind` 0)."""

    start: int
    end: int
    kind: int


def parse(text: str) -> dict[str, int]:
    """Words (tokens joined by a blank) to classes as bits, from a list with [class] headings.

    Raises:
        ValueError: a heading names no known class.
    """
    words: dict[str, int] = {}
    bit = 0
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            bit = 1 << CLASSES.index(line.strip("[]"))
        elif line and not line.startswith("#"):
            for entry in line.split("|") if "|" in line else line.split():
                key = " ".join(_PARTS.findall(entry.lower()))
                words[key] = words.get(key, 0) | bit
    return words


class Lexicon:
    """Finds the longest words of a list in a row of tokens."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = dict(words)
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for word, kind in words.items():
            parts = tuple(word.split(" "))[:_LONGEST]
            self._by_first.setdefault(parts[0], []).append((parts, kind))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self._by_first[PLACEHOLDER] = [((PLACEHOLDER,), 1 << CLASSES.index("film"))]

    def units(self, tokens: Sequence[str]) -> list[Unit]:
        """`tokens` cut into words of the lexicon, longest first, and single tokens."""
        units: list[Unit] = []
        place = 0
        while place < len(tokens):
            for parts, kind in self._by_first.get(tokens[place], ()):
                if tuple(tokens[place : place + len(parts)]) == parts:
                    units.append(Unit(place, place + len(parts), kind))
                    place += len(parts)
                    break
            else:
                units.append(Unit(place, place + 1, 0))
                place += 1
        return units

    def strong(self, tokens: Sequence[str]) -> bool:
        """Whether a word among `tokens` is of a class that abuse or despair is made of."""
        return any(unit.kind & _STRONG for unit in self.units(tokens))


def mark(units: Iterable[Unit]) -> int:
    """0 to 7: the message speaks to the reader (1), of a film (2), of the writer (4)."""
    seen = 0
    for unit in units:
        seen |= unit.kind
    return sum(value for bit, value in _MARKS.items() if seen & bit)
