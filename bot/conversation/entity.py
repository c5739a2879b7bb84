"""A typed entity of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A typed entity of the message.

    `id` is the canonical id of a title or person, `ids` all readings of its name, best first.
    `match` says how a name was found ("exact", "alias", "fuzzy", "pinyin", "unknown").
    """

    name: str
    value: Any
    start: int = 0
    end: int = 0
    id: str | None = None
    ids: tuple[str, ...] = ()
    negated: bool = False
    match: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Entity:
        """Read Rasa's form of an entity; a button's payload carries only name and value."""
        value = raw.get("value")
        ids = tuple(i for i in raw.get("ids") or () if isinstance(i, str))
        own = raw.get("id")
        # The places that Rasa gives a payload's entities are in the payload, not in the text.
        from_button = raw.get("extractor") in (None, "RegexMessageHandler")
        if own is None and from_button and isinstance(value, str):
            own = value
        return cls(
            name=str(raw.get("entity")),
            value=value,
            start=0 if from_button else int(raw.get("start") or 0),
            end=0 if from_button else int(raw.get("end") or 0),
            id=own,
            ids=ids or ((own,) if own else ()),
            negated=bool(raw.get("negated")),
            match=str(raw.get("match") or ""),
        )
