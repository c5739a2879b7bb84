"""Marks abusive messages: data `moderation`, and the intents `abuse` and `self_harm`."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.payload import is_payload
from models.artefact import ArtefactError
from models.moderation.predict import SHIPPED, Moderator, Verdict

MODERATION = "moderation"
_RANKING = "intent_ranking"
_NAMES = frozenset({"title", "person"})
# The intents that moderation is there to tell, and how sure the intent classifier must be of one
# against it.
JUDGED = frozenset({"abuse", "self_harm"})
SURE = 0.9

logger = structlog.get_logger()


@lru_cache(maxsize=4)
def moderator(folder: Path) -> Moderator | None:
    """The moderator in `folder`; none, said once in the log, when it cannot be loaded."""
    try:
        return Moderator.load(folder)
    except ArtefactError as error:
        logger.error("moderation.unavailable", error=str(error))
        return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ModerationGate(GraphComponent):
    """Runs last: a flagged message gets the intent `abuse` or `self_harm`, whatever it had."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        moderator(folder)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`artefact`: folder of the weights; empty for those that come with Usher."""
        return {"artefact": ""}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ModerationGate:
        """Make the component from its configuration."""
        return cls(Path(config["artefact"]) if config.get("artefact") else SHIPPED)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ModerationGate:
        """Make the component from its configuration; nothing is stored."""
        return cls.create(config, model_storage, resource, execution_context)

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message that somebody wrote; payloads of buttons pass."""
        judge = moderator(self._folder)
        if judge is None:
            return messages
        for message in messages:
            text = message.get(TEXT)
            if text and not is_payload(text):
                self._mark(message, judge.check(text, known_names(message)))
        return messages

    @staticmethod
    def _mark(message: Message, verdict: Verdict) -> None:
        message.set(MODERATION, asdict(verdict), add_to_output=True)
        if not verdict.flagged:
            _overrule(message)
            return
        name = "self_harm" if verdict.category == "self_harm" else "abuse"
        intent = {"name": name, "confidence": verdict.score}
        ranking = [other for other in message.get(_RANKING) or () if other.get("name") != name]
        message.set(INTENT, intent, add_to_output=True)
        message.set(_RANKING, [dict(intent), *ranking], add_to_output=True)


def _overrule(message: Message) -> None:
    """Give a harmless message its likeliest other intent, unless the classifier is all but sure."""
    intent = message.get(INTENT) or {}
    if intent.get("name") in JUDGED and float(intent.get("confidence") or 0.0) < SURE:
        ranking = [i for i in message.get(_RANKING) or () if i.get("name") not in JUDGED]
        if ranking:
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(_RANKING, ranking, add_to_output=True)


def known_names(message: Message) -> list[tuple[int, int]]:
    """Spans of the titles and people of the catalogue that were found in the message."""
    return [
        (entity["start"], entity["end"])
        for entity in message.get(ENTITIES) or ()
        if entity.get("entity") in _NAMES and entity.get("id")
    ]
