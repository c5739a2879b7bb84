"""Undo the ways people disguise words, keeping for every character where it came from.

Passes, each linear in the length of the text: fold single characters (NFKC, case, width,
accents, look-alikes, zero-width, emoji used as characters), join words written as spaced
letters or masked with signs, read leet digits, join split Chinese words, put variant spellings
back to the usual one, shorten repeated characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.moderation.disguises import (
    EMOJI,
    JOINED,
    LEET,
    LOOKALIKES,
    MASKED,
    STRONG,
    TORN,
    VARIANTS,
)

PLACEHOLDER = "\ue000"
"""Stands for a known title or name in normalised text; cannot be typed (it is folded away)."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_EXPANSION = 4
_SEPARATORS = r" .,*_\-/|~+'’·•:;=^"

_LINK = re.compile(r"(?:https?://|www\.)[^\s" + HAN + r"]+")
_HANDLE = re.compile(r"(?<![a-z0-9])@[a-z0-9_]{3,}")
# Without an end to the letters, a row of them that is no word costs the square of its length.
_SPACED = re.compile(
    rf"(?<![a-z0-9@$])(?:[a-z@$][{_SEPARATORS}]{{1,3}}){{2,64}}[a-z](?![a-z0-9'’])"
)
_MASK = re.compile(
    r"(?<![a-z0-9])[a-z]{1,8}(?:[*#%&_\-.·•×~^+$@!]{1,6}[a-z]{1,8}|[*#%&$@]{1,6})(?![a-z0-9])"
)
_LEET = re.compile(r"(?<![a-z0-9@$!|+])[a-z0-9@$!|+€£]{3,24}(?![a-z0-9])")
_PAIR = re.compile(r"(?<![a-z0-9])([a-z]{1,7}) (?=([a-z]{1,7})(?![a-z0-9]))")
_HAN_GAP = re.compile(rf"(?<=[{HAN}])[ *.\-_|/~^+#@&·•…]{{1,3}}(?=[{HAN}]|[a-z](?![a-z0-9]))")
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_SPACES = re.compile(r"[^\S ]\s*| \s+")


def _any_of(variants: Iterable[str]) -> str:
    """One of `variants`, the longest first; no letter follows one that ends in a letter."""
    return "|".join(
        re.escape(variant) + ("(?![a-z])" if variant[-1].isascii() else "")
        for variant in sorted(variants, key=lambda variant: (-len(variant), variant))
    )


_VARIANT = re.compile(
    rf"(?<![a-z])(?:{_any_of(v for v in VARIANTS if v[0].isascii())})"
    rf"|(?:{_any_of(v for v in VARIANTS if not v[0].isascii())})"
)
_NUMBER = re.compile(r"\d{2,}[a-z]{1,3}|\d[a-z]{1,2}|[$€£]?[\d+]+[a-z]?")

Piece = tuple[str, int]
"""A character to put, and the position within the match that it came from."""


@dataclass(frozen=True)
class Normalised:
    """Text with disguises undone; `starts[i]:ends[i]` of the original gave character `i`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that `text[start:end]` came from.

        Raises:
            ValueError: the span is empty or lies outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a text of {len(self.text)} characters")
        return min(self.starts[start:end]), max(self.ends[start:end])


@lru_cache(maxsize=65536)
def _fold(character: str) -> str:
    """One character as plain lower-case ones: at most four, often one, none when invisible."""
    if character in EMOJI:
        return EMOJI[character]
    if character in LOOKALIKES:
        return LOOKALIKES[character]
    kept = []
    for part in unicodedata.normalize("NFKD", character).casefold():
        part = LOOKALIKES.get(part, part)
        kind = unicodedata.category(part[:1]) if part else "Cf"
        if kind in {"Mn", "Me", "Cf", "Cc", "Co", "Cn", "Cs"} and part not in "\t\n\r":
            continue
        kept.append(" " if part.isspace() else part)
    return "".join(kept)[:_EXPANSION]


def _fold_all(text: str, harmless: Sequence[tuple[int, int]]) -> Normalised:
    if not harmless and text.isascii() and text.isprintable():
        return Normalised(text.lower(), range(len(text)), range(1, len(text) + 1))
    replaced: dict[int, int] = {}
    for start, end in harmless:
        for position in range(max(0, start), min(end, len(text))):
            replaced[position] = max(0, start)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(text):
        if position in replaced:
            folded = PLACEHOLDER if replaced[position] == position else ""
        else:
            folded = _fold(character)
        for part in folded:
            characters.append(part)
            starts.append(position)
            ends.append(position + 1)
    return Normalised("".join(characters), starts, ends)


def _rewrite(
    source: Normalised,
    pattern: re.Pattern[str],
    pieces: Callable[[re.Match[str]], list[Piece] | None],
) -> Normalised:
    """Replace the matches of `pattern` by `pieces` (None: leave the match as it is)."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(source.text):
        put = pieces(match)
        if put is None:
            continue
        begin, end = match.span()
        characters.append(source.text[done:begin])
        starts += source.starts[done:begin]
        ends += source.ends[done:begin]
        for character, offset in put:
            characters.append(character)
            starts.append(source.starts[begin + offset])
            ends.append(source.ends[begin + offset])
        if put and put[-1][1] < end - begin - 1:
            ends[-1] = source.ends[end - 1]
        done = end
    if not done:
        return source
    characters.append(source.text[done:])
    starts += source.starts[done:]
    ends += source.ends[done:]
    return Normalised("".join(characters), starts, ends)


