"""Words for the full-text search of both languages, and queries over them.

Neither database has a tokenizer that serves Chinese, so words are cut here, alike for both: runs of
Latin letters and digits are words; a run of Chinese characters is kept as its overlapping pairs
and its last character (科幻片 → 科幻 幻片 片). A query of two characters or more is then a phrase
of pairs, and one of a single character a prefix, both answered from the index alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_WORD = 40
# A tsvector knows no place beyond.
_LAST_PLACE = 16_383
_MOST_TERMS = 12
_QUERY_LIMIT = 200
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN += "\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")
_PIECE = re.compile(r'(-?)"([^"]*)"?(\*?)|(-?)([^\s"]+)')


@dataclass(frozen=True)
class Term:
    """Words that stand side by side; `prefix`: the last one may go on; `absent`: must not be."""

    words: tuple[str, ...]
    prefix: bool = False
    absent: bool = False


def fold(text: str) -> str:
    """`text` in one form of writing: narrow, small letters, no accents."""
    if text.isascii():
        return text.lower()
    spelt = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(sign for sign in spelt if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> Iterator[str]:
    """The words of `text` in their order, as they are indexed."""
    for han, other in _RUN.findall(fold(text)):
        if other:
            yield other[:LONGEST_WORD]
            continue
        for place in range(len(han) - 1):
            yield han[place : place + 2]
        yield han[-1]


def parse(query: str) -> list[Term]:
    """The terms of a query, all of which must hold; none when nothing can be looked for.

    Pieces between blanks must all be there; "…" is a phrase, `word*` a beginning, `-word` must
    not be there. Everything else in the text is a blank: no input is an error.
    """
    terms: list[Term] = []
    for match in _PIECE.finditer(query[:_QUERY_LIMIT]):
        minus, quoted, star, other_minus, bare = match.groups()
        text = bare if quoted is None else quoted
        starred = bool(star) or (quoted is None and text.endswith("*"))
        absent = bool(minus or other_minus)
        runs = _RUN.findall(fold(text))
        if quoted is None and not absent:
            # Without quotation marks each run stands for itself: 推荐Inception.
            groups = [[run] for run in runs]
        else:
            groups = [runs] if runs else []
        for number, group in enumerate(groups, 1):
            terms.append(_term(group, starred and number == len(groups), absent))
    return terms[:_MOST_TERMS]


def _term(runs: list[tuple[str, str]], starred: bool, absent: bool) -> Term:
    found: list[str] = []
    prefix = starred
    for number, (han, other) in enumerate(runs, 1):
        if other:
            found.append(other[:LONGEST_WORD])
            continue
        pairs = [han[place : place + 2] for place in range(len(han) - 1)]
        if number < len(runs):
            found += [*pairs, han[-1]]
        elif pairs:
            found += pairs
            prefix = False
        else:
            found.append(han)
            prefix = True
    return Term(tuple(found), prefix, absent)


def sqlite_query(terms: Iterable[Term]) -> str | None:
    """An FTS5 query; None when it says only what must not be there."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in terms:
        written = '"' + " ".join(term.words) + '"' + ("*" if term.prefix else "")
        (unwanted if term.absent else wanted).append(written)
    if not wanted:
        return None
    return " NOT ".join(["(" + " AND ".join(wanted) + ")", *unwanted])


def postgresql_queries(terms: Iterable[Term]) -> list[tuple[str, bool]]:
    """A tsquery for each term, and whether it must be absent."""
    made = []
    for term in terms:
        parts = [f"'{word}'" for word in term.words]
        if term.prefix:
            parts[-1] += ":*"
        made.append((" <-> ".join(parts), term.absent))
    return made


def sqlite_words(texts: Iterable[str]) -> str:
    """What is indexed of some messages: words, and a sign between messages that no phrase reaches
    over."""
    return " ¶ ".join(" ".join(words(text)) for text in texts)


def postgresql_words(texts: Iterable[str]) -> str:
    """The same as a tsvector."""
    places: dict[str, list[int]] = {}
    place = 0
    for text in texts:
        for word in words(text):
            place += 1
            places.setdefault(word, []).append(min(place, _LAST_PLACE))
        place += 1
    # PostgreSQL keeps at most 255 places of a word.
    return " ".join(f"'{word}':{','.join(map(str, where[:255]))}" for word, where in places.items())


def marked(text: str, terms: Iterable[Term]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is what was looked for."""
    pieces = []
    for term in terms:
        if term.absent or not term.words:
            continue
        pattern = r"\W+".join(map(re.escape, _joined(term).split(" ")))
        if pattern[0].isascii():
            pattern = rf"(?<![^\W{_HAN}])" + pattern
        if pattern[-1].isascii():
            pattern += rf"[^\W{_HAN}]*" if term.prefix else rf"(?![^\W{_HAN}])"
        pieces.append(pattern)
    if not pieces:
        return [(text, False)]
    plain = fold(text)
    if len(plain) != len(text):
        plain = text.lower() if len(text.lower()) == len(text) else text
    wanted = re.compile("|".join(sorted(pieces, key=len, reverse=True)))
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in wanted.finditer(plain):
        if match.end() == match.start():
            continue
        parts += [(text[end : match.start()], False), (text[match.start() : match.end()], True)]
        end = match.end()
    parts.append((text[end:], False))
    return [part for part in parts if part[0]]


def _joined(term: Term) -> str:
    """The words as they stand in a text: pairs of characters laid over each other again."""
    written = ""
    for word in term.words:
        if written and len(word) == 2 and _is_han(word) and written[-1] == word[0]:
            written += word[1]
        elif written and len(word) == 1 and _is_han(word) and written[-1] == word:
            continue
        else:
            written += (" " if written else "") + word
    return written


def _is_han(word: str) -> bool:
    return bool(re.fullmatch(f"[{_HAN}]+", word))
