"""A viewer's events read as conversations: sessions, and in each the turns.

Pure: the same events give the same conversations, however often and in whatever portions they are
read. Both the projector and the page that shows a conversation read events here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.desk.offers import judge_offers
from bot.desk.turns import Conversation, Recommended, Stored, Turn, cards

# A session that does not end is cut, so that what one message costs stays bounded.
MOST_TURNS = 200
LISTEN = "action_listen"
SESSION_START = "action_session_start"


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
        judge_offers(conversation)
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


def _recommend(turn: Turn, event: Stored) -> None:
    for card in cards(event):
        if card.get("why") and card.get("id"):
            turn.recommended.append(
                Recommended(str(card["id"]), str(card.get("title") or ""), str(card["why"]))
            )
