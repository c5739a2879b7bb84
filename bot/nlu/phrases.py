"""Everything but names: genres, moods, years, lengths, ratings, places in a row, refusals."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.catalogue.lexicon import LEXICON_DIR
from bot.nlu.counts import find_counts
from bot.nlu.fold import fold
from bot.nlu.found import Found, settle
from bot.nlu.misspellings import CORRECTION, corrected, corrections, without_slips
from bot.nlu.negation import Mention, negated
from bot.nlu.payload import is_payload
from bot.nlu.pointing import find_pointers
from bot.nlu.ratings import find_ratings
from bot.nlu.rivals import standing_names, without_kinds_of_named
from bot.nlu.runtimes import find_runtimes
from bot.nlu.words import find_words
from bot.nlu.years import find_years

Entity = dict[str, Any]


def with_phrases(text: str, names: Sequence[Entity] = (), extractor: str = "") -> list[Entity]:
    """`names` and every phrase found around them, in the order of the text, with refusals.

    `names` are entities already found; their spans are left to them, but for a name that is
    only a part of a phrase. Phrases are found in the text without its slips. Each entity has
    "entity", "value", "start", "end", "negated" and "extractor".
    """
    folded = fold(text)
    slips = [name for name in names if name["entity"] == CORRECTION]
    finds = _finds(text, slips)
    standing = standing_names(text, without_slips(names), finds)
    entities: list[Entity] = [dict(name) for name in standing]
    finds = without_kinds_of_named(text, finds, entities)
    finds = settle(finds, [(name["start"], name["end"]) for name in entities])
    for find in finds:
        for kind, value in find.readings:
            entities.append(
                {
                    "entity": kind,
                    "value": dict(value) if isinstance(value, dict) else value,
                    "start": find.start,
                    "end": find.end,
                    "extractor": extractor,
                }
            )
    entities.sort(key=lambda e: (e["start"], e["end"]))
    mentions = [Mention(e["entity"], e["start"], e["end"]) for e in entities]
    for said, refused in zip(entities, negated(folded, mentions), strict=True):
        said["negated"] = refused
    return [*entities, *slips]


def _finds(text: str, slips: Sequence[Entity]) -> list[Found]:
    meant, places = corrected(text, corrections(slips))
    folded = fold(meant)
    finds = [
        *find_ratings(folded),
        *find_runtimes(folded),
        *find_years(folded),
        *find_pointers(folded),
        *find_words(folded, meant),
        *find_counts(folded),
    ]
    if not slips:
        return finds
    return [Found(places[f.start], places[f.end - 1] + 1, f.readings) for f in finds]


def lexicon_fingerprint() -> str:
    """Changes when a file of the lexicon does."""
    digest = hashlib.sha256()
    for path in sorted(LEXICON_DIR.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
)
class PhraseExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the phrases of a message to its entities.

    It is also placed as a featurizer, so that Rasa runs it over training data and the intent
    classifier learns from the same entities that it will see.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PhraseExtractor:
        """An extractor; there is nothing to set."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Training is repeated when the lexicon has changed."""
        return lexicon_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the phrases of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            names = message.get(ENTITIES) or []
            if not is_payload(text):
                message.set(ENTITIES, with_phrases(text, names, self.name), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the phrases of each example."""
        self.process(training_data.training_examples)
        return training_data
