"""One message of a viewer with what was understood of it and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation.entity import Entity
from bot.conversation.standing_request import StandingRequest

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Pending:
    """A question of ours that waits for an answer.

    `kind` names the question ("which_title", "which_answer", "which_reading", "need_title",
    "confirm");
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

    `earlier_requests` are those that the standing request grew from, the latest last; `rivals`
    the intents that the message may have meant too, with their probabilities; `requests` what it
    asks for where that is two things; `last_fact` the intent of the fact told just before.
    """

    viewer: str
    language: str
    text: str
    intent: str
    entities: tuple[Entity, ...] = ()
    request: StandingRequest | None = None
    earlier_requests: tuple[Mapping[str, Any], ...] = ()
    shown: tuple[str, ...] = ()
    focus: str | None = None
    focus_person: str | None = None
    last_fact: str | None = None
    pending: Pending | None = None
    asked_before: bool = False
    moderation: Mapping[str, Any] | None = None
    rivals: Mapping[str, float] = field(default_factory=dict)
    raw_entities: tuple[Mapping[str, Any], ...] = ()
    requests: tuple[Mapping[str, Any], ...] = ()

    def parts(self) -> list[Turn]:
        """A turn for each thing that the message asks for; this one where it is a single thing."""
        if len(self.requests) < 2 or self.requests[0]["intent"] != self.intent:
            return [self]
        return [
            replace(
                self,
                text=str(request["text"]),
                intent=str(request["intent"]),
                entities=tuple(Entity.read(entity) for entity in request["entities"]),
                raw_entities=tuple(request["entities"]),
                rivals=self.rivals if number == 0 else {},
                requests=(),
            )
            for number, request in enumerate(self.requests)
        ]

    def after(self, slots: Mapping[str, Any]) -> Turn:
        """This turn, once an answer before it has set `slots`."""
        return replace(
            self,
            request=StandingRequest.from_slot(slots.get("request")) or self.request,
            earlier_requests=tuple(slots.get("earlier_requests") or self.earlier_requests),
            shown=tuple(slots.get("shown") or self.shown),
            focus=slots.get("focus", self.focus),
            focus_person=slots.get("focus_person") or self.focus_person,
            pending=None,
        )

    def likeliest(self, names: Iterable[str], least: float) -> str | None:
        """The likeliest of `names` among the rivals that are at least so likely; else none."""
        likely = [name for name in names if self.rivals.get(name, 0.0) >= least]
        return max(likely, key=self.rivals.__getitem__, default=None)

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
            earlier_requests=tuple(tracker.get_slot("earlier_requests") or ()),
            shown=tuple(tracker.get_slot("shown") or ()),
            focus=tracker.get_slot("focus"),
            focus_person=tracker.get_slot("focus_person"),
            last_fact=tracker.get_slot("last_fact"),
            pending=Pending.from_slot(tracker.get_slot("pending")),
            asked_before=bool(tracker.get_slot("misunderstood")),
            moderation=message.get("moderation"),
            rivals={
                str(other.get("name")): float(other.get("confidence") or 0.0)
                for other in (message.get("intent_ranking") or ())[1:]
            },
            raw_entities=raw,
            requests=tuple(message.get("requests") or ()),
        )
