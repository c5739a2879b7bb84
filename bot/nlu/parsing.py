"""What the pipeline made of a message, in the form that `python -m bot parse` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.nlu.language import LANGUAGE

_RANKED = 3


def parse_result(parse_data: Mapping[str, Any]) -> dict[str, Any]:
    """The understanding in `parse_data` (Rasa's) as one JSON-ready object.

    It has text, language ("en", "zh" or none), intent {name, confidence}, intent_ranking (the
    first 3), entities [{entity, value, id, start, end, negated}] and moderation (or none).
    """
    return {
        "text": parse_data.get("text") or "",
        "language": parse_data.get(LANGUAGE),
        "intent": _ranked(parse_data.get("intent") or {}),
        "intent_ranking": [
            _ranked(intent) for intent in (parse_data.get("intent_ranking") or [])[:_RANKED]
        ],
        "entities": [
            {
                "entity": entity.get("entity"),
                "value": entity.get("value"),
                "id": entity.get("id"),
                "start": entity.get("start"),
                "end": entity.get("end"),
                "negated": bool(entity.get("negated")),
            }
            for entity in parse_data.get("entities") or []
        ],
        "moderation": parse_data.get("moderation"),
    }


def _ranked(intent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0), 4),
    }
