"""Misspelt titles of somebody whom the message names: 周冬雨 beside 少年的迩.

With the maker at hand there are few titles to compare, so that short names may have a typo too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bot.catalogue.spelling import fold_with_offsets, has_ideograph, pinyin
from bot.catalogue.title import Title

_SHORTEST = 2  # characters of a Chinese title
_BY_SOUND = 2  # characters of one that must sound the same
_MOST_TITLES = 200
_LONGEST_TEXT = 200


def misspelt(
    text: str, titles: Iterable[Title], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """(start, end, id) of each Chinese title with one wrong character, outside of `taken`."""
    if len(text) > _LONGEST_TEXT or not has_ideograph(text):
        return
    folded, offsets = fold_with_offsets(text)
    characters = set(folded)
    for title in islice(titles, _MOST_TITLES):
        for name in (title.title_zh, *title.aliases_zh):
            if not name or len(characters.intersection(name)) < len(set(name)) - 1:
                continue
            for first in _places(folded, fold_with_offsets(name)[0]):
                start, end = offsets[first], offsets[first + len(name) - 1] + 1
                if not any(a < end and start < b for a, b in taken):
                    yield start, end, title.id


def _places(text: str, name: str) -> Iterator[int]:
    """Where `name` stands in the folded `text`, but for one character."""
    if len(name) < _SHORTEST or not all(map(has_ideograph, name)):
        return
    for first in range(len(text) - len(name) + 1):
        said = text[first : first + len(name)]
        wrong = [(a, b) for a, b in zip(said, name, strict=True) if a != b]
        if len(wrong) != 1 or not has_ideograph(wrong[0][0]):
            continue
        said_sound, sound = map(pinyin, wrong[0])
        if len(name) > _BY_SOUND or said_sound == sound:
            yield first
