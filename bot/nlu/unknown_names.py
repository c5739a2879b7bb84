"""Names that the catalogue does not have, told by how they are written.

"Who directed Zorblax?" names a film that we do not know; the answer should say so rather than
be about another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue.evidence import quoted_spans
from bot.catalogue.frames import only_describes
from bot.nlu.fold import fold
from bot.nlu.tokenizer import CJK
from bot.nlu.unknown_names_en import people_asked_for, title_asked_for
from bot.nlu.unknown_names_zh import asked_for
from bot.nlu.words import find_words

_TITLE_MARKS = "《〈「『"
_LONGEST = 60
_MOST_WORDS = 7
_CAPITAL = r"[A-Z][\w'’.&-]*"
_JOINT = r"(?:of|the|and|a|an|in|to|for|on|with|at|from|vs\.?|de|la|le|du|&)"
_SPAN = re.compile(rf"{_CAPITAL}(?::?\s+(?:{_JOINT}\s+){{0,2}}(?:{_CAPITAL}|\d{{1,4}}\b))*")
_TITLE_CUE = re.compile(
    r"(?:\b(?:directed|directs|wrote|made|seen|saw|watch|watched|watching|rewatch|called|titled|named|entitled|"
    r"like|rate|rated|loved|liked|enjoyed|hated|finished|similar\s+to|heard\s+of|review\s+of|play|recommended|"
    r"stars?\s+in|starred\s+in|starring\s+in|acts?\s+in|acted\s+in|plays?\s+in|played\s+in|(?:is|was|are|were)\s+in|"
    r"appears?\s+in|actors?\s+in|(?:tell\s+me|know|heard|hear|think|what|how|something|more|info)\s+about|"
    r"(?:director|cast|plot|runtime|rating|ending|year|story|summary|stars|name|title|length|end|score)\s+of|"
    r"(?:how\s+(?:long|good|old|is|was)(?:\s+is|\s+was)?)|when\s+(?:was|did|is)|"
    r"(?:/10|/5|stars|points|of\s+10|of\s+ten)\s+(?:for|to))\s+|^\s*(?:add|remove|rate|play|is|was)\s+)"
    r"(?:the\s+)?(?:(?:movie|film|show|series|tv\s+show)\s+)?(?:called\s+)?$"
)
_PERSON_CUE = re.compile(
    r"\b(?:with|w/|by|starring|stars?|feat(?:uring|\.)?|who\s+is|who's|who\s+was|actor|actress|director|work(?:ed)?\s+with)\s+$"
)
_NO_NAMES_TEXT = """
    i i'm i've i'd i'll netflix amazon prime disney hbo hulu apple imdb tv dvd bluray blu-ray
    hd uhd 4k google youtube monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december christmas
    halloween easter english chinese paypal visa mastercard chromecast roku android iphone ipad
    windows mac wifi wi-fi usher ok okay god oscar oscars rotten tomatoes metacritic douban
    samsung sony lg xbox playstation
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_JOINED = re.compile(r"^(?:and|or|vs\.?|versus|&|,)\b|\b(?:and|or|vs\.?|versus|&|,)\s*$")
_PERSON = re.compile(rf"{_CAPITAL}(?:\s+{_CAPITAL}){{1,3}}")


@dataclass(frozen=True)
class UnknownName:
    """`text[start:end]` is the name of a "title" or "person" not in the catalogue."""

    kind: str
    start: int
    end: int


def unknown_names(text: str, known: Sequence[tuple[int, int]]) -> list[UnknownName]:
    """Names in `text` that are none of `known`, the spans of names found in the catalogue.

    What stands in 《》 is a title as a whole, even where a known name is a part of it; so a name
    given here may lie over known ones, which then do not count.
    """
    names = list(_quoted(text, known))
    spans = [*known, *((name.start, name.end) for name in names)]
    if not re.search(f"[{CJK}]", text):
        names += _framed(text, spans)
        spans += [(name.start, name.end) for name in names]
        names += _capitalised(text, spans)
    elif not spans and (asked := asked_for(text)):
        names.append(UnknownName("title", *asked))
    return names


def _quoted(text: str, known: Sequence[tuple[int, int]]) -> Iterator[UnknownName]:
    for start, end in quoted_spans(text):
        start, end = _trimmed(text, start, end)
        if start >= end or end - start > _LONGEST:
            continue
        if any(s <= start and end <= e for s, e in known) or not _wordy(text[start:end]):
            continue
        marked = text[max(start - 1, 0)] in _TITLE_MARKS
        if not marked:
            if _overlaps(start, end, known) or _in_lexicon(text[start:end]):
                continue
            if text[start - 1] in "'‘_*" or len(text[start:end].split()) > _MOST_WORDS:
                continue
        yield UnknownName("title", start, end)


def _framed(text: str, known: Sequence[tuple[int, int]]) -> Iterator[UnknownName]:
    """Names that the words around them tell; one may hold a shorter name that is known."""
    asked = title_asked_for(text)
    if asked:
        inside = [span for span in known if _overlaps(*asked, [span])]
        if not inside or (len(inside) == 1 and _says_more(text, *asked, inside[0])):
            yield UnknownName("title", *asked)
    for start, end in people_asked_for(fold(text)):
        inside = [span for span in known if _overlaps(start, end, [span])]
        if all(start <= s and e <= end and " " not in text[s:e] for s, e in inside):
            yield UnknownName("person", start, end)


def _says_more(text: str, start: int, end: int, known: tuple[int, int]) -> bool:
    """Whether `start:end` is a longer name than the known one in it, and not that one described."""
    if known[1] > end or (known[0] < start and not _ARTICLE.fullmatch(text[known[0] : start])):
        return False
    before, after = text[start : max(start, known[0])].lower(), text[known[1] : end].lower()
    if _JOINED.search(before) or _JOINED.match(after.strip()):
        return False
    return not only_describes(f"{before} {after}")


def _capitalised(text: str, known: Sequence[tuple[int, int]]) -> Iterator[UnknownName]:
    if text.upper() == text:
        return
    folded = fold(text)
    taken = list(known)
    for match in _SPAN.finditer(text):
        start, end = _trimmed(text, match.start(), match.end())
        if _overlaps(start, end, taken) or not _is_name(text, start, end):
            continue
        people = _PERSON.fullmatch(text, start, end)
        if people and _PERSON_CUE.search(folded, 0, start):
            yield UnknownName("person", start, end)
        elif _TITLE_CUE.search(folded, 0, start):
            yield UnknownName("title", start, end)
        else:
            continue
        taken.append((start, end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks and stops at its ends."""
    while start < end and text[start] in " \t":
        start += 1
    while start < end and text[end - 1] in " .,!?'’-&:":
        end -= 1
    return start, end


def _is_name(text: str, start: int, end: int) -> bool:
    said = text[start:end].lower()
    if not said or any(word in _NO_NAMES for word in said.split()):
        return False
    # Where most other words have capitals too, capitals say nothing.
    others = [w for w in re.findall(r"[A-Za-z]+", text[:start] + " " + text[end:]) if w != "I"]
    capitals = sum(word[0].isupper() for word in others)
    return not _in_lexicon(text[start:end]) and capitals * 2 <= len(others) + 1


def _in_lexicon(said: str) -> bool:
    """Whether most of `said` are words of the lexicon, as in "in French"."""
    covered = sum(find.end - find.start for find in find_words(fold(said), said))
    return covered * 2 >= len(said)


def _wordy(said: str) -> bool:
    return any(character.isalnum() for character in said)


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(s < end and start < e for s, e in spans)
