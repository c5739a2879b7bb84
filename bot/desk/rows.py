"""A conversation as rows of the desk's tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.desk import words
from bot.desk.scope import DAY
from bot.desk.sequence import steps
from bot.desk.turns import Conversation, Turn, is_failure, shown_text
from bot.store import storable

Rows = dict[str, list[dict[str, Any]]]
TABLES = (
    "conversations",
    "conversation_marks",
    "turns",
    "recommended_titles",
    "conversation_words",
)
_OPENING = 160
_VALUE = 120
_GRAVEST = ("self_harm", "threat", "hate", "sexual", "insult", "spam")
# Small words that say nothing of what a question is about.
_EMPTY = frozenset(
    (
        *(
            "a",
            "an",
            "the",
            "is",
            "are",
            "was",
            "do",
            "does",
            "did",
            "i",
            "you",
            "me",
            "my",
            "your",
        ),
        *("it", "its", "to", "of", "in", "on", "for", "and", "or", "can", "could", "would", "will"),
        *("please", "so", "just", "have", "has", "with", "that", "this", "be"),
        *("的", "了", "吗", "呢", "啊", "吧", "呀", "我", "你", "是", "有", "请"),
    )
)


def rows_of(viewer: str, some: Iterable[Conversation], dialect: str) -> Rows:
    """The rows of `viewer`'s conversations, by table."""
    made: Rows = {name: [] for name in TABLES}
    for conversation in some:
        made["conversations"].append(_summary(viewer, conversation))
        owner = conversation.first.id
        made["conversation_marks"] += [
            {"kind": kind, "value": value, "conversation": owner}
            for kind, value in sorted(_marks(conversation))
        ]
        for turn in conversation.turns:
            made["turns"].append(_turn(owner, turn))
            made["recommended_titles"] += [
                {
                    "turn": turn.id,
                    "position": position,
                    "conversation": owner,
                    "title_id": storable.text(each.title_id, 160),
                    "why": storable.text(each.why, 2000),
                    "outcome": each.outcome,
                }
                for position, each in enumerate(turn.recommended, 1)
            ]
        write = words.postgresql_words if dialect == "postgresql" else words.sqlite_words
        said = [turn.text for turn in conversation.turns if turn.text and turn.text[0] != "/"]
        answered = [*map(shown_text, conversation.said), *conversation.by_staff]
        made["conversation_words"].append(
            {"id": owner, "said": write(said), "answered": write(answered)}
        )
    return made


