"""What the tagger of names looks at in each word of an English message."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue.evidence import quoted_spans
from bot.catalogue.names import Candidate
from bot.catalogue.ordinary import FUNCTION, ordinary
from bot.nlu.fold import fold
from bot.nlu.words import find_words

Span = tuple[int, int]
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
_NONE = "-"
_AROUND = 2  # words on either side that are looked at


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in small letters, how it is written, how usual it is, what it may be a part of."""

    said: str
    shape: str = _NONE
    usual: str = _NONE
    title: str = _NONE
    person: str = _NONE
    phrase: str = _NONE
    quoted: str = _NONE


_START, _END = _Word("<s>"), _Word("</s>")


def words(text: str) -> list[Span]:
    """The places of the words and punctuation marks of `text`."""
    return [match.span() for match in _WORD.finditer(text)]


def overlapping(places: Sequence[Span], start: int, end: int) -> range:
    """The numbers of the words that share a character with `start:end`."""
    first = bisect_right(places, start, key=lambda place: place[1])
    return range(first, bisect_left(places, end, key=lambda place: place[0]))


def features(text: str, places: Sequence[Span], candidates: Iterable[Candidate]) -> list[list[str]]:
    """The features of each word of `places`, which `words` found in `text`."""
    row = _described(text, places, candidates)
    padded = [_START] * _AROUND + row + [_END] * _AROUND
    return [list(_of(padded[i : i + 2 * _AROUND + 1])) for i in range(len(row))]


def _of(near: Sequence[_Word]) -> Iterator[str]:
    before, word, after = near[_AROUND - 1 : _AROUND + 2]
    yield "bias"
    for at, other in enumerate(near, -_AROUND):
        yield f"w{at}={other.said}"
    for at, other in ((-1, before), (0, word), (1, after)):
        yield f"shape{at}={other.shape}"
        yield f"usual{at}={other.usual}"
        yield f"title{at}={other.title}"
        yield f"person{at}={other.person}"
        yield f"phrase{at}={other.phrase}"
        yield f"quoted{at}={other.quoted}"
        yield f"all{at}={other.title}|{other.phrase}|{other.usual}"
    yield f"before={near[0].said}_{before.said}"
    yield f"after={after.said}_{near[-1].said}"
    yield f"before,title={before.said}|{word.title}"
    yield f"after,title={after.said}|{word.title}"
    yield f"before,usual={before.said}|{word.usual}|{word.shape}"


def _described(text: str, places: Sequence[Span], candidates: Iterable[Candidate]) -> list[_Word]:
    said = [text[start:end] for start, end in places]
    style = _style(said)
    usual = ordinary()
    titles, people = [_NONE] * len(said), [_NONE] * len(said)
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.start)):
        row = titles if candidate.kind == "title" else people
        inside = _inside(places, candidate.start, candidate.end)
        if inside and all(row[i] == _NONE for i in inside):
            length = "1" if len(inside) == 1 else "+"
            for i in inside:
                begins = "B" if i == inside[0] else "I"
                row[i] = f"{begins}{length}{candidate.level}"
    phrases = [_NONE] * len(said)
    folded = fold(text)
    for find in find_words(folded, text):
        for i in _inside(places, find.start, find.end):
            phrases[i] = find.readings[0][0]
    quoted = [_NONE] * len(said)
    for start, end in quoted_spans(text):
        for i in _inside(places, start, end):
            quoted[i] = "quoted"
    described = []
    for i, word in enumerate(said):
        low = fold(word)
        how = FUNCTION if low in usual.function else "known" if usual.has_form(low) else "strange"
        opens = "^" if i == 0 or said[i - 1] in ".!?" else ""
        shape = f"{_shape(word)}{opens}{style}"
        described.append(_Word(low, shape, how, titles[i], people[i], phrases[i], quoted[i]))
    return described


def _inside(places: Sequence[Span], start: int, end: int) -> list[int]:
    near = overlapping(places, start, end)
    return [i for i in near if start <= places[i][0] and places[i][1] <= end]


def _shape(word: str) -> str:
    if word[0].isdigit():
        return "digit"
    if not word[0].isalpha():
        return "mark"
    if word[0].islower():
        return "small"
    return "CAPITALS" if len(word) > 1 and word.isupper() else "Capital"


def _style(said: Sequence[str]) -> str:
    """How the message is written: capitals say little where most words or none have them."""
    alphabetic = [word for word in said if word[0].isalpha() and word != "I"]
    capitals = sum(word[0].isupper() for word in alphabetic)
    if capitals * 2 > len(alphabetic) + 1:
        return "Capitals"
    return "small" if capitals <= 1 else "mixed"
