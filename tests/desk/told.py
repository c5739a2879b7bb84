"""Conversations as events in the database, without the assistant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine

from bot.store.database import reading, writing
from bot.store.desk_schema import conversations
from bot.store.schema import events

NOON = 1_790_000_000.0


@dataclass
class Say:
    """A message, what was understood and what came of it."""

    text: str
    intent: str = "recommend"
    answer: str = "Here you are."
    language: str = "en"
    action: str = ""
    confidence: float = 0.9
    cards: Sequence[tuple[str, str, str | None]] = ()  # id, title, why
    entities: Sequence[dict[str, Any]] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    moderation: dict[str, Any] | None = None
    ms: float = 40.0
    label: str | None = None
    channel: str = "web"
    version: str = "one"


def session(at: float) -> list[dict[str, Any]]:
    """What Rasa writes when a session begins."""
    return [
        {"event": "action", "timestamp": at, "name": "action_session_start"},
        {"event": "session_started", "timestamp": at},
        {"event": "action", "timestamp": at, "name": "action_listen"},
    ]


def turn(said: Say, at: float, number: int = 0) -> list[dict[str, Any]]:
    """What Rasa writes of a message."""
    rival = {"name": "refine", "confidence": round(min(1 - said.confidence, said.confidence), 4)}
    parsed: dict[str, Any] = {
        "intent": {"name": said.intent, "confidence": said.confidence},
        "intent_ranking": [{"name": said.intent, "confidence": said.confidence}, rival],
        "entities": list(said.entities),
        "language": said.language,
        "text": said.text,
        "moderation": said.moderation or {"flagged": False, "score": 0.01},
    }
    made: list[dict[str, Any]] = [
        {
            "event": "user",
            "timestamp": at,
            "text": said.text,
            "parse_data": parsed,
            "message_id": f"m{number}",
            "input_channel": said.channel,
            "metadata": {"label": said.label} if said.label else {},
        },
        {
            "event": "action",
            "timestamp": at + said.ms / 1000,
            "name": said.action or f"action_{said.intent}",
            "policy": "RulePolicy",
            "confidence": 1.0,
        },
        {"event": "bot", "timestamp": at + said.ms / 1000, "text": said.answer, "data": {}},
    ]
    if said.cards:
        cards = [
            {key: value for key, value in zip(("id", "title", "why"), card, strict=True) if value}
            for card in said.cards
        ]
        custom = {"type": "titles", "cards": cards}
        made.append({"event": "bot", "timestamp": at + said.ms / 1000, "data": {"custom": custom}})
    made += [
        {"event": "slot", "timestamp": at + said.ms / 1000, "name": name, "value": value}
        for name, value in said.slots.items()
    ]
    made.append({"event": "action", "timestamp": at + said.ms / 1000, "name": "action_listen"})
    return [
        {**each, "metadata": {"model_id": said.version, **each.get("metadata", {})}}
        for each in made
    ]


def write(connection: Connection, sender: str, happened: Sequence[dict[str, Any]]) -> None:
    """Append events to a conversation."""
    last = select(func.max(events.c.seq)).where(events.c.sender_id == sender)
    seq = int(connection.execute(last).scalar() or 0)
    rows = [
        {
            "sender_id": sender,
            "seq": seq + number,
            "type_name": each["event"],
            "timestamp": each["timestamp"],
            "intent": None,
            "action": each.get("name") if each["event"] == "action" else None,
            "language": (each.get("parse_data") or {}).get("language"),
            "channel": each.get("input_channel"),
            "data": json.dumps(each, ensure_ascii=False),
        }
        for number, each in enumerate(happened, 1)
    ]
    connection.execute(events.insert(), rows)


def tell(engine: Engine, sender: str, said: Sequence[Say], at: float = NOON) -> None:
    """A session of `sender` with these messages, a minute apart."""
    happened = session(at)
    for number, each in enumerate(said):
        happened += turn(each, at + 1 + 60 * number, number)
    with writing(engine) as connection:
        write(connection, sender, happened)


def number_of(engine: Engine, viewer: str) -> int:
    """The number of a viewer's newest conversation."""
    query = select(func.max(conversations.c.id)).where(conversations.c.viewer == viewer)
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())
