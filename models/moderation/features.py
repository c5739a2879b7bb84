"""Hashed n-grams of normalised text, computed with array operations only.

A message is a row of tokens: Latin words, single Han characters, and a few signs. Its features:
token n-grams (1–3, 4 for Han); where Latin words take part, pairs of tokens with a gap, and
unigrams and bigrams marked with whom or what the message speaks of (the reader, a film, the
writer); character n-grams (2–5) of Latin words with their boundaries; n-grams of pinyin syllables,
which homophones share; and n-grams in which words of the lexicon stand as their class ("you are
a <insult>").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.moderation.lexicon import Lexicon, Unit, mark
from models.moderation.normalise import HAN, PLACEHOLDER, Normalised, normalise
from models.moderation.sounds import Sounds

BUCKETS = 1 << 20
"""Size of the hashed feature space."""

_TOKEN = re.compile(rf"[a-z0-9]+(?:['’][a-z]+)*|[{HAN}]|{PLACEHOLDER}|[!?\"“”‘《》「」]")
_SIGNS = {"“": '"', "”": '"', "‘": '"', "「": '"', "」": '"', "》": "《"}
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(65 - BUCKETS.bit_length())
_ORDER = 5
_REACH = 8
"""Tokens between two words of the lexicon that still count as a pair."""

Adder = Callable[[np.ndarray, int, np.ndarray, np.ndarray], None]


@dataclass(frozen=True)
class Occurrences:
    """Every feature of a batch: its bucket, its text, and the tokens it covers (end exclusive)."""

    bucket: np.ndarray
    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rows: int


def _mix(values: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64."""
    values = values + _GOLDEN
    values ^= values >> np.uint64(30)
    values *= _MIX_A
    values ^= values >> np.uint64(27)
    values *= _MIX_B
    values ^= values >> np.uint64(31)
    return values


