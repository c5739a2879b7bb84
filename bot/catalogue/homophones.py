"""Chinese names written with characters of the same sound, as a typing mistake makes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from bot.catalogue.spelling import pinyin

_RUN = re.compile(r"[㐀-鿿]{3,}")
_SHORTEST, _LONGEST = 3, 9
_FEW_CHARACTERS = 400  # beyond which a message is no longer searched


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str:
    return pinyin(character)


def sounding_like(
    text: str, named: Callable[[str], Sequence[str]], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """(start, end, pinyin) of what sounds like a name, outside of the `taken` spans; none overlap.

    `named` gives the Chinese names that have a pinyin; one counts when it is as long and at least
    half of its characters are in the text, but not all of them.
    """
    if len(text) > _FEW_CHARACTERS:
        return
    for run in _RUN.finditer(text):
        start = run.start()
        while start + _SHORTEST <= run.end():
            end = _longest(text, start, min(run.end(), start + _LONGEST), named)
            if end and not any(a < end and start < b for a, b in taken):
                yield start, end, "".join(map(_sound, text[start:end]))
                start = end
            else:
                start += 1


def _longest(
    text: str, start: int, limit: int, named: Callable[[str], Sequence[str]]
) -> int | None:
    for end in range(limit, start + _SHORTEST - 1, -1):
        said = text[start:end]
        for name in named("".join(map(_sound, said))):
            same = sum(a == b for a, b in zip(said, name, strict=False))
            if len(name) == len(said) and len(said) <= 2 * same < 2 * len(said):
                return end
    return None
