"""The intent classifier as a component of Rasa's graph."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_features import anonymous, features
from bot.nlu.intent_model import Feature, IntentModel, train
from bot.nlu.language import LANGUAGE
from bot.nlu.misspellings import without_slips
from bot.nlu.payload import is_payload
from bot.nlu.requests import Request, is_question, last_clause, requests_in
from bot.nlu.sentence_vectors import vector

logger = logging.getLogger(__name__)

REQUESTS = "requests"
_RANKED = 10
# The exponent of a question at the end beside the whole message, which may lead up to it at length.
_QUESTION = 0.4
# Below this the last clause is asked whatever it is, and believed where it is so much surer.
_UNSURE, _SURER = 0.35, 0.1
# What is wished for; whether it changes a request that stands is for the action to see.
_WISHES = {"recommend", "refine"}
_TIE = 0.05
# A payload's intent is filled in later by Rasa; one that Rasa does not know stays not understood.
_PAYLOAD_INTENT = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Sets `intent` and `intent_ranking` (at most 10) of a message.

    One that asks for two things gets `requests` too: of each the text, the intent and the
    entities, with places in that text. Its intent is the first one's.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength`, `folds` and `iterations` as in `bot.nlu.intent_model.train`."""
        return {"strength": 20.0, "folds": 5, "iterations": 100}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Classify with `model`; without one, nothing is understood until `train` has run."""
        self._config = config
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
    ) -> IntentClassifier:
        """A classifier to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """The classifier that `train` stored; an untrained one if there were no examples.

        Raises:
            IntentModelError: the stored model is damaged.
        """
        try:
            with model_storage.read_from(resource) as directory:
                model = IntentModel.load(directory)
        except ValueError:  # the storage has nothing: there were no examples to train on
            return cls.create(config, model_storage, resource, execution_context)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the examples that have a text and an intent, and store it."""
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT) and not is_payload(message.get(TEXT))
        ]
        if not examples:
            logger.warning("no examples: intents will not be understood")
            return self._resource
        self._model = train(
            [_features(message) for message in examples],
            [message.get(INTENT) for message in examples],
            [_vector(message) for message in examples],
            strength=float(self._config["strength"]),
            folds=int(self._config["folds"]),
            iterations=int(self._config["iterations"]),
        )
        with self._storage.write_to(self._resource) as directory:
            self._model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message; payloads are left to Rasa's handler of them.

        The slips among its entities have served their purpose then, and are left out.
        """
        for message in messages:
            requests = self._requests(message)
            ranking = list(requests[0].ranking) if requests else self._ranking(message)
            message.set(ENTITIES, without_slips(message.get(ENTITIES) or []), add_to_output=True)
            if len(requests) > 1:
                found = [request.to_message() for request in requests]
                message.set(REQUESTS, found, add_to_output=True)
            first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(first), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _requests(self, message: Message) -> list[Request]:
        def rank(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
            return self._ranked(self._probabilities(_part(message, text, entities)))

        text = message.get(TEXT) or ""
        return [] if is_payload(text) else requests_in(text, message.get(ENTITIES) or [], rank)

    def _ranking(self, message: Message) -> list[Mapping[str, Any]]:
        """The intents of a message taken whole, its last clause heard apart."""
        text = message.get(TEXT) or ""
        if is_payload(text):
            return [{"name": _PAYLOAD_INTENT, "confidence": 1.0}]
        whole = self._probabilities(message)
        last = last_clause(text, message.get(ENTITIES) or [])
        if whole is None or last is None:
            return self._ranked(whole)
        asked = is_question(last[0])
        if asked or whole.max() < _UNSURE:
            alone = self._probabilities(_part(message, *last))
            if alone is not None and asked:
                whole = _together(whole, alone)
            elif alone is not None and alone.max() > whole.max() + _SURER:
                whole = alone
        return self._ranked(whole)

    def _ranked(self, probabilities: np.ndarray | None) -> list[Mapping[str, Any]]:
        if self._model is None or probabilities is None:
            return []
        best = np.argsort(-probabilities, kind="stable")[:_RANKED]
        labels = self._model.labels
        ranking = [{"name": labels[i], "confidence": float(probabilities[i])} for i in best]
        return _without_tie(ranking)

    def _probabilities(self, message: Message) -> np.ndarray | None:
        """The probability of each label (labels,); none where there is nothing to understand."""
        if self._model is None or _is_mute(message.get(TEXT) or ""):
            return None
        return self._model.probabilities(_features(message), _vector(message))


def _together(whole: np.ndarray, question: np.ndarray) -> np.ndarray:
    """The weighted geometric mean of two distributions (labels,), summing to 1."""
    least = np.float32(1e-6)
    mean = (whole + least) ** (1 - _QUESTION) * (question + least) ** _QUESTION
    return np.asarray(mean / mean.sum())


def _without_tie(ranking: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A ranking in which two ways to put one wish are no doubt about it, where they come first."""
    if {each["name"] for each in ranking[:2]} != _WISHES:
        return list(ranking)
    first, second, *rest = ranking
    if first["confidence"] - second["confidence"] > _TIE:
        return list(ranking)
    both = first["confidence"] + second["confidence"]
    return [{**first, "confidence": both}, {**second, "confidence": 0.0}, *rest]


def _part(message: Message, text: str, entities: Sequence[Mapping[str, Any]]) -> Message:
    """A clause of a message, in its language."""
    return Message({TEXT: text, ENTITIES: entities, LANGUAGE: message.get(LANGUAGE)})


def _is_mute(text: str) -> bool:
    """Whether there is nothing but spaces and punctuation ("???") in a text."""
    return all(unicodedata.category(character)[0] in "PZC" for character in text)


def _features(message: Message) -> list[Feature]:
    entities = message.get(ENTITIES) or []
    return list(features(message.get(TEXT), entities, message.get(LANGUAGE)))


def _vector(message: Message) -> np.ndarray | None:
    text = anonymous(message.get(TEXT), message.get(ENTITIES) or [])
    return vector(text, message.get(LANGUAGE))
