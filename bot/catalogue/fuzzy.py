"""Names that are nearly what was typed: an index of pieces of names, checked by edit distance.

Latin names are cut into pieces of three letters, names with Chinese characters into pieces of
two. A name that is d typos away still shares all but 4·d (3·d) pieces: two letters that change
places spoil one more than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.catalogue.spelling import fold, has_ideograph, pinyin, without_article

_LATIN, _CHINESE = 3, 2
_BITS = 21  # of a code point
_MOST_CHECKED = 300
_NEAR_ENOUGH = 55.0  # of 100


def typos_allowed(length: int, chinese: bool) -> int:
    """How many typos a name of `length` folded characters may have."""
    if chinese:
        return 0 if length < 3 else 1 if length < 7 else 2
    return 0 if length < 5 else 1 if length < 11 else 2


class FuzzyIndex:
    """Folded names by their pieces. `names` is kept, not copied."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        lengths = np.array([len(name) for name in names], dtype=np.int64)
        chinese = np.array([not name.isascii() for name in names], dtype=bool)
        typos = [typos_allowed(len(name), not name.isascii()) for name in names]
        self.typos = np.array(typos, dtype=np.int8)
        size = np.where(chinese, _CHINESE, _LATIN)
        self._pieces_of = np.maximum(lengths - size + 1, 0).astype(np.int16)
        spoilt = (size + 1) * self.typos
        self._needed = np.maximum(self._pieces_of - spoilt, np.where(chinese, 1, 2))
        pieces, owners = _all_pieces(names, lengths, chinese)
        order = np.argsort(pieces, kind="stable")
        self._owners = owners[order]
        self._pieces, self._starts = np.unique(pieces[order], return_index=True)
        self._starts = np.append(self._starts, len(order))

    def shared(self, texts: Iterable[str]) -> np.ndarray:
        """How many pieces of each name occur in any of the folded `texts`: (names,) int."""
        wanted = np.array(sorted({p for text in texts for p in _pieces(text)}), dtype=np.uint64)
        where = np.searchsorted(self._pieces, wanted)
        where = where[where < len(self._pieces)]
        where = where[np.isin(self._pieces[where], wanted, assume_unique=True)]
        if not len(where):
            return np.zeros(len(self.names), dtype=np.int64)
        owners = [self._owners[self._starts[w] : self._starts[w + 1]] for w in where.tolist()]
        return np.bincount(np.concatenate(owners), minlength=len(self.names))

    def candidates(self, texts: Iterable[str]) -> list[int]:
        """Names that may occur in `texts` with the typos they are allowed, likeliest first."""
        counts = self.shared(texts)
        found = np.flatnonzero((counts >= self._needed) & (self.typos > 0))
        if len(found) > _MOST_CHECKED:
            share = counts[found] / self._pieces_of[found]
            found = found[np.argsort(-share, kind="stable")[:_MOST_CHECKED]]
        return found.tolist()

    def nearest(self, text: str, limit: int) -> list[tuple[int, float]]:
        """Names most like `text` with their likeness (55 to 100), the likeliest first."""
        wanted = [fold(without_article(text))]
        if has_ideograph(text):
            wanted.append(pinyin(text))
        scored: dict[int, float] = {}
        for query in wanted:
            counts = self.shared([query])
            total = self._pieces_of + max(len(query) - 1, 1) - counts
            share = counts / np.maximum(total, 1)
            best = np.argpartition(-share, min(_MOST_CHECKED, len(share)) - 1)[:_MOST_CHECKED]
            for number in best[share[best] > 0].tolist():
                likeness = fuzz.ratio(query, self.names[number])
                if likeness >= _NEAR_ENOUGH:
                    scored[number] = max(likeness, scored.get(number, 0.0))
        return sorted(scored.items(), key=lambda item: -item[1])[:limit]

    def distance(self, number: int, text: str, typos: int) -> int | None:
        """Typos between a name and the folded `text`; none when more than `typos`.

        Another number is no typo: "Rocky 3" is not "Rocky 2".
        """
        name = self.names[number]
        found = OSA.distance(name, text, score_cutoff=typos)
        return found if found <= typos and _digits(name) == _digits(text) else None


def _digits(text: str) -> list[str]:
    return [c for c in text if c.isdigit()]


def _pieces(text: str) -> Iterable[int]:
    """Pieces of both kinds, since a text may hold both kinds of names."""
    codes = [ord(c) for c in text]
    for place in range(len(codes) - 1):
        if not text[place : place + 2].isascii():
            yield codes[place] << _BITS | codes[place + 1]
        if place + 2 < len(codes) and text[place : place + 3].isascii():
            yield (codes[place] << _BITS | codes[place + 1]) << _BITS | codes[place + 2]


def _all_pieces(
    names: Sequence[str], lengths: np.ndarray, chinese: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Every piece of every name, and the number of the name it is of."""
    codes = np.frombuffer("".join(names).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for size, of_kind in ((_LATIN, ~chinese), (_CHINESE, chinese)):
        count = max(len(codes) - size + 1, 0)
        first = owners[:count]
        whole = (first == owners[size - 1 :][:count]) & of_kind[first]
        pieces = np.zeros(count, dtype=np.uint64)
        for offset in range(size):
            pieces = pieces << np.uint64(_BITS) | codes[offset : offset + count]
        found.append((pieces[whole], first[whole]))
    return np.concatenate([p for p, _ in found]), np.concatenate([o for _, o in found])
