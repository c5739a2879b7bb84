"""Where the words of a name may begin and end in a message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalogue.spelling import is_ideograph

_STOPS = frozenset("\n;；。！？，、")
_SPLIT_KEY = 8  # letters of a name that may be written in more words than it has
_SPLIT_WORD = 3
_JOINED_KEY = 7  # letters of a name whose words may be written as one


def is_bounded(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit beside `text[start:end]` belongs to the same word."""
    return not (
        (start > 0 and _in_word(text[start - 1]) and _in_word(text[start]))
        or (end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]))
    )


def _in_word(character: str) -> bool:
    return character.isalnum() and not is_ideograph(character)


def is_parted_well(text: str, places: Sequence[int], breaks: int) -> bool:
    """Whether the words in `text` are those of a name, but for a few liberties.

    `places` are those of its folded characters in `text`; bit i of `breaks` is set where a word
    may begin at the i-th. "spider man", "Spider-Man" and "spiderman" are one; "he ro" is not
    "Hero".
    """
    length, latin = len(places), not is_ideograph(text[places[0]])
    extra = gaps = since = 0
    shortest = length
    for place in range(1, length) if places[-1] - places[0] != length - 1 else ():
        gap = text[places[place - 1] + 1 : places[place]]
        if not gap or gap in ("'", "’", "."):
            continue
        if any(c in _STOPS for c in gap):
            return not latin and "\n" not in gap
        gaps += 1
        shortest = min(shortest, place - since)
        since = place
        extra += place >= 64 or not breaks >> place & 1
    if extra and latin:
        shortest = min(shortest, length - since)
        return extra == 1 and length >= _SPLIT_KEY and shortest >= _SPLIT_WORD
    joined = breaks and not gaps and latin
    return not joined or length >= _JOINED_KEY