def _word(word: str) -> Callable[[re.Match[str]], list[Piece] | None]:
    return lambda match: _spread(f" {word} ", len(match[0]))


def _spread(put: str, length: int) -> list[Piece]:
    """`put` laid over a match of `length` characters."""
    last = length - 1
    return [(character, min(index, last)) for index, character in enumerate(put)]


def _handle(match: re.Match[str]) -> list[Piece] | None:
    name = "a" + match[0][1:]
    if any(name.startswith(word) for word in STRONG if word.startswith("a")):
        return [(character, index) for index, character in enumerate(name)]
    return _spread(" user ", len(match[0]))


def _spaced(match: re.Match[str]) -> list[Piece] | None:
    """`f u c k  y o u` → `fuck you`: a wider gap than the narrowest one parts two words."""
    text = match[0]
    gaps = [len(gap) for gap in re.findall(rf"[{_SEPARATORS}]+", text)]
    narrow = min(gaps)
    put: list[Piece] = []
    gap = 0
    for index, character in enumerate(text):
        if "a" <= character <= "z" or character in "@$":
            if put and gap > narrow:
                put.append((" ", index - 1))
            put.append((LEET.get(character, character), index))
            gap = 0
        else:
            gap += 1
    return put


def _masked(match: re.Match[str]) -> list[Piece] | None:
    """`f**k`, `f-ck`, `fu*ck` → `fuck`, when only a strong word fits."""
    text = match[0]
    letters = [(character, i) for i, character in enumerate(text) if "a" <= character <= "z"]
    if "".join(character for character, _ in letters) in STRONG:
        return letters
    word = MASKED.get(re.sub(r"[^a-z]+", "*", text))
    return None if word is None else _spread(word, len(text))


def _leet(match: re.Match[str]) -> list[Piece] | None:
    text = match[0]
    if text.isalpha() and text.isascii():
        return None
    if _NUMBER.fullmatch(text) or not any("a" <= character <= "z" for character in text):
        return None
    put: list[Piece] = []
    for index, character in enumerate(text):
        before = index > 0 and not text[index - 1].isspace()
        after = text[index + 1 : index + 2]
        letter = LEET.get(character, character)
        if letter != character:
            follows = after.isalpha() or (after in LEET and after != "!")
            mapped = follows if character.isdigit() or character in "!|+" else follows or before
            letter = letter if mapped else character
        put.append((letter, index))
    changed = "".join(character for character, _ in put)
    return None if changed == text else put


def _pair(match: re.Match[str]) -> list[Piece] | None:
    """`fu ck` → `fuck`; only for words that are never two harmless ones side by side."""
    if match[1] + match[2] not in JOINED:
        return None
    return [(character, index) for index, character in enumerate(match[1])]


def _close(match: re.Match[str]) -> list[Piece] | None:
    if "·" in match[0] or "•" in match[0]:
        text, (start, end) = match.string, match.span()
        return [] if text[start - 1] + text[end : end + 1] in TORN else None
    return []


def _shorten(match: re.Match[str]) -> list[Piece] | None:
    character = match[1]
    if character.isdigit():
        return None
    double = character in "slgtz" or "\u3400" <= character <= "\u9fff"
    return [(character, 0), (character, 1)] if double else [(character, 0)]


def normalise(text: str, harmless: Sequence[tuple[int, int]] = ()) -> Normalised:
    """Undo disguises in `text`; each of the `harmless` spans becomes one `PLACEHOLDER`.

    Linear in the length of the text; the result has at most four times as many characters.
    """
    result = _fold_all(text, harmless)
    result = _rewrite(result, _LINK, _word("url"))
    result = _rewrite(result, _HANDLE, _handle)
    result = _rewrite(result, _SPACED, _spaced)
    result = _rewrite(result, _SPACES, lambda match: [(" ", 0)])
    result = _rewrite(result, _LEET, _leet)
    result = _rewrite(result, _REPEATED, _shorten)
    result = _rewrite(result, _MASK, _masked)
    result = _rewrite(result, _PAIR, _pair)
    result = _rewrite(result, _HAN_GAP, _close)
    return _rewrite(result, _VARIANT, lambda match: _spread(VARIANTS[match[0]], len(match[0])))
