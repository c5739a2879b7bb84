"""Which of the names found in an English message are meant, and which the catalogue lacks.

The index of names knows how names are written; here is learned what is said around them. "Show
me the movie with the shark" names no film called Me, whatever the catalogue has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.catalogue import shared
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.evidence import is_quoted
from bot.catalogue.name_keys import PERSON, TITLE
from bot.catalogue.names import NameIndex
from bot.catalogue.spelling import has_ideograph
from bot.nlu.gazetteer import UNKNOWN, entity_of, unknown_entity
from bot.nlu.name_examples import Named, OtherNames, annotated
from bot.nlu.name_features import Span, features, overlapping, words
from bot.nlu.name_model import FILE, NameModel, Tagged, labels, train
from bot.nlu.payload import is_payload

Entity = Mapping[str, Any]
_STRANGE = "out_of_scope"  # its names are not annotated


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=True,
)
class NameTagger(GraphComponent, EntityExtractorMixin):
    """Takes back names that are not meant and adds those that only the sentence shows.

    It comes right after `GazetteerExtractor`, and is placed as a featurizer like it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least`: below this probability no word of a name is part of one, and it is taken back;
        `sure`: from this on what the index has not found is a name; `variants`: how often a
        sentence is learned with other names in it; `l1`, `l2`, `iterations` as in
        `bot.nlu.name_model.train`."""
        return {
            "least": 0.05,
            "sure": 0.9,
            "variants": 4,
            "l1": 0.05,
            "l2": 0.02,
            "iterations": 60,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        names: NameIndex,
        catalogue: Catalogue,
        model: NameModel | None = None,
    ) -> None:
        """Judge by `model`; without one every name stands."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._names = names
        self._catalogue = catalogue
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameTagger:
        """A tagger to be trained.

        Raises:
            DatabaseUnavailable: the catalogue cannot be read.
        """
        return cls(config, model_storage, resource, shared.names(), shared.catalogue())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NameTagger:
        """The tagger that `train` stored; an untrained one if there were no names to learn.

        Raises:
            NameModelError: the stored model is damaged.
            DatabaseUnavailable: the catalogue cannot be read.
        """
        tagger = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as directory:
                tagger._model = NameModel(directory / FILE)
        except ValueError:  # the storage has nothing
            pass
        return tagger

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the English sentences and the names annotated in them."""
        sentences = list(self._sentences(training_data.intent_examples))
        if any(sentence.names for sentence in sentences):
            with self._storage.write_to(self._resource) as directory:
                train(
                    (self._example(sentence) for sentence in sentences),
                    directory / FILE,
                    l1=float(self._config["l1"]),
                    l2=float(self._config["l2"]),
                    iterations=int(self._config["iterations"]),
                )
        return self._resource

    def _sentences(self, examples: Iterable[Message]) -> Iterator[Named]:
        other = OtherNames(
            [title.title for title in self._catalogue.titles.values()],
            [person.name for person in self._catalogue.people.values()],
        )
        for example in examples:
            text = example.get(TEXT) or ""
            if not _is_read(text):
                continue
            marked = [e for e in example.get(ENTITIES) or () if e["entity"] in (TITLE, PERSON)]
            names = annotated(marked)
            if example.get(INTENT) == _STRANGE and self._has_plain_name(text, marked):
                continue
            yield other.hurried(Named(text, names))
            yield from other.varied(Named(text, names), int(self._config["variants"]))

    def _has_plain_name(self, text: str, entities: Sequence[Entity]) -> bool:
        """Whether one of the names found is no ordinary word."""
        found = {(e["start"], e["end"]) for e in entities}
        return any(
            (candidate.start, candidate.end) in found and not candidate.level
            for candidate in self._names.candidates(text)
        )

    def _example(self, sentence: Named) -> tuple[list[list[str]], list[str]]:
        places = words(sentence.text)
        seen = features(sentence.text, places, self._names.candidates(sentence.text))
        return seen, labels(places, sentence.names)

    def process(self, messages: list[Message]) -> list[Message]:
        """Take back and add names in each message; what is annotated by hand stands."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self._model is not None and _is_read(text):
                found = self._judged(text, message.get(ENTITIES) or [], self._model)
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Do to examples what is done to messages, so that intents are learned from the same."""
        self.process(training_data.training_examples)
        return training_data

    def _judged(self, text: str, entities: Sequence[Entity], model: NameModel) -> list[Entity]:
        places = words(text)
        tagged = model.tag(features(text, places, self._names.candidates(text)))
        kept = [e for e in entities if self._stands(text, e, places, tagged)]
        for name in tagged.names:
            start, end = places[name.first][0], places[name.last][1]
            if name.sure < self._config["sure"] or not any(map(str.isalnum, text[start:end])):
                continue
            beside = [e for e in kept if e["start"] < end and start < e["end"]]
            if all(_is_guess(text, e) and e["entity"] == name.kind for e in beside):
                kept = [e for e in kept if e not in beside]
                kept.append(self._entity(text, start, end, name.kind))
        return sorted(kept, key=lambda entity: entity["start"])

    def _stands(self, text: str, entity: Entity, places: Sequence[Span], tagged: Tagged) -> bool:
        start, end = entity["start"], entity["end"]
        if entity["entity"] not in (TITLE, PERSON) or entity.get("match") in (None, UNKNOWN):
            return True
        if is_quoted(text, start, end):
            return True
        inside = (tagged.part_of_name[i] for i in overlapping(places, start, end))
        return max(inside, default=1.0) >= self._config["least"]

    def _entity(self, text: str, start: int, end: int, kind: str) -> dict[str, Any]:
        match = self._names.called(text[start:end], kind)
        if match is None:
            return unknown_entity(kind, text, start, end, self.name)
        return entity_of(match, start, self._catalogue, self.name)


def _is_guess(text: str, entity: Entity) -> bool:
    """Whether an entity is a name that was only guessed from a frame or from capital letters."""
    unknown = entity.get("match") == UNKNOWN
    return unknown and not is_quoted(text, entity["start"], entity["end"])


def _is_read(text: str) -> bool:
    return bool(text) and not has_ideograph(text) and not is_payload(text)
