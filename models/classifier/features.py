"""Text as a sequence of tokens, and each token as a few hashed features.

A Chinese character is a token and brings itself and the pair with the character before it. A
word in Latin letters brings itself and its character n-grams, so that a slip of the finger or an
unseen ending still lands near what was learned. Hashing needs no vocabulary file: the same text
gives the same numbers everywhere.

`encode` is what the recurrent part reads; `grams`, the bag of n-grams and pieces of words, is what
the wide part reads.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

BUCKETS = 32768
"""Rows of the embedding; row 0 is padding."""
WIDTH = 12
"""Features of a token at most."""
HEAD, TAIL = 48, 24
"""Tokens that `encode` keeps of a long text: its beginning and end, where the verdict stands."""

GRAMS = 1 << 20
"""Buckets of `grams`."""
LONGEST_GRAM = 3
SCOPE = 3
"""Words after a "not" that are read as their opposites."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(
    rf"[{_HAN}]|[^\W\d_{_HAN}]+(?:'[^\W\d_{_HAN}]+)*|\d+|[!?♥★☆]|[\U0001f300-\U0001faff]"
)
_NEGATIONS_TEXT = "not no never without hardly cannot cant dont didnt isnt wasnt aint nothing"
_NEGATIONS = frozenset(_NEGATIONS_TEXT.split())
_ENDS_SCOPE = frozenset({"but", "and", "because", "only"})
_NEGATED = "¬"
_STRETCHED = re.compile(r"(.)\1{2,}")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'"})


def normalise(text: str) -> str:
    """`text` in one width and case, with stretched letters ("sooooo") cut to two."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).lower()
    return _STRETCHED.sub(r"\1\1", plain)


def tokens(text: str) -> list[str]:
    """The tokens of `text`: Chinese characters, words, numbers, `!`, `?` and pictures."""
    return _TOKEN.findall(normalise(text))


def encode(text: str) -> np.ndarray:
    """Features of `text`: see `encode_tokens`."""
    return encode_tokens(tokens(text))


def encode_tokens(found: Sequence[str]) -> np.ndarray:
    """Features of a text's tokens: int32 of shape (tokens, WIDTH), 0 where a token has fewer.

    There is always at least one row, so that empty text has an answer too.
    """
    if len(found) > HEAD + TAIL:
        found = [*found[:HEAD], *found[-TAIL:]]
    if not found:
        return np.zeros((1, WIDTH), dtype=np.int32)
    rows = [_features(token, before) for before, token in zip(["", *found], found, strict=False)]
    return np.array(rows, dtype=np.int32)


def grams(text: str) -> np.ndarray:
    """Buckets of the n-grams in `text`: see `grams_of`."""
    return grams_of(tokens(text))


def grams_of(found: Sequence[str]) -> np.ndarray:
    """Buckets of a text's runs of one to three tokens, and of its words' pieces.

    Returns:
        Sorted int32, each once.
    """
    runs = {
        " ".join(run)
        for size in range(2, LONGEST_GRAM + 1)
        for run in zip(*(found[i:] for i in range(size)), strict=False)
    }
    ids = [zlib.crc32(run.encode()) % GRAMS for run in runs]
    for token in set(_negated(found)):
        ids += _word_grams(token)
    return np.unique(np.array(ids, np.int32))


def _negated(found: Sequence[str]) -> Iterator[str]:
    """The tokens, those in the scope of a negation marked: "not that bad" → not ¬that ¬bad.

    (Das and Chen 2001, "Yahoo! for Amazon".) In Chinese the run 不好 says it by itself.
    """
    left = 0
    for token in found:
        if token in _NEGATIONS or token.endswith("n't"):
            left = SCOPE
            yield token
        elif left and token.isalpha() and token.isascii() and token not in _ENDS_SCOPE:
            left -= 1
            yield _NEGATED + token
        else:
            left = 0
            yield token


def pad(sequences: list[np.ndarray]) -> np.ndarray:
    """Stack encoded texts to (texts, longest, WIDTH), zeros after the end of each."""
    longest = max(len(sequence) for sequence in sequences)
    batch = np.zeros((len(sequences), longest, WIDTH), dtype=np.int32)
    for row, sequence in zip(batch, sequences, strict=True):
        row[: len(sequence)] = sequence
    return batch


@lru_cache(maxsize=65536)
def _features(token: str, before: str) -> tuple[int, ...]:
    if len(token) == 1 and not token.isascii():
        names = [f"c:{token}", f"p:{before[-1:]}{token}"]
    elif token.isdigit():
        names = [f"n:{token}", f"d:{min(len(token), 5)}"]
    else:
        names = [f"w:{token}", f"p:{before} {token}", *_pieces(token)]
    ids = [1 + zlib.crc32(name.encode()) % (BUCKETS - 1) for name in names[:WIDTH]]
    return (*ids, *([0] * (WIDTH - len(ids))))


@lru_cache(maxsize=65536)
def _word_grams(token: str) -> tuple[int, ...]:
    """Buckets of a token itself and of its pieces, where it is a word in letters."""
    word = token.removeprefix(_NEGATED)
    mark = token[: len(token) - len(word)]
    pieces = [] if word.isdigit() else [mark + piece for piece in _pieces(word)]
    return tuple(zlib.crc32(name.encode()) % GRAMS for name in (token, *pieces))


def _pieces(word: str) -> list[str]:
    """Character n-grams of `word`: first the stem-like beginnings, then the inside."""
    marked = f"<{word}>"
    if len(marked) <= 4:
        return []
    starts = [marked[:size] for size in (4, 5, 6) if size < len(marked)]
    inside = [marked[i : i + 4] for i in range(1, len(marked) - 3)]
    return [f"g:{piece}" for piece in (*starts, *inside)]
