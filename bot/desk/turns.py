"""What a viewer's events say: turns, and the conversations that they make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk.skills import FALLBACKS, HANDOFF, skill_of_intent

_NOT_UNDERSTOOD = "nlu_fallback"
_FAILURE = "utter_failure"


@dataclass(frozen=True)
class Stored:
    """A row of `events`."""

    id: int
    seq: int
    type_name: str
    timestamp: float
    language: str | None
    channel: str | None
    data: Mapping[str, Any]

    @classmethod
    def of(cls, row: Any) -> Stored:
        """Read a row of the table."""
        return cls(
            row.id, row.seq, row.type_name, row.timestamp, row.language, row.channel,
            json.loads(row.data),
        )  # fmt: skip


@dataclass
class Recommended:
    """A title offered with a reason, and what came of it."""

    title_id: str
    title: str
    why: str
    outcome: str | None = None


@dataclass
class Turn:
    """A viewer's message and all that came of it.

    `parsed` is what was understood, `before` and `after` the slots; times are in seconds since
    1970, durations in milliseconds.
    """

    id: int
    seq: int
    at: float
    text: str
    typed: bool
    message_id: str
    language: str | None
    parsed: Mapping[str, Any]
    received: float | None = None
    actions: list[dict[str, Any]] = field(default_factory=list)
    said: list[Stored] = field(default_factory=list)
    recommended: list[Recommended] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    answered_at: float | None = None
    answer_ms: float | None = None

    @property
    def ranking(self) -> list[Mapping[str, Any]]:
        """The intents in question, the likeliest first, without the verdict of not knowing."""
        ranked = self.parsed.get("intent_ranking") or ()
        return [each for each in ranked if each.get("name") not in (None, _NOT_UNDERSTOOD)]

    @property
    def intent(self) -> str | None:
        """The intent that was acted upon."""
        return (self.parsed.get("intent") or {}).get("name")

    @property
    def confidence(self) -> float | None:
        """Of the likeliest intent; none for a button, which cannot be misread."""
        if not self.typed or not self.ranking:
            return None
        return float(self.ranking[0].get("confidence") or 0.0)

    @property
    def action(self) -> str | None:
        """The first action that answered."""
        return self.actions[0]["name"] if self.actions else None

    @property
    def fallback(self) -> bool:
        """Whether it stayed without an answer on the matter."""
        return any(each["name"] in FALLBACKS for each in self.actions)

    @property
    def moderation(self) -> Mapping[str, Any]:
        """The verdict of moderation; empty for a button."""
        return self.parsed.get("moderation") or {}

    @property
    def milliseconds(self) -> float | None:
        """From the message to the end of its answer; none while there is none."""
        if self.answered_at is None:
            return None
        return round(max(self.answered_at - (self.received or self.at), 0.0) * 1000, 1)

    @property
    def entities(self) -> list[Mapping[str, Any]]:
        """What was found in the text."""
        return list(self.parsed.get("entities") or ())


@dataclass
class Conversation:
    """A session: its turns, what was said before the first of them, and a summary.

    `by_staff` is what people of the staff said in it; `thumbs` (up | down) and `scores` (1 to 5)
    are what the viewer thinks.
    """

    first: Stored
    last: Stored
    turns: list[Turn] = field(default_factory=list)
    opening: list[Stored] = field(default_factory=list)
    by_staff: list[str] = field(default_factory=list)
    thumbs: list[str] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    slots_set: dict[str, list[Any]] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)

    @property
    def said(self) -> Iterable[Stored]:
        """Every message of the assistant."""
        yield from self.opening
        for turn in self.turns:
            yield from turn.said

    @property
    def handed_over(self) -> bool:
        """Whether the viewer was put into the queue for a person."""
        return any(each["name"] == HANDOFF for turn in self.turns for each in turn.actions)

    @property
    def skills(self) -> list[str]:
        """The skills used, in the order of their first use."""
        known = skill_of_intent()
        used = (known.get(turn.intent or "") for turn in self.turns)
        return list(dict.fromkeys(skill for skill in used if skill))


def cards(event: Stored) -> list[Mapping[str, Any]]:
    """The cards of a message of the assistant."""
    custom = (event.data.get("data") or {}).get("custom")
    if not isinstance(custom, Mapping) or custom.get("type") != "titles":
        return []
    return [card for card in custom.get("cards") or () if isinstance(card, Mapping)]


def is_failure(event: Stored) -> bool:
    """Whether a message of the assistant is an apology for something that broke."""
    return (event.data.get("metadata") or {}).get("utter_action") == _FAILURE


def shown_text(event: Stored) -> str:
    """What a message of the assistant says, the names on its cards included."""
    names = [str(card.get("title") or "") for card in cards(event)]
    return " · ".join(each for each in [str(event.data.get("text") or ""), *names] if each)
