"""Slips of the keyboard in ordinary words: "animted", 地二个 for 第二个.

A noisy channel (Kernighan, Church, Gale 1990) over what the teaching sentences say: a word that
they lack is one that they often have, if it is one slip away; two characters that never stand
together are two of the same sound that often do.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pypinyin.constants import PHRASES_DICT

from bot.catalogue.ordinary import ordinary
from bot.catalogue.spelling import pinyin
from bot.nlu.fold import fold
from bot.nlu.tokenizer import CJK

Span = tuple[int, int]
CORRECTION = "correction"
"""The entity of a slip in a message; its value is what is meant."""
FILE = "misspellings.json"
_FORMAT = 1
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_RUN = re.compile(f"[{CJK}]{{2,}}")
_SHORTEST = 4  # letters of a word that may have a slip
_SHORTEST_WRONG = 5  # letters of one with another letter
_OFTEN, _OFTEN_PAIR = 8, 12  # how often what is meant must have been seen
_RARER = 100.0  # times less often than what is meant, the slip must have been seen
_PREFERRED = 3.0  # times more often than the next best
_COHESION = 3.5  # of characters that make a word (a logarithm)
_GAIN = math.log(40.0)  # of the likelihood, for characters
_KEYS = {
    letter: (row, at)
    for row, letters in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for at, letter in enumerate(letters)
}
_MOST = 400  # characters of a message that are read


@dataclass(frozen=True, slots=True)
class Correction:
    """`text[start:end]` means `meant`."""

    start: int
    end: int
    meant: str


class Misspellings:
    """How often words, and pairs of Chinese characters, occur in teaching sentences."""

    def __init__(
        self, words: Counter[str], pairs: Counter[str], is_word: Callable[[str], bool]
    ) -> None:
        """`is_word` tells of an English word that it is one, however seldom viewers say it."""
        self._words = words
        self._is_word = is_word
        self._pairs = pairs
        self._first = _summed(pairs, 0)
        self._second = _summed(pairs, 1)
        self._near: dict[str, list[str]] = defaultdict(list)
        for word, count in words.items():
            if count >= _OFTEN and len(word) >= _SHORTEST:
                for shorter in {word, *_without_one(word)}:
                    self._near[shorter].append(word)
        self._sounding: dict[str, list[str]] = defaultdict(list)
        for pair, count in pairs.items():
            if count >= _OFTEN_PAIR and self._cohesion(pair) >= _COHESION:
                self._sounding[_sound(pair)].append(pair)

    @classmethod
    def learned(
        cls, sentences: Iterable[tuple[str, Sequence[Span]]], is_word: Callable[[str], bool]
    ) -> Misspellings:
        """From texts and the spans of names in them, which are left out."""
        words: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text, names in sentences:
            folded = _blanked(fold(text), names)
            words.update(_WORD.findall(folded))
            for run in _RUN.findall(folded):
                pairs.update(run[i : i + 2] for i in range(len(run) - 1))
        return cls(words, pairs, is_word)

    def save(self, directory: Path) -> None:
        """Write misspellings.json to `directory`."""
        about = {"format": _FORMAT, "words": self._words, "pairs": self._pairs}
        (directory / FILE).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path, is_word: Callable[[str], bool]) -> Misspellings:
        """Read what `save` wrote.

        Raises:
            ValueError: it is missing, damaged or of another format.
        """
        try:
            about = json.loads((directory / FILE).read_text(encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"no counts of words in {directory}: {error.strerror}") from error
        if about.get("format") != _FORMAT:
            raise ValueError(f"the counts of words in {directory} are of another format")
        return cls(Counter(about["words"]), Counter(about["pairs"]), is_word)

    def corrections(self, text: str, names: Sequence[Span] = ()) -> list[Correction]:
        """The slips in `text` outside of the spans of `names`, in order, none overlapping."""
        folded = _blanked(fold(text[:_MOST]), names)
        found = [*self._latin(text, folded), *self._chinese(folded)]
        return sorted(found, key=lambda correction: correction.start)

    def _latin(self, text: str, folded: str) -> Iterator[Correction]:
        for match in _WORD.finditer(folded):
            word = match[0]
            capital = text[match.start()].isupper() and match.start() > 0
            if len(word) < _SHORTEST or capital or "'" in word or self._is_word(word):
                continue
            if ordinary().has_form(word):
                continue
            meant = self._word_meant(word)
            if meant:
                yield Correction(match.start(), match.end(), meant)

    def _word_meant(self, word: str) -> str | None:
        near = {w for key in (word, *_without_one(word)) for w in self._near.get(key, ())}
        likely = sorted(
            (self._words[other] * weight, other)
            for other in near
            if not word.startswith(other)
            and not other.startswith(word)
            and self._words[other] > _RARER * self._words[word]
            and (weight := _likelihood(word, other))
        )
        if not likely or (len(likely) > 1 and likely[-1][0] < _PREFERRED * likely[-2][0]):
            return None
        return likely[-1][1]

    def _chinese(self, folded: str) -> Iterator[Correction]:
        for run in _RUN.finditer(folded):
            said = run[0]
            i = 0
            while i < len(said) - 1:
                meant = self._pair_meant(said, i)
                if meant:
                    yield Correction(run.start() + i, run.start() + i + 2, meant)
                    said = said[:i] + meant + said[i + 2 :]
                    i += 1
                i += 1

    def _pair_meant(self, said: str, i: int) -> str | None:
        pair = said[i : i + 2]
        if self._pairs[pair] or pair in PHRASES_DICT:
            return None
        best, most = None, _GAIN
        for other in self._sounding.get(_sound(pair), ()):
            if other == pair or (other[0] != pair[0] and other[1] != pair[1]):
                continue
            at = i if other[0] != pair[0] else i + 1
            if said[at - 1 : at + 1] in PHRASES_DICT or said[at : at + 2] in PHRASES_DICT:
                continue  # the character belongs to another word
            changed = said[:i] + other + said[i + 2 :]
            gain = self._likelihood(changed, i) - self._likelihood(said, i)
            if gain > most:
                best, most = other, gain
        return best

    def _cohesion(self, pair: str) -> float:
        """The logarithm of how much oftener two characters stand together than by chance."""
        chance = self._first[pair[0]] * self._second[pair[1]] / self._pairs.total()
        return math.log(self._pairs[pair] / chance)

    def _likelihood(self, said: str, i: int) -> float:
        """The logarithm of how often the pair at `i` and those that overlap it occur."""
        pairs = (said[j : j + 2] for j in range(max(i - 1, 0), min(i + 2, len(said) - 1)))
        return sum(math.log(self._pairs[pair] + 0.5) for pair in pairs)


def corrections(entities: Iterable[Mapping[str, Any]]) -> list[Correction]:
    """The slips among the entities of a message, in its order."""
    found = [e for e in entities if e["entity"] == CORRECTION]
    return [Correction(e["start"], e["end"], e["value"]) for e in found]


def without_slips(entities: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entities that are no slips."""
    return [entity for entity in entities if entity["entity"] != CORRECTION]


