"""Sentences that the tagger of names learns from: those of `data/nlu`, and other names in them.

Half of the names put in are of the catalogue; the others are made up of parts of such, so that
what the catalogue lacks is seen by the words around it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.catalogue.name_keys import PERSON, TITLE

_LONGEST = 45  # characters of a name that is put in
_SWAPPED, _KNOWN, _SMALL, _UNMARKED = 0.85, 0.55, 0.6, 0.3  # shares


@dataclass(frozen=True)
class Named:
    """A sentence and the names in it: (start, end, "title" or "person"), in its order."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def annotated(entities: Iterable[Mapping[str, Any]]) -> tuple[tuple[int, int, str], ...]:
    """The titles and people (start, end, kind) among a training example's entities that were
    annotated by hand; what a component has found says how it matched."""
    return tuple(
        (e["start"], e["end"], e["entity"])
        for e in entities
        if e["entity"] in (TITLE, PERSON) and not e.get("match")
    )


class OtherNames:
    """Draws names to put in the place of those of a sentence."""

    def __init__(self, titles: Iterable[str], people: Iterable[str], seed: int = 0) -> None:
        """`titles` and `people` are names of the catalogue; the same seed draws the same."""
        self._random = random.Random(seed)
        self._titles = [t for t in titles if t.isascii() and 1 < len(t) <= _LONGEST] or ["Heat"]
        self._people = [p for p in people if p.isascii() and " " in p] or ["Ang Lee"]

    def varied(self, sentence: Named, times: int) -> Iterator[Named]:
        """`sentence` with other names, as it is typed in a hurry more often than not."""
        for _ in range(times if sentence.names else 0):
            yield self.hurried(self._swapped(sentence))

    def hurried(self, sentence: Named) -> Named:
        """`sentence` in small letters and without its last mark, each more or less often."""
        text = sentence.text.lower() if self._random.random() < _SMALL else sentence.text
        if len(text) != len(sentence.text):
            return sentence  # a letter that has no small form of its length
        if self._random.random() < _UNMARKED:
            last = max((end for _, end, _ in sentence.names), default=0)
            text = text[:last] + text[last:].rstrip(" ?!.")
        return Named(text, sentence.names)

    def _swapped(self, sentence: Named) -> Named:
        text, at = "", 0
        names = []
        for start, end, kind in sentence.names:
            text += sentence.text[at:start]
            name = sentence.text[start:end]
            if self._random.random() < _SWAPPED:
                name = self._title() if kind == TITLE else self._person()
            if text.lower().endswith("the ") and name.lower().startswith("the "):
                name = name[4:]
            names.append((len(text), len(text) + len(name), kind))
            text, at = text + name, end
        return Named(text + sentence.text[at:], tuple(names))

    def _title(self) -> str:
        pick = self._random.choice
        title = pick(self._titles)
        if self._random.random() < _KNOWN:
            return title
        first, second = title.split(), pick(self._titles).split()
        kind = self._random.random()
        if kind < 0.35:
            made = [*first[: max(1, len(first) // 2)], *second[len(second) // 2 :]]
        elif kind < 0.7:
            last = pick(second)
            made = [*first, *pick((["2"], ["3"], ["II"], ["of", last], ["and", last], [last]))]
        else:
            made = [first[-1], second[0]]
        return " ".join(made)

    def _person(self) -> str:
        person = self._random.choice(self._people)
        if self._random.random() < _KNOWN:
            return person
        return f"{person.split()[0]} {self._random.choice(self._people).split()[-1]}"