def _join(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return _mix(first * np.uint64(0x100000001B3) ^ second)


def _salt(number: int) -> np.uint64:
    return np.uint64((0x51ED270B * (number + 1)) & 0xFFFFFFFF)


@dataclass(frozen=True)
class Tokens:
    """The tokens of one text and where each stands in it."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    source: Normalised


def tokenise(text: str, harmless: Sequence[tuple[int, int]] = ()) -> Tokens:
    """Normalise `text` and part it into tokens; known names become one token each."""
    source = normalise(text, harmless)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(source.text):
        word = match[0]
        words.append(_SIGNS.get(word, word.replace("’", "'")))
        spans.append(match.span())
    return Tokens(tuple(words), tuple(spans), source)


class Hasher:
    """Turns tokens into features.

    `pinyin[code point]` is a syllable's number, 0 for none; `lexicon` is words to classes; `sounds`
    hears homophones.
    """

    def __init__(self, pinyin: np.ndarray, lexicon: Lexicon, sounds: Sounds) -> None:
        self.pinyin = pinyin
        self.lexicon = lexicon
        self.sounds = sounds
        self._words: dict[str, tuple[int, int]] = {}

    def tokens(self, text: str, harmless: Sequence[tuple[int, int]] = ()) -> Tokens:
        """`text` as tokens, homophones heard as what is usually written; see `tokenise`."""
        found = tokenise(text, harmless)
        return replace(found, words=self.sounds.heard(found.words))

    def _token(self, word: str) -> tuple[int, int]:
        """Hash and syllable of one token."""
        known = self._words.get(word)
        if known is None:
            value = 0xCBF29CE484222325
            for byte in word.encode():
                value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
            code = ord(word) if len(word) == 1 else 0
            syllable = int(self.pinyin[code]) if code < len(self.pinyin) else 0
            known = (value, syllable)
            if len(self._words) < 200_000:
                self._words[word] = known
        return known

    def occurrences(self, batch: Sequence[Tokens]) -> Occurrences:
        """All features of a batch of texts."""
        lengths = np.array([len(tokens.words) for tokens in batch], dtype=np.int64)
        flat = [word for tokens in batch for word in tokens.words]
        count = len(flat)
        pairs = [self._token(word) for word in flat]
        words = np.array([pair[0] for pair in pairs], dtype=np.uint64)
        syllables = np.array([pair[1] for pair in pairs], dtype=np.uint64)
        rows = np.repeat(np.arange(len(batch)), lengths)
        starts = np.cumsum(lengths) - lengths
        units = [self.lexicon.units(tokens.words) for tokens in batch]
        marks = np.repeat(np.array([mark(found) for found in units], dtype=np.uint64), lengths)
        local = np.arange(count) - np.repeat(starts, lengths)
        parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

        def add(hashes: np.ndarray, salt: int, at: np.ndarray, last: np.ndarray) -> None:
            parts.append((hashes ^ _salt(salt), at, last))

        with np.errstate(over="ignore"):
            words = _mix(words)
            self._tokens(words, rows, _mix(marks), syllables > 0, add)
            self._sounds(syllables, rows, add)
            self._characters(flat, add)
            self._classes(units, starts, words, add)
            hashes, at, last = (np.concatenate([part[i] for part in parts]) for i in range(3))
            buckets = (_mix(hashes) >> _SHIFT).astype(np.int64)
        return Occurrences(buckets, rows[at], local[at], local[last] + 1, len(batch))

    @staticmethod
    def _tokens(
        words: np.ndarray, rows: np.ndarray, marks: np.ndarray, han: np.ndarray, add: Adder
    ) -> None:
        """N-grams of tokens; with a Latin word in them also marked ones and pairs with a gap."""
        every = np.arange(len(words))
        add(words, 1, every, every)
        latin = every[~han]
        add(words[latin] ^ marks[latin], 2, latin, latin)
        chain = words
        for order in (2, 3, 4):
            here = every[: max(0, len(words) - order + 1)]
            last = here + order - 1
            chain = _join(chain[: len(here)], words[last])
            kept = rows[here] == rows[last]
            mixed = kept & ~(han[here] & han[last])
            if order == 4:
                kept &= han[here] & han[last]
            add(chain[kept], 1 + order * 10, here[kept], last[kept])
            if order == 2:
                add(chain[mixed] ^ marks[here[mixed]], 3, here[mixed], last[mixed])
            else:
                ends = _join(words[here[mixed]], words[last[mixed]])
                add(ends, 4, here[mixed], last[mixed])

    @staticmethod
    def _sounds(syllables: np.ndarray, rows: np.ndarray, add: Adder) -> None:
        """N-grams (2–3) of syllables."""
        if not syllables.any():
            return
        chain = sound = _mix(syllables)
        for order in (2, 3):
            here = np.arange(max(0, len(sound) - order + 1))
            last = here + order - 1
            chain = _join(chain[: len(here)], sound[last])
            inside = rows[here] == rows[last]
            for step in range(order):
                inside &= syllables[here + step] > 0
            add(chain[inside], 100 + order, here[inside], last[inside])

    @staticmethod
    def _characters(flat: Sequence[str], add: Adder) -> None:
        """Character n-grams of Latin words with a blank on either side."""
        latin = [(i, word) for i, word in enumerate(flat) if len(word) > 1]
        if not latin:
            return
        text = " " + "  ".join(word for _, word in latin) + " "
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        owner = np.repeat(
            np.array([i for i, _ in latin]), np.array([len(word) + 2 for _, word in latin])
        )
        sounds = _mix(codes)
        chain = sounds
        for order in range(2, _ORDER + 1):
            here = np.arange(max(0, len(codes) - order + 1))
            last = here + order - 1
            chain = _join(chain[: len(here)], sounds[last])
            same = owner[here] == owner[last]
            at = owner[here[same]]
            add(chain[same], 200 + order, at, at)

    @staticmethod
    def _classes(
        units: Sequence[Sequence[Unit]], starts: np.ndarray, words: np.ndarray, add: Adder
    ) -> None:
        """N-grams (1–3) and pairs of units of which at least one is a class of the lexicon."""
        flat = [(start + u.start, start + u.end - 1, u.kind, row)
                for row, (start, found) in enumerate(zip(starts.tolist(), units, strict=True))
                for u in found]  # fmt: skip
        if not flat:
            return
        first, last, kind, row = np.array(flat, dtype=np.int64).T
        classed = kind > 0
        hashes = np.where(classed, _mix(kind.astype(np.uint64)), words[first])
        chain, some = hashes, classed
        count = len(flat)
        add(hashes[classed], 300, first[classed], last[classed])
        for order in (2, 3):
            here = np.arange(max(0, count - order + 1))
            there = here + order - 1
            chain = _join(chain[: len(here)], hashes[there])
            some = some[: len(here)] | classed[there]
            kept = some & (row[here] == row[there])
            add(chain[kept], 300 + order, first[here[kept]], last[there[kept]])
        only = np.flatnonzero(classed)
        for gap in (1, 2, 3):
            here, there = only[:-gap], only[gap:]
            near = (row[here] == row[there]) & (first[there] - last[here] <= _REACH)
            here, there = here[near], there[near]
            add(_join(hashes[here], hashes[there]), 310, first[here], last[there])

    def counts(self, found: Occurrences) -> sparse.csr_matrix:
        """Which features each text has: ones, shape (texts, BUCKETS), sorted, no duplicates."""
        key = np.unique(found.row.astype(np.int64) * BUCKETS + found.bucket)
        rows = key // BUCKETS
        indptr = np.searchsorted(rows, np.arange(found.rows + 1))
        ones = np.ones(len(key), dtype=np.float32)
        return sparse.csr_matrix(
            (ones, (key % BUCKETS).astype(np.int32), indptr.astype(np.int32)),
            shape=(found.rows, BUCKETS),
        )
