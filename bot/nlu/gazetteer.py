"""Titles and people that a message names, from the catalogue's index of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.catalogue import shared
from bot.nlu.payload import is_payload
from bot.nlu.unknown_names import unknown_names

Entity = dict[str, Any]
UNKNOWN = "unknown"


class Match(Protocol):
    """A name found in a text; see `bot.catalogue.names.NameMatch`."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def ids(self) -> tuple[str, ...]: ...
    @property
    def match(self) -> str: ...
    @property
    def score(self) -> float: ...


class Names(Protocol):
    """What is used of `bot.catalogue.names.NameIndex`."""

    def find(self, text: str) -> Sequence[Match]: ...


class Labels(Protocol):
    """What is used of `bot.catalogue.catalogue.Catalogue`."""

    @property
    def titles(self) -> Mapping[str, Any]: ...
    @property
    def people(self) -> Mapping[str, Any]: ...
    @property
    def version(self) -> str: ...


def names_in(text: str, names: Names, catalogue: Labels, extractor: str = "") -> list[Entity]:
    """Entities "title" and "person" of `text`, in its order, none overlapping.

    Each has "value" (its English name), "id" (the best reading), "ids", "match", "score"; a
    name not in the catalogue has match "unknown", no id, and the words said as its value.
    """
    matches = [match for match in names.find(text) if match.ids]
    unknown = unknown_names(text, [(match.start, match.end) for match in matches])
    entities = [
        entity_of(match, match.start, catalogue, extractor)
        for match in matches
        if all(match.end <= name.start or name.end <= match.start for name in unknown)
    ]
    entities += [
        unknown_entity(name.kind, text, name.start, name.end, extractor) for name in unknown
    ]
    return sorted(entities, key=lambda entity: entity["start"])


def entity_of(match: Match, start: int, catalogue: Labels, extractor: str) -> Entity:
    """The entity of a name of the catalogue that begins at `start` of the message."""
    return {
        "entity": match.kind,
        "start": start,
        "end": start + match.end - match.start,
        "value": _display(match, catalogue),
        "id": match.ids[0],
        "ids": list(match.ids),
        "match": match.match,
        "score": float(match.score),
        "confidence_entity": float(match.score),
        "negated": False,
        "extractor": extractor,
    }


def unknown_entity(kind: str, text: str, start: int, end: int, extractor: str) -> Entity:
    """The entity of a name that the catalogue does not have."""
    return {
        "entity": kind,
        "start": start,
        "end": end,
        "value": text[start:end],
        "match": UNKNOWN,
        "score": 0.0,
        "negated": False,
        "extractor": extractor,
    }


def _display(match: Match, catalogue: Labels) -> str:
    if match.kind == "person":
        person = catalogue.people.get(match.ids[0])
        return person.name if person else match.ids[0]
    title = catalogue.titles.get(match.ids[0])
    return title.title if title else match.ids[0]


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
)
class GazetteerExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the titles and people of a message to its entities.

    It is also placed as a featurizer, so that Rasa runs it over training data and the intent
    classifier learns from the same entities that it will see.
    """

    def __init__(self, names: Names, catalogue: Labels) -> None:
        """Find `names`, shown as `catalogue` spells them."""
        self._names = names
        self._catalogue = catalogue

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GazetteerExtractor:
        """An extractor over the catalogue of this process.

        Raises:
            DatabaseUnavailable: the catalogue cannot be read.
        """
        return cls(shared.names(), shared.catalogue())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Training is repeated when the catalogue has changed."""
        return shared.catalogue().version

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the names in each message; entities that it has already keep their spans."""
        for message in messages:
            text = message.get(TEXT) or ""
            kept = list(message.get(ENTITIES) or [])
            if not is_payload(text):
                found = names_in(text, self._names, self._catalogue, self.name)
                kept += [entity for entity in found if not _overlaps(entity, kept)]
            message.set(ENTITIES, kept, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the names in each example to what is annotated there."""
        self.process(training_data.training_examples)
        return training_data


def _overlaps(entity: Entity, others: Sequence[Entity]) -> bool:
    return any(o["start"] < entity["end"] and entity["start"] < o["end"] for o in others)
