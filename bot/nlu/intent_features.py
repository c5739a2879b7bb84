"""What the intent classifier looks at in a message.

Names and values are replaced by placeholders, so that "who directed Heat" and 《霸王别姬》谁导演的
teach the sentence and not the film; that they were there counts as a feature of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.nlu.fold import fold
from bot.nlu.misspellings import CORRECTION
from bot.nlu.tokenizer import CJK
from models.encoder import ANYONE

# One private character each: placeholders are single symbols to character n-grams.
PLACEHOLDERS = {
    entity: chr(0xE000 + number)
    for number, entity in enumerate(
        (
            "title",
            "person",
            "genre",
            "years",
            "runtime",
            "country",
            "spoken_language",
            "rating",
            "ordinal",
            "number",
        )
    )
}
_SYMBOL = re.compile(
    rf"[\ue000-\uf8ff]|[{CJK}]|(?:(?![{CJK}\ue000-\uf8ff])[^\W_])+(?:'[a-z]+)?|[?!]"
)
_TITLE = PLACEHOLDERS["title"]
_END_ZH = r"[吧呗啦呢啊。!?~ ]*$"
_KIND_ZH = "(?:电视连续剧|连续剧|电视剧|大?电影|影片|动画片?|动漫|卡通片?|综艺|纪录片|剧集?|片)"
# A title that is itself to be seen, not what is like it: "I'd like to watch the movie Heat".
_TO_BE_SEEN = re.compile(
    rf"\b(?:watch|see|watching|seeing)\s+(?:the\s+)?(?:(?:movie|film|show|series)\s+)?(?:called\s+)?{_TITLE}"
    rf"|(?:看|播|放|播放|点播|来一?[部集])(?:一?下)?{_KIND_ZH}?\s?{_TITLE}\s?{_KIND_ZH}?{_END_ZH}"
)
# A title that others are to be like: "something along the lines of Heat", 像《活着》那样的.
_TO_BE_LIKE = re.compile(
    rf"\b(?:like|similar\s+to|along\s+the\s+lines\s+of|in\s+the\s+(?:vein|style|spirit)\s+of|close(?:r|st)?\s+to|reminds?"
    rf"\s+(?:me\s+)?of|reminiscent\s+of|comparable\s+to|akin\s+to|vibes?\s+(?:of|as)|resembl\w+|as)\s+(?:the\s+)?"
    rf"(?:(?:movie|film|show|series)\s+)?{_TITLE}"
    rf"|{_TITLE}(?:'s)?\s*-?(?:like|esque|ish|type|style|vibes?)\b"
    rf"|(?:像|跟|和|类似于?|接近|好像|如|有点)\W?{_TITLE}\W?(?:那|这|一|差不|同|类|很?像|相[似近]|的|风格|气质|味道)"
    rf"|类似于?\W?{_TITLE}|{_TITLE}\W?(?:的?(?:同款|平替|代餐|同类)|(?:这|那)[种样类]|之类|一样的?|类似|差不多)"
)
_NAMED_ZH = re.compile(rf"^{_KIND_ZH}?\s?{_TITLE}\s?{_KIND_ZH}?{_END_ZH}")
_LONGEST = 400  # characters that are read; an intent is plain from far fewer
_LONGEST_GRAM = 4


def masked(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """`text` folded, its names and values replaced by placeholders, single spaces between words.

    What is misspelt is as it was meant.
    """

    def placeholder(entity: Mapping[str, Any]) -> str | None:
        if entity.get("entity") == CORRECTION:
            return str(entity["value"])
        return PLACEHOLDERS.get(str(entity.get("entity")))

    return " ".join(_replaced(fold(text), entities, placeholder)[:_LONGEST].split())


def anonymous(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """`text` with any title and person for the one named, as the sentence encoder reads it."""
    return _replaced(text, entities, lambda entity: ANYONE.get(str(entity.get("entity"))))


def _replaced(
    text: str,
    entities: Iterable[Mapping[str, Any]],
    instead: Callable[[Mapping[str, Any]], str | None],
) -> str:
    """`text` with `instead` of each entity, if anything; of two at one place, of the longer."""
    pieces: list[str] = []
    at = 0
    for entity in sorted(entities, key=_by_place):
        said = instead(entity)
        start, end = entity.get("start"), entity.get("end")
        if said and start is not None and end is not None and at <= start < end:
            pieces += [text[at:start], said]
            at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _by_place(entity: Mapping[str, Any]) -> tuple[int, int, bool]:
    start, end = entity.get("start") or 0, entity.get("end") or 0
    return start, -end, entity.get("entity") == CORRECTION


def features(
    text: str, entities: Sequence[Mapping[str, Any]] = (), language: str | None = None
) -> Iterator[tuple[str, str]]:
    """Pairs of a block ("word", "char", "fact") and a feature in it; as often as it occurs."""
    plain = masked(text, entities)
    words = ["^", *_SYMBOL.findall(plain), "$"]
    for i, word in enumerate(words[1:], 1):
        if word != "$":
            yield "word", word
        yield "word", f"{words[i - 1]} {word}"
    padded = f" {plain} "
    for size in range(1, _LONGEST_GRAM + 1):
        for i in range(len(padded) - size + 1):
            yield "char", padded[i : i + size]
    yield "fact", f"language {language}"
    yield "fact", f"words {min(len(words) - 2, 12) // 2}"
    present = {str(entity.get("entity")) for entity in entities} - {CORRECTION}
    for name in sorted(present):
        yield "fact", f"has {name}"
    for entity in entities:
        if entity.get("match") == "unknown":
            yield "fact", f"unknown {entity['entity']}"
        if entity.get("negated"):
            yield "fact", "refused"
    if len(words) == 3 and words[1] in PLACEHOLDERS.values():
        yield "fact", f"only {words[1]}"
    elif _TO_BE_LIKE.search(plain):
        yield "fact", "to be like"
    elif _TO_BE_SEEN.search(plain):
        yield "fact", "to be seen"
    elif _NAMED_ZH.match(plain):
        yield "fact", "only a title and its kind"