def _summary(viewer: str, conversation: Conversation) -> dict[str, Any]:
    turns = conversation.turns
    flagged = [turn for turn in turns if turn.moderation.get("flagged")]
    categories = {str(turn.moderation.get("category")) for turn in flagged}
    sure = [turn.confidence for turn in turns if turn.confidence is not None]
    times = [turn.milliseconds for turn in turns if turn.milliseconds is not None]
    bot = list(conversation.said)
    typed = next((turn.text for turn in turns if turn.typed), turns[0].text if turns else "")
    return {
        "id": conversation.first.id,
        "viewer": storable.text(viewer),
        "first_seq": conversation.first.seq,
        "last_seq": conversation.last.seq,
        "day": int(conversation.first.timestamp // DAY),
        "started_at": conversation.first.timestamp,
        "last_at": conversation.last.timestamp,
        "channel": conversation.channels[0] if conversation.channels else None,
        "language": _language(conversation),
        "version": storable.text(conversation.versions[-1], 40) if conversation.versions else None,
        "messages": len(turns) + len(bot) + len(conversation.by_staff),
        "viewer_messages": len(turns),
        "lowest_confidence": min(sure, default=None),
        "fallbacks": sum(turn.fallback for turn in turns),
        "failures": sum(is_failure(each) for each in bot),
        "handed_over": int(conversation.handed_over),
        "flagged": len(flagged),
        "category": min(categories, key=_gravity, default=None),
        "slowest": max(times, default=None),
        "rating": conversation.scores[-1] if conversation.scores else None,
        "thumbs_up": conversation.thumbs.count("up"),
        "thumbs_down": conversation.thumbs.count("down"),
        "opening": storable.text(typed, _OPENING),
        "skills": " ".join(conversation.skills),
        "steps": steps(turns),
        "last_step": turns[-1].intent if turns else None,
    }


def _gravity(category: str) -> tuple[int, str]:
    known = category in _GRAVEST
    return (_GRAVEST.index(category) if known else len(_GRAVEST)), category


def _language(conversation: Conversation) -> str | None:
    spoken = {turn.language for turn in conversation.turns if turn.language}
    if len(spoken) > 1:
        return "mixed"
    if spoken:
        return storable.text(spoken.pop(), 8)
    known = conversation.last.language
    return storable.text(known, 8) if known else None


def _marks(conversation: Conversation) -> set[tuple[str, str]]:
    made: set[tuple[str, str]] = set()

    def mark(kind: str, value: Any) -> None:
        if value:
            made.add((kind, storable.text(str(value), _VALUE)))

    for skill in conversation.skills:
        mark("skill", skill)
    for turn in conversation.turns:
        mark("intent", turn.intent)
        for action in turn.actions:
            mark("action", action["name"])
        for entity in turn.entities:
            name = entity.get("entity")
            mark("entity", name)
            for value in {entity.get("value"), entity.get("id")} if _plain(entity) else ():
                if value is not None:
                    mark("entity", f"{name}={value}")
        if turn.moderation.get("flagged"):
            mark("category", turn.moderation.get("category"))
            mark("outcome", "abuse")
        if turn.fallback:
            mark("outcome", "fallback")
        if any(is_failure(each) for each in turn.said):
            mark("outcome", "failure")
    if conversation.handed_over:
        mark("outcome", "handoff")
    for verdict in conversation.thumbs:
        mark("feedback", verdict)
        mark("feedback", "any")
    if conversation.scores:
        mark("rating", conversation.scores[-1])
    for name, values in conversation.slots_set.items():
        mark("slot", name)
        for value in values:
            if isinstance(value, str | int | float) and len(str(value)) <= 40:
                mark("slot", f"{name}={value}")
    return made


def _plain(entity: Any) -> bool:
    return all(isinstance(entity.get(name), str | int | float | None) for name in ("value", "id"))


def _turn(owner: int, turn: Turn) -> dict[str, Any]:
    ranking = turn.ranking
    rival = ranking[1] if turn.typed and len(ranking) > 1 else {}
    flagged = bool(turn.moderation.get("flagged"))
    return {
        "id": turn.id,
        "conversation": owner,
        "seq": turn.seq,
        "at": turn.at,
        "text": storable.text(turn.text),
        "typed": int(turn.typed),
        "language": storable.text(turn.language, 8) if turn.language else None,
        "intent": storable.text(turn.intent, 160) if turn.intent else None,
        "confidence": turn.confidence,
        "rival": storable.text(str(rival["name"]), 160) if rival else None,
        "rival_confidence": float(rival.get("confidence") or 0.0) if rival else None,
        "action": storable.text(turn.action, 160) if turn.action else None,
        "milliseconds": turn.milliseconds,
        "fallback": int(turn.fallback),
        "category": str(turn.moderation.get("category")) if flagged else None,
        "score": turn.moderation.get("score"),
        "gist": gist(turn.text) if turn.fallback and turn.typed else None,
    }


def gist(text: str) -> str:
    """What questions are grouped by: their telling words, each once and in order of the alphabet,
    numbers alike. A text of small words only stands for itself."""
    found = {"0" if word.isdigit() else word for word in words.words(text)}
    telling = sorted(found - _EMPTY) or sorted(found) or text.split()
    return storable.text(" ".join(telling), 200)
