"""The things that one message asks for: "who directed Heat? And add it to my list"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.clauses import FEWEST, clauses, size
from bot.nlu.misspellings import without_slips

Entity = Mapping[str, Any]
Ranking = Sequence[Mapping[str, Any]]

_PAUSE = re.compile(r"[.?!;,。？！；，、\n]+\s*")
_QUESTION = re.compile(
    r"[?？]\s*$|[吗嗎呢]\W*$|谁|誰|什么|什麼|啥|哪|几|幾|多少|多大|多[长長]|多久|怎么|怎麼|为什么|有没有|有沒有|是不是|能不能"
    r"|\b(?:who|what|when|where|why|how|which)\b|^\W*(?:is|are|does|did|do|can|could|was|were)\b",
    re.IGNORECASE,
)
# What else asks for a fact: "tell me the year".
_COMMAND = re.compile(
    r"\b(?:tell|show|give|list|name|need|want|wonder|know)\b|告诉|告訴|说说|說說|说一下|介绍|讲讲|查|列|想知道|请问|求|给我|帮我",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"(?:\W|\b(?:and|or|so|then|ok|okay|what|how|about|with|the|movie|film|show)\b|还有|還有|那|和|至于|说到|关于|电影)*",
    re.IGNORECASE,
)
_NAMED = 6  # characters with which a fact may just be named: "director, year"
_FACT = "ask_"  # begins the name of an intent that asks for a fact
# How sure each of two requests in one message must be.
SURE = 0.5
_NAMES = frozenset({"title", "person"})
# What is said beside a request, and is none.
_SOCIAL = frozenset({"greet", "thank", "praise_bot", "how_are_you"})
# What is only an answer, or is said of all that stands beside it.
_WHOLE_TEXT = """
    abuse affirm bot_challenge choose complain_bot deny goodbye help nlu_fallback out_of_scope
    picture refine repeat self_harm set_language undo
"""
_WHOLE = frozenset(_WHOLE_TEXT.split())
# Said before a wish for titles, these are what it rests on: "I loved Heat. What next?"
_GROUNDS = frozenset({"rate_title", "seen_title", "refuse_title", "ask_title", "explain"})
_WISHES = frozenset({"recommend", "more_options"})
# So is praise of a title that is then to be played: "Heat is great. Put it on".
_PLAY = "play_title"


@dataclass(frozen=True)
class Request:
    """A clause with its entities, whose places are in `text`, and the intents it may have."""

    text: str
    entities: Sequence[Entity]
    ranking: Ranking

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return str(self.ranking[0]["name"])

    def to_message(self) -> dict[str, Any]:
        """The JSON form kept in a message."""
        return {"text": self.text, "intent": self.intent, "entities": without_slips(self.entities)}


def last_clause(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]] | None:
    """The last clause of `text` with its entities; none where the text has but one.

    People lead up to what they ask: "yes, I liked it. Who made it?"
    """
    start = 0
    for border in _PAUSE.finditer(text):
        inside = any(e["start"] < border.end() and border.start() < e["end"] for e in entities)
        if not inside and size(text, border.end(), len(text)) >= FEWEST:
            start = border.end()
    return (text[start:], _placed(entities, start, len(text))) if start else None


def is_question(clause: str) -> bool:
    """Whether a clause asks for something, by its sign or its words."""
    return bool(_QUESTION.search(clause))


def _tells(request: Request) -> bool:
    """Whether words about a fact ask for nothing."""
    asks = is_question(request.text) or _COMMAND.search(request.text)
    return request.intent.startswith(_FACT) and len(request.text) > _NAMED and not asks


def _only_names(clause: str, entities: Sequence[Entity]) -> bool:
    """Whether a clause only says a name, which what stands beside it is about."""
    rest = list(clause)
    for entity in entities:
        if entity.get("entity") in _NAMES:
            rest[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    left = "".join(rest)
    return left != clause and _JOINING.fullmatch(left) is not None


def _rests(second: Request) -> bool:
    """Whether a request takes what was said before it for granted."""
    named = any(e.get("entity") == "title" for e in second.entities)
    return second.intent in _WISHES or (second.intent == _PLAY and not named)


def _placed(entities: Sequence[Entity], start: int, end: int) -> list[Entity]:
    """The entities inside `start:end`, with their places counted from `start`."""
    inside = [e for e in entities if start <= e["start"] and e["end"] <= end]
    return [{**e, "start": e["start"] - start, "end": e["end"] - start} for e in inside]


def requests_in(
    text: str, entities: Sequence[Entity], rank: Callable[[str, Sequence[Entity]], Ranking]
) -> list[Request]:
    """The one or two requests among the clauses of `text`; none where it is to be taken whole.

    Every clause must surely be a request or a courtesy, which goes unanswered beside a request; so
    does what only tells a fact: "it's from 1954, I think. Who directed it?"
    """
    names = [(e["start"], e["end"]) for e in entities if e.get("entity") in _NAMES]
    spans = clauses(text, names)
    if len(spans) < 2:
        return []
    found = []
    for start, end in spans:
        placed = _placed(entities, start, end)
        if _only_names(text[start:end], placed):
            return []  # "and Heat, how long is it?"
        ranking = rank(text[start:end], placed)
        if not ranking or float(ranking[0]["confidence"]) < SURE or ranking[0]["name"] in _WHOLE:
            return []
        request = Request(text[start:end], placed, ranking)
        if request.intent not in _SOCIAL and not _tells(request):
            found.append(request)
    if len(found) == 2 and found[0].intent == found[1].intent:
        return []
    if len(found) == 2 and found[0].intent in _GROUNDS and _rests(found[1]):
        return [Request(text, entities, found[1].ranking)]
    return found if len(found) <= 2 else []
