"""The second pass over a message: names with a typo, in what the first pass left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue import evidence
from bot.catalogue.fuzzy import FuzzyIndex, typos_allowed
from bot.catalogue.ordinary import WELL_KNOWN, ordinary
from bot.catalogue.spelling import fold, has_ideograph, is_ideograph

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_IDEOGRAPHS = re.compile(r"[㐀-鿿豈-﫿〇·A-Za-z0-9]*[㐀-鿿豈-﫿〇][㐀-鿿豈-﫿〇·A-Za-z0-9]*")
_LONGEST_NAME = 7  # words of a name with a typo that are tried together
_REACH = 3  # words on either side of a word we do not know
_SHORTEST_LATIN, _LONG_LATIN = 6, 8
_KNOWN = 50.0  # renown of a name that the sentence announces
_SHORTEST_CHINESE = 5
_LEAST_LIKENESS = 0.7  # of a quoted name
_FEW_WORDS = 400  # characters beyond which a message is no longer searched for typos


@dataclass(frozen=True, slots=True)
class Near:
    """`text[start:end]` is the name `number` of the index but for `typos` typos."""

    start: int
    end: int
    number: int
    typos: int


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str
    known: bool


class TypoFinder:
    """Looks for names of `index` with typos.

    `usable` tells whether a name may have a typo in running text, `quotable` whether it is what
    people put in quotation marks, `renown` how well known it is.
    """

    def __init__(
        self,
        index: FuzzyIndex,
        usable: Callable[[int], bool],
        quotable: Callable[[int], bool],
        renown: Sequence[float],
    ) -> None:
        self._index = index
        self._usable = usable
        self._quotable = quotable
        self._renown = renown

    def find(self, text: str, taken: Sequence[tuple[int, int]]) -> list[Near]:
        """Names with typos in `text` outside of the `taken` spans; none overlap."""
        found: list[Near] = []
        busy = list(taken)
        for near in self._all(text, taken):
            if not any(near.start < end and start < near.end for start, end in busy):
                found.append(near)
                busy.append((near.start, near.end))
        return found

    def _all(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Near]:
        quoted = [span for span in evidence.quoted_spans(text) if _is_free(span, taken)]
        for start, end in quoted:
            near = self._quoted(text, start, end)
            if near:
                yield near
        if len(text) > _FEW_WORDS:
            return
        busy = [*taken, *quoted]
        near_names = [
            *self._latin(text, [w for w in _words(text) if _is_free((w.start, w.end), busy)]),
            *self._chinese(text, busy),
        ]
        yield from sorted(near_names, key=self._preference)

    def _preference(self, near: Near) -> tuple[float, float]:
        """The longest with the fewest typos first, then the best known."""
        return (2.5 * near.typos - (near.end - near.start), -self._renown[near.number])

    def _quoted(self, text: str, start: int, end: int) -> Near | None:
        said = fold(text[start:end])
        best: tuple[int, float, Near] | None = None
        for number, likeness in self._index.nearest(text[start:end], limit=20):
            if likeness < 100 * _LEAST_LIKENESS or not self._quotable(number):
                continue
            typos = self._index.distance(number, said, max(1, len(said) // 3))
            if typos is None:
                continue
            order = (typos, -self._renown[number])
            if best is None or order < best[:2]:
                best = (*order, Near(start, end, number, typos))
        return best[2] if best else None

    def _latin(self, text: str, words: list[_Word]) -> Iterator[Near]:
        """Runs of words, one of which we do not know, that are nearly a name."""
        odd = [place for place, word in enumerate(words) if not word.known]
        reached = {p for place in odd for p in range(place - _REACH, place + _REACH + 1)}
        runs = list(_runs(text, words, reached))
        if not runs:
            return
        tried = ["".join(word.folded for word in run) for run in runs]
        for number in self._index.candidates(tried):
            if not self._usable(number):
                continue
            name = self._index.names[number]
            for run in runs:
                yield from self._windows(text, run, number, name)

    def _windows(self, text: str, run: list[_Word], number: int, name: str) -> Iterator[Near]:
        allowed = typos_allowed(len(name), chinese=False)
        for first in range(len(run)):
            said = ""
            for last in range(first, min(first + _LONGEST_NAME, len(run))):
                said += run[last].folded
                if len(said) > len(name) + allowed:
                    break
                if len(said) < len(name) - allowed:
                    continue
                if all(word.known for word in run[first : last + 1]):
                    continue
                typos = self._index.distance(number, said, allowed)
                if typos is None:
                    continue
                if _is_beside(run[first], run[last], name):
                    continue
                start, end = run[first].start, run[last].end
                if self._is_likely(text, start, end, number, said):
                    yield Near(start, end, number, typos)

    def _is_likely(self, text: str, start: int, end: int, number: int, said: str) -> bool:
        name = self._index.names[number].removeprefix("the")
        said = said.removeprefix("the").removeprefix("teh")
        if name[:1] != said[:1] or len(name) < _SHORTEST_LATIN:
            return False
        renown = self._renown[number]
        cue = evidence.has_cue(text, start, end) or evidence.has_person_cue(text, start, end)
        if cue or evidence.is_whole(text, start, end):
            return renown >= _KNOWN
        lone = len(_TOKEN.findall(text[start:end].lower().removeprefix("the "))) == 1
        factor = 1.0 if not lone else 1.5 if len(name) >= _LONG_LATIN else 2.0
        return renown >= factor * WELL_KNOWN

    def _chinese(self, text: str, busy: Sequence[tuple[int, int]]) -> Iterator[Near]:
        runs = [
            (found.start(), found.end())
            for found in _IDEOGRAPHS.finditer(text)
            if found.end() - found.start() >= _SHORTEST_CHINESE - 1
        ]
        runs = [free for run in runs for free in _without(run, busy)]
        runs = [(start, end) for start, end in runs if end - start >= _SHORTEST_CHINESE - 1]
        if not runs:
            return
        for number in self._index.candidates([fold(text[a:b]) for a, b in runs]):
            name = self._index.names[number]
            if not has_ideograph(name) or not self._usable(number):
                continue
            if len(name) < _SHORTEST_CHINESE - 1:
                continue
            for run in runs:
                yield from self._slices(text, run, number, name)

    def _slices(self, text: str, run: tuple[int, int], number: int, name: str) -> Iterator[Near]:
        allowed = typos_allowed(len(name), chinese=True)
        for start in range(run[0], run[1] - len(name) + allowed + 1):
            for size in (len(name), len(name) - 1, len(name) + 1):
                end = start + size
                # One character replaced is a typo; one more or less may be the next word's.
                if end > run[1] or (size != len(name) and len(name) < 6):
                    continue
                said = fold(text[start:end])
                if said[:1] != name[:1] and said[-1:] != name[-1:]:
                    continue
                typos = self._index.distance(number, said, allowed)
                if typos is None:
                    continue
                short = len(name) < _SHORTEST_CHINESE
                framed = said[:1] == name[:1] and said[-1:] == name[-1:]
                known = framed and self._renown[number] >= WELL_KNOWN
                if short and not known and not evidence.has_cue(text, start, end):
                    continue
                yield Near(start, end, number, typos)


def _is_beside(first: _Word, last: _Word, name: str) -> bool:
    """Whether a small word at either end stands beside the name, and is no part of it."""
    small = ordinary().function
    return (first.folded in small and not name.startswith(first.folded)) or (
        last.folded in small and not name.endswith(last.folded)
    )


def _words(text: str) -> list[_Word]:
    known = ordinary()
    words = []
    for found in _TOKEN.finditer(text):
        said = found.group()
        if any(map(is_ideograph, said)):
            continue
        folded = fold(said)
        if folded:
            plain = known.has_form(folded) or len(folded) < 3
            words.append(_Word(found.start(), found.end(), folded, plain or folded.isdigit()))
    return words


def _runs(text: str, words: list[_Word], reached: set[int]) -> Iterator[list[_Word]]:
    """Neighbouring words among those `reached`, with nothing but a space or so between them."""
    run: list[_Word] = []
    for place, word in enumerate(words):
        gap = text[run[-1].end : word.start] if run else ""
        if run and (
            place not in reached or len(gap) > 3 or any(c in gap for c in ",;!?。，！？\n")
        ):
            yield run
            run = []
        if place in reached:
            run.append(word)
    if run:
        yield run


def _is_free(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return not any(span[0] < end and start < span[1] for start, end in taken)


def _without(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left of `span` when the `taken` spans are cut out."""
    place = span[0]
    for start, end in sorted(taken):
        if start < span[1] and end > span[0]:
            if start > place:
                yield place, start
            place = max(place, end)
    if place < span[1]:
        yield place, span[1]
