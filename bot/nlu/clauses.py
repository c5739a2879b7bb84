"""Where a message may ask for two things: "who directed Heat? And add it to my list"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.tokenizer import CJK

_BORDER = re.compile(
    # The end of a sentence, or a comma, with or without a word that begins another request …
    r"[.?!;。？！；\n]+\s*(?:and\s+|then\s+|also\s+|plus\s+|oh\s+and\s+)*"
    r"|,\s*(?:and|then|also|plus)\s+(?:then\s+|also\s+)?"
    r"|[，,、]?\s*(?:还有|另外|顺便|然后|对了|以及|再就是|並且|并且|同时)[，,：:]?\s*"
    r"|[，,]\s*(?=再|也|帮|请|给我|把)"
    r"|[，,、]\s*(?=[^，,、。？?]{0,8}(?:多少|多长|多久|几|谁|哪|什么|啥|怎么))"
    r"|,\s*(?=(?:who|what|when|where|how|which)\b)"
    # … or "and" before a word that questions and commands begin with.
    r"|\s+and\s+(?:then\s+|also\s+)?(?=(?:who|what|when|where|how|which|is|are|does|did|do|can|could|"
    r"would|please|add|put|save|remove|take|show|tell|give|rate|recommend|suggest|find|get|play|"
    r"something|any|anything|mark|i'd|i\s+want|let)\b)",
    re.IGNORECASE,
)
_SYMBOL = re.compile(rf"[{CJK}]|[^\W_]+")
FEWEST = 2
"""Words of a clause that stands by itself."""
_MOST = 6


def clauses(text: str, names: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Spans of what may be requests of their own, in order; one span when there is only one.

    No border lies inside one of `names`, the spans of titles and people. Clauses of a single
    word are left to their neighbour before them.
    """
    names = list(names)
    spans: list[tuple[int, int]] = []
    begin = 0
    for border in _BORDER.finditer(text):
        if any(start < border.end() and border.start() < end for start, end in names):
            continue
        if size(text, begin, border.start()) >= FEWEST and size(text, border.end(), len(text)):
            spans.append((begin, border.start()))
            begin = border.end()
    if spans and size(text, begin, len(text)) < FEWEST:
        spans[-1] = (spans[-1][0], len(text))
    else:
        spans.append((begin, len(text)))
    return spans if len(spans) <= _MOST else [(0, len(text))]


def size(text: str, start: int, end: int) -> int:
    """How many words and Chinese characters `text[start:end]` has."""
    return len(_SYMBOL.findall(text, start, end))
