"""A viewer's events read as conversations: sessions, and in each the turns.

Pure: the same events give the same conversations, however often and in whatever portions they are
read. Both the projector and the page that shows a conversation read events here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk.skills import FALLBACKS, HANDOFF, skill_of_intent

# A session that does not end is cut, so that what one message costs stays bounded.
MOST_TURNS = 200
LISTEN = "action_listen"
SESSION_START = "action_session_start"
_NOT_UNDERSTOOD = "nlu_fallback"
_FAILURE = "utter_failure"
_ABOUT = {
    "watchlist_add": "kept",
    "rate_title": "rated",
    "seen_title": "seen",
    "refuse_title": "refused",
}
_STRONGEST = ("kept", "rated", "seen", "refused", "asked")


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
    """A session: its turns, what was said before the first of them, and a summary."""

    first: Stored
    last: Stored
    turns: list[Turn] = field(default_factory=list)
    opening: list[Stored] = field(default_factory=list)
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


def conversations(events: Iterable[Stored]) -> list[Conversation]:
    """The conversations in a viewer's events, which begin with a conversation's first event.

    A conversation begins where Rasa begins a session, and after `MOST_TURNS` turns.
    """
    found: list[Conversation] = []
    slots: dict[str, Any] = {}
    for event in events:
        if not found or _begins(event, found[-1]):
            found.append(Conversation(event, event))
            slots = {}  # Rasa sets those that a session takes over once more
        _take(found[-1], event, slots)
    for conversation in found:
        _judge_recommendations(conversation)
    return found


def _begins(event: Stored, current: Conversation) -> bool:
    if event.type_name == "user" and len(current.turns) >= MOST_TURNS:
        return True
    started = event.type_name == "action" and event.data.get("name") == SESSION_START
    return started and bool(current.turns or current.opening)


def _take(conversation: Conversation, event: Stored, slots: dict[str, Any]) -> None:
    conversation.last = event
    metadata = event.data.get("metadata") or {}
    version = metadata.get("model_id")
    if isinstance(version, str) and version not in conversation.versions:
        conversation.versions.append(version)
    turn = conversation.turns[-1] if conversation.turns else None
    kind = event.type_name
    if kind == "user":
        _begin_turn(conversation, event, metadata, slots)
    elif kind == "slot":
        name, value = str(event.data.get("name")), event.data.get("value")
        slots[name] = value
        if value is not None and not metadata.get("carried"):
            conversation.slots_set.setdefault(name, []).append(value)
        if turn is not None:
            turn.after[name] = value
    elif kind == "reset_slots":
        slots.clear()
        if turn is not None:
            turn.after.clear()
    elif kind == "bot":
        (conversation.opening if turn is None else turn.said).append(event)
        if turn is not None:
            _recommend(turn, event)
    elif kind == "action" and turn is not None:
        done = event.data.get("name")
        if done == LISTEN:
            turn.answered_at = turn.answered_at or event.timestamp
        elif done and done != SESSION_START:
            turn.actions.append(
                {
                    "name": done,
                    "policy": event.data.get("policy"),
                    "confidence": event.data.get("confidence"),
                }
            )
    elif kind == "followup" and turn is not None and isinstance(metadata.get("ms"), int | float):
        turn.answer_ms = float(metadata["ms"])


def _begin_turn(
    conversation: Conversation, event: Stored, metadata: Mapping[str, Any], slots: dict[str, Any]
) -> None:
    text = str(event.data.get("text") or "")
    payload = text.startswith("/")
    received = metadata.get("received")
    if event.channel and event.channel not in conversation.channels:
        conversation.channels.append(event.channel)
    conversation.turns.append(
        Turn(
            id=event.id,
            seq=event.seq,
            at=event.timestamp,
            text=str(metadata.get("label") or text),
            typed=not payload,
            message_id=str(event.data.get("message_id") or ""),
            language=None if payload else (event.data.get("parse_data") or {}).get("language"),
            parsed=event.data.get("parse_data") or {},
            received=float(received) if isinstance(received, int | float) else None,
            before=dict(slots),
            after=dict(slots),
        )
    )


def cards(event: Stored) -> list[Mapping[str, Any]]:
    """The cards of a message of the assistant."""
    custom = (event.data.get("data") or {}).get("custom")
    if not isinstance(custom, Mapping) or custom.get("type") != "titles":
        return []
    return [card for card in custom.get("cards") or () if isinstance(card, Mapping)]


def _recommend(turn: Turn, event: Stored) -> None:
    for card in cards(event):
        if card.get("why") and card.get("id"):
            turn.recommended.append(
                Recommended(str(card["id"]), str(card.get("title") or ""), str(card["why"]))
            )


def _judge_recommendations(conversation: Conversation) -> None:
    """What a viewer did about a title after it was offered is what came of the offer."""
    offered: dict[str, list[Recommended]] = {}
    known = skill_of_intent()
    for turn in conversation.turns:
        about = _ABOUT.get(turn.intent or "")
        if about is None and known.get(turn.intent or "") == "title_facts":
            about = "asked"
        if about is not None and offered:
            for title in _meant(turn):
                for offer in offered.get(title, ())[-1:]:
                    if offer.outcome is None or _STRONGEST.index(about) < _STRONGEST.index(
                        offer.outcome
                    ):
                        offer.outcome = about
        for offer in turn.recommended:
            offered.setdefault(offer.title_id, []).append(offer)


def _meant(turn: Turn) -> list[str]:
    """The ids of the titles that a message is about."""
    titles = [each for each in turn.entities if each.get("entity") == "title"]
    named = [str(each.get("id") or each.get("value") or "") for each in titles]
    focus = turn.after.get("focus")
    return named or ([focus] if isinstance(focus, str) else [])


def is_failure(event: Stored) -> bool:
    """Whether a message of the assistant is an apology for something that broke."""
    return (event.data.get("metadata") or {}).get("utter_action") == _FAILURE


def shown_text(event: Stored) -> str:
    """What a message of the assistant says, the names on its cards included."""
    names = [str(card.get("title") or "") for card in cards(event)]
    return " · ".join(each for each in [str(event.data.get("text") or ""), *names] if each)
