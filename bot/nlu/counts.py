"""How many titles are wanted: "three movies", "give me 5", 来五部, 推荐两三部."""

from __future__ import annotations

import re

from bot.nlu.found import Found, found
from bot.nlu.numerals import CHINESE_NUMBER, ENGLISH_NUMBER, number

_MOST = 50
_THINGS = (
    r"(?:films?|movies?|shows?|series|titles?|suggestions?|recommendations?|recs?|options?|picks?|"
    r"choices?|flicks?|ideas?|comedies|thrillers|dramas|documentaries|westerns|musicals|cartoons|more)"
)
_ENGLISH = re.compile(
    rf"(?<![\w.$/#-])(?P<n>{ENGLISH_NUMBER})\s+(?:(?!years?\b|hours?\b|minutes?\b|stars?\b|out\b|of\b|"
    rf"and\b|or\b|thumbs?\b|with\b)[a-z-]+\s+){{0,3}}?{_THINGS}\b"
    rf"|\b(?:give\s+me|show\s+me|recommend(?:\s+me)?|suggest(?:\s+me)?|list(?:\s+me)?|name|top|just|need)\s+"
    rf"(?P<m>{ENGLISH_NUMBER})\b(?!\s*(?:hours?|minutes?|mins?|hrs?|stars?|years?|out|/|\.|%|decades?|-))"
    r"|\ba\s+(?P<couple>couple)\s+(?:of\s+)?(?=[a-z-]*\s*(?:films?|movies?|shows?|more|titles?|options?))"
)
_CHINESE = re.compile(
    rf"(?<![第这那某每哪同另上下后前半最\d.])(?P<n>{CHINESE_NUMBER})\s*部(?!分|曲|队|门|落|长)"
    rf"|(?:来|推荐|给我|换|列|挑|选|找|要|介绍|安利)(?:我|出|个)?\s*(?P<m>{CHINESE_NUMBER})\s*个(?!小时|半|钟|月|人|字)"
)


def find_counts(folded: str) -> list[Found]:
    """Every number of titles in a folded text; the span is that of the number alone."""
    finds: list[Found] = []
    for match in (*_ENGLISH.finditer(folded), *_CHINESE.finditer(folded)):
        groups = match.groupdict()
        group = next(name for name, said in groups.items() if said is not None)
        value = 2.0 if group == "couple" else number(match[group])
        if value is not None and 1 <= value <= _MOST and value == int(value):
            finds.append(found("number", int(value), match, group))
    return finds
