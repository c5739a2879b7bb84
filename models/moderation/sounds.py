"""Hear characters of the same sound as what is usually written: 肥物 as 废物.

Whoever hides a Chinese word behind a homophone leaves a character that stands beside its neighbours
as nobody writes it. Such a character is read as the one of the same syllable (tones aside) that is
written beside these neighbours most often, if any is. Which pairs of characters are written, and
how often, is counted in the messages that are learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

FIRST, LAST = 0x3400, 0xA000
WRITTEN = 2
"""Times that a pair must be seen to be one that people write."""
USUAL = 5
"""Times that a pair must be seen to be what was meant."""
_MOST = 255
_NO_SYLLABLE = 9999


class Sounds:
    """Pairs of neighbouring characters as people write them, and the characters of a syllable.

    Args:
        syllables: of each code point below `LAST`, its syllable's number, 0 for none.
        pairs: sorted uint32, see `counted`.
        times: uint8 (pairs,), how often each was seen.
    """

    def __init__(self, syllables: np.ndarray, pairs: np.ndarray, times: np.ndarray) -> None:
        self._syllables = syllables
        self.pairs, self.times = pairs, times
        used = np.unique(np.concatenate([pairs >> 16, pairs & 0xFFFF])).astype(np.int64)
        used = used[(syllables[used] > 0) & (syllables[used] != _NO_SYLLABLE)]
        self._characters = used[np.argsort(syllables[used], kind="stable")]
        sounds = syllables[self._characters]
        numbers = np.arange(int(syllables.max(initial=0)) + 2)
        self._begin = np.searchsorted(sounds, numbers)

    def heard(self, words: Sequence[str]) -> tuple[str, ...]:
        """`words`, of which single characters may stand for others of the same sound."""
        codes = np.array([ord(word) if len(word) == 1 else 0 for word in words], dtype=np.int64)
        codes[(codes < FIRST) | (codes >= LAST)] = 0
        before, after = np.append(0, codes[:-1]), np.append(codes[1:], 0)
        beside = (codes > 0) & ((before > 0) | (after > 0))
        if not beside.any():
            return tuple(words)
        known = self._seen(before, codes) >= WRITTEN
        known |= self._seen(codes, after) >= WRITTEN
        odd = np.flatnonzero(beside & ~known)
        syllables = self._syllables[codes[odd]].astype(np.int64)
        sizes = self._begin[syllables + 1] - self._begin[syllables]
        if not sizes.any():
            return tuple(words)
        place = np.repeat(odd, sizes)
        within = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        meant = self._characters[np.repeat(self._begin[syllables], sizes) + within]
        left, right = self._seen(before[place], meant), self._seen(meant, after[place])
        score = np.where(np.maximum(left, right) >= USUAL, left + right, 0)
        result = list(words)
        # The best of each place comes last, and stays.
        for index in np.lexsort((score, place)):
            if score[index]:
                result[place[index]] = chr(meant[index])
        return tuple(result)

    def _seen(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """How often each pair was seen; 0 where either is no character."""
        keys = (first << 16 | second).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.pairs, keys), max(0, len(self.pairs) - 1))
        if not len(self.pairs):
            return np.zeros(len(keys), dtype=np.int64)
        found = (self.pairs[at] == keys) & (first > 0) & (second > 0)
        return np.where(found, self.times[at], 0).astype(np.int64)


def counted(texts: Iterable[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of neighbouring Chinese characters in tokenised texts, and how often each is seen.

    Returns:
        Sorted uint32 (first character in the upper half), and uint8; those seen less than
        `WRITTEN` times are left out.
    """
    rows: list[int] = []
    for words in texts:
        last = 0
        for word in words:
            code = ord(word) if len(word) == 1 and FIRST <= ord(word) < LAST else 0
            if last and code:
                rows.append(last << 16 | code)
            last = code
    pairs, times = np.unique(np.array(rows, dtype=np.uint32), return_counts=True)
    kept = times >= WRITTEN
    return pairs[kept], np.minimum(times[kept], _MOST).astype(np.uint8)


def syllables() -> np.ndarray:
    """For every code point below U+A000 the number of its toneless syllable, 0 for none."""
    from pypinyin import Style, lazy_pinyin

    numbers: dict[str, int] = {}
    result = np.zeros(LAST, dtype=np.uint16)
    for code in range(FIRST, LAST):
        sound = lazy_pinyin(chr(code), style=Style.NORMAL)[0]
        if sound.isascii() and sound.isalpha():
            result[code] = numbers.setdefault(sound, len(numbers) + 1)
        else:
            result[code] = _NO_SYLLABLE
    return result
