"""Slips in the ordinary words of a message, which phrases and intents are then found without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import sentence_vectors
from bot.nlu.misspellings import CORRECTION, Misspellings, Span
from bot.nlu.payload import is_payload


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=True,
)
class Speller(GraphComponent, EntityExtractorMixin):
    """Adds an entity `correction` for each slip; it comes after the names, which have none.

    It is also placed as a featurizer, so that Rasa runs it over training data.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: Misspellings | None = None
    ) -> None:
        """Correct by `model`; without one nothing is corrected."""
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Speller:
        """A speller to be trained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Speller:
        """The speller that `train` stored.

        Raises:
            ValueError: nothing is stored, or it is damaged.
        """
        with model_storage.read_from(resource) as directory:
            return cls(model_storage, resource, Misspellings.load(directory, _is_word))

    def train(self, training_data: TrainingData) -> Resource:
        """Count the words of the examples, their names aside."""
        model = Misspellings.learned(
            (
                (message.get(TEXT), _spans(message.get(ENTITIES) or []))
                for message in training_data.intent_examples
                if message.get(TEXT)
            ),
            _is_word,
        )
        with self._storage.write_to(self._resource) as directory:
            model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the slips of each message to its entities."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self._model is None or is_payload(text):
                continue
            entities = list(message.get(ENTITIES) or [])
            entities += [
                {
                    "entity": CORRECTION,
                    "value": slip.meant,
                    "start": slip.start,
                    "end": slip.end,
                    "extractor": self.name,
                }
                for slip in self._model.corrections(text, _spans(entities))
            ]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Correct examples as messages are."""
        self.process(training_data.training_examples)
        return training_data


def _is_word(word: str) -> bool:
    """Whether the sentence encoder knows a word; where it is away, every word is one."""
    encoder = sentence_vectors.shared()
    return encoder is None or encoder.has_word(word)


def _spans(entities: Sequence[Mapping[str, Any]]) -> list[Span]:
    return [(entity["start"], entity["end"]) for entity in entities]