def corrected(text: str, corrections: Iterable[Correction]) -> tuple[str, list[int]]:
    """`text` as it was meant, and for each of its characters (and its end) the place in `text`."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for one in corrections:
        pieces += [text[at : one.start], one.meant]
        places += range(at, one.start)
        within = one.end - one.start
        places += [one.start + min(i, within - 1) for i in range(len(one.meant))]
        at = one.end
    pieces.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(pieces), places


def _blanked(folded: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def _summed(pairs: Mapping[str, int], place: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for pair, count in pairs.items():
        total[pair[place]] += count
    return total


def _without_one(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _likelihood(word: str, other: str) -> float:
    """How likely `word` is typed for `other`: 0 when it is more than one slip away."""
    if word[0] != other[0]:
        return 0.0
    start = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), -1)
    if start < 0:
        start = min(len(word), len(other))
    if len(word) == len(other):
        if word[start + 1 :] == other[start + 1 :]:
            beside = len(word) >= _SHORTEST_WRONG and _is_beside(word[start], other[start])
            return 1.0 if beside else 0.0
        swapped = other[start + 1] + other[start] + other[start + 2 :]
        return 3.0 if word[start:] == swapped else 0.0
    if len(other) == len(word) + 1 and word[start:] == other[start + 1 :]:
        return 3.0 if other[start] == other[start - 1] else 1.5  # one was left out
    if len(word) == len(other) + 1 and word[start + 1 :] == other[start:]:
        near = [other[start - 1], *other[start : start + 1]]
        return 2.0 if any(word[start] == o or _is_beside(word[start], o) for o in near) else 0.0
    return 0.0


def _is_beside(letter: str, other: str) -> bool:
    """Whether the keys of two letters touch on a QWERTY keyboard."""
    if letter not in _KEYS or other not in _KEYS:
        return False  # an apostrophe
    (row, at), (other_row, other_at) = _KEYS[letter], _KEYS[other]
    apart = other_at - at
    if row == other_row:
        return abs(apart) == 1
    return apart in ((0, 1) if other_row == row - 1 else (-1, 0) if other_row == row + 1 else ())


@lru_cache(maxsize=20_000)
def _sound(characters: str) -> str:
    return " ".join(pinyin(character) for character in characters)
