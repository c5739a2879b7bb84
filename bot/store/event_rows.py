"""A Rasa event as a row of the table `events`: masked, with the columns the staff search by."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.shared.core.events import Event

from bot.store import storable
from bot.store.privacy import mask

# Ids of the catalogue are the bulk of what slots hold and never personal.
_CATALOGUE_ID = re.compile(r"(?:tt|nm)\d{6,9}|[a-z][a-z0-9-]*-\d{4}(?:-s)?")
_PUBLIC = frozenset({"model_id", "assistant_id"})


def masked(event: Event) -> dict[str, Any]:
    """The event as Rasa serialises it, with what the viewer said masked."""
    data: dict[str, Any] = event.as_dict()
    kind = event.type_name
    if kind == "user":
        data["text"] = mask_all(data.get("text"))
        parsed = dict(data.get("parse_data") or {})
        for name in ("text", "entities", "metadata"):
            if parsed.get(name):
                parsed[name] = mask_all(parsed[name])
        data["parse_data"] = parsed
        data["metadata"] = mask_all(data.get("metadata"))
    elif kind in ("slot", "entities"):
        for name in ("value", "entities"):
            if name in data:
                data[name] = mask_all(data[name])
    elif kind == "bot":
        custom = (data.get("data") or {}).get("custom")
        if isinstance(custom, dict) and custom.get("type") == "file" and "text" in custom:
            # A file is made of what is kept elsewhere: an export would hold every earlier one.
            custom = {name: value for name, value in custom.items() if name != "text"}
            data["data"] = {**data["data"], "custom": custom}
    return data


def row(
    sender_id: str, seq: int, event: Event, data: dict[str, Any], language: Any
) -> dict[str, Any]:
    """The row for `data`, the masked form of `event`; `language` is the conversation's."""
    parsed = data.get("parse_data") or {}
    intent = (parsed.get("intent") or {}).get("name")
    return {
        "sender_id": storable.text(sender_id),
        "seq": seq,
        "type_name": event.type_name,
        "timestamp": event.timestamp,
        "intent": _word(intent, 160),
        "action": _word(data.get("name"), 160) if event.type_name == "action" else None,
        "language": _word(parsed.get("language") or language, 8),
        "channel": _word(data.get("input_channel"), 80),
        "data": storable.dump(data),
    }


def event_of(data: str) -> Event | None:
    """The event of a row's `data`; None for a kind this version does not know."""
    return Event.from_parameters(json.loads(data))


def _word(value: Any, limit: int) -> str | None:
    return storable.text(value, limit) if isinstance(value, str) else None


def mask_all(value: Any) -> Any:
    """`value`, any JSON, with personal data in its texts masked."""
    if isinstance(value, str):
        return value if _CATALOGUE_ID.fullmatch(value) else mask(value)
    if isinstance(value, list | tuple):
        return [mask_all(each) for each in value]
    if isinstance(value, dict):
        return {name: each if name in _PUBLIC else mask_all(each) for name, each in value.items()}
    return value
