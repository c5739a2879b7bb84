"""English names that the catalogue does not have, told by the words around them.

What is spoken or typed in a hurry has no capitals: "who directed splatter disco", "a western
directed by ivan zuccon".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue.frames import framed_title
from bot.catalogue.ordinary import ordinary
from bot.nlu.fold import fold
from bot.nlu.words import find_words

# What stands where a title may stand, and is none.
_NO_TITLE = re.compile(
    r"(?:this|that|these|those|its?|s?he|they|him|her|them|my|your|his|their|our|me|you|we|i|i'm|any|both|most|more|others"
    r"|another|each|every|with|about|where|which|of|by|to|on|at|and|or|for|played|has|have|had|is|was|are|were|will|can"
    r"|does|did|do|not|just|so|yet|out|really|exactly|going|you're|best|worst|same|latest|newest|following|previous|named"
    r"|called|titled|today|tonight|tomorrow|industry|festivals?|theat(?:er|re)s?|cinemas?|version|list|title|genre|stars?"
    r"|poster|reviews?|trailer|score|ratings?|tickets?|quality|makers?|studio|business|based|made|directed|starring|playing"
    r"|shown|released|recommended|mentioned|(?:one|first|second|third|last|next|other)(?:\s+(?:ones?|part|season|episode))?\s*$)\b"
    r"|.*\b(?:it|them|this|these|those|something|anything|movies|films|shows|you|i)\b"
)
_WORD = r"[a-z][a-z'.-]+"
_WHO = rf"(?P<name>{_WORD}(?:\s+{_WORD}){{1,2}}?(?:\s+jr\.?)?)"
_AFTER_WHO = (
    r"(?=\s*(?:$|[?!.;,]|(?:in|from|about|that|which|and|with|rated|rate|released|during|within|it|on|the|has|have"
    r"|had|got|received|is|was|were|who|to|where|set|for|of|people|based|an?|r|pg|my|i|please|or|movies?|films?|\d+)\b))"
)
_FILMS = (
    r"(?:movies?|films?|shows?|flicks?|series|documentary|documentaries|romances?|comed(?:y|ies)|thrillers?|dramas?"
    r"|westerns?|musicals?|myster(?:y|ies)|horror|animation|biograph(?:y|ies)|biopics?)"
)
_PERSON_FRAMES = [
    re.compile(frame)
    for frame in (
        rf"\b(?:directed|filmed)\s+by\s+(?:the\s+)?(?:director\s+)?{_WHO}{_AFTER_WHO}",
        rf"\b(?:director|actor|actress)\s+{_WHO}{_AFTER_WHO}",
        rf"\b(?:starring|stars|featuring)\s+{_WHO}{_AFTER_WHO}",
        rf"\b(?:did|has|have|does)\s+{_WHO}\s+(?:ever\s+)?(?:direct(?:ed)?|star(?:red)?|act(?:ed)?|appear(?:ed)?)\b",
        rf"\ban?\s+{_WHO}\s+directed\b",
        rf"\b{_FILMS}\b[^?!;,]{{0,80}}?\bby\s+{_WHO}{_AFTER_WHO}",
    )
]
_NOBODY_TEXT = """
    filmmaker filmmakers director directors directed actor actors actress actresses star stars
    cast crew anyone someone somebody anybody everyone nobody woman women men man people director's
    movie movies film films show shows series academy oscar award winning famous
"""
_NOBODY = frozenset(_NOBODY_TEXT.split())

Span = tuple[int, int]


def title_asked_for(text: str) -> Span | None:
    """The span of what must be a title by the words around it, and is not just film talk."""
    span = framed_title(text)
    if span is None:
        return None
    said = fold(text[slice(*span)])
    rest = list(said)
    for find in find_words(said, said):
        rest[find.start : find.end] = " " * (find.end - find.start)
    left = [word for word in "".join(rest).split() if word not in ordinary().function]
    return span if left and not _NO_TITLE.match(said) else None


def people_asked_for(folded: str) -> Iterator[Span]:
    """Spans of what must be people's names by the words around them, in a folded text."""
    usual = ordinary()
    found: set[Span] = set()
    for frame in _PERSON_FRAMES:
        for match in frame.finditer(folded):
            words = match["name"].split()
            if any(word in usual.function or word in _NOBODY for word in words):
                continue
            if all(usual.has_form(word) for word in words) or any(
                True for _ in find_words(match["name"], match["name"])
            ):
                continue
            if match.span("name") not in found:
                found.add(match.span("name"))
                yield match.span("name")
