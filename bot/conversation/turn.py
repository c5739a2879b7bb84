"""One message of a viewer with what was understood of it and what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation.entity import Entity
from bot.conversation.standing_request import StandingRequest

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Pending:
    """A question of ours that waits for an answer.

    `kind` names the question ("which_title", "which_answer", "need_title", "confirm");
    `intent` is what the viewer wanted when it was asked; `options` are what may be chosen.
    """

    kind: str
    intent: str
    options: tuple[str, ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()
    text: str = ""

    def to_slot(self) -> dict[str, Any]:
        """The JSON form kept in the slot `pending`."""
        return {
            "kind": self.kind,
            "intent": self.intent,
            "options": list(self.options),
            "entities": [dict(entity) for entity in self.entities],
            "text": self.text,
        }

    @classmethod
    def from_slot(cls, value: Any) -> Pending | None:
        """Read the slot; anything that is not a question of ours is none."""
        if not isinstance(value, Mapping) or not value.get("kind"):
            return None
        return cls(
            kind=str(value["kind"]),
            intent=str(value.get("intent") or ""),
            options=tuple(value.get("options") or ()),
            entities=tuple(value.get("entities") or ()),
            text=str(value.get("text") or ""),
        )


@dataclass(frozen=True)
class Turn:
    """What an action needs to know to answer; places of entities are places in `text`.

    `rivals` are the intents that the message may have meant too, with their probabilities.
    """

    viewer: str
    language: str
    text: str
    intent: str
    entities: tuple[Entity, ...] = ()
    request: StandingRequest | None = None
    shown: tuple[str, ...] = ()
    focus: str | None = None
    focus_person: str | None = None
    pending: Pending | None = None
    asked_before: bool = False
    moderation: Mapping[str, Any] | None = None
    rivals: Mapping[str, float] = field(default_factory=dict)
    raw_entities: tuple[Mapping[str, Any], ...] = ()

    def all(self, name: str) -> list[Entity]:
        """The entities called `name`, in the order they were said."""
        return [entity for entity in self.entities if entity.name == name]

    def first(self, name: str) -> Entity | None:
        """The first entity called `name`."""
        return next((entity for entity in self.entities if entity.name == name), None)

    def resumed(self, chosen: str | None = None) -> Turn:
        """The turn that asked our pending question, now with the title that was chosen."""
        if self.pending is None:
            return self
        raw = [dict(entity) for entity in self.pending.entities]
        if chosen is not None:
            raw = [entity for entity in raw if entity.get("entity") != "title"]
            raw.append({"entity": "title", "value": chosen})
        return replace(
            self,
            intent=self.pending.intent,
            text=self.pending.text,
            entities=tuple(Entity.read(entity) for entity in raw),
            raw_entities=tuple(raw),
            rivals={},
            pending=None,
        )

    @classmethod
    def from_tracker(cls, tracker: Any) -> Turn:
        """Read a `rasa_sdk.Tracker`."""
        message = tracker.latest_message or {}
        raw = tuple(message.get("entities") or ())
        language = tracker.get_slot("language")
        text = str(message.get("text") or "")
        return cls(
            viewer=tracker.sender_id,
            language=language if language in LANGUAGES else "en",
            text=text,
            intent=(message.get("intent") or {}).get("name") or "",
            entities=tuple(Entity.read(entity) for entity in raw),
            request=StandingRequest.from_slot(tracker.get_slot("request")),
            shown=tuple(tracker.get_slot("shown") or ()),
            focus=tracker.get_slot("focus"),
            focus_person=tracker.get_slot("focus_person"),
            pending=Pending.from_slot(tracker.get_slot("pending")),
            asked_before=bool(tracker.get_slot("misunderstood")),
            moderation=message.get("moderation"),
            rivals={
                str(other.get("name")): float(other.get("confidence") or 0.0)
                for other in (message.get("intent_ranking") or ())[1:]
            },
            raw_entities=raw,
        )
