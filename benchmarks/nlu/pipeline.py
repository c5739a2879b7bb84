"""The components of config.yml, made and run one by one, for cross-validation.

What comes before the first that is trained is done once for every sentence; the rest is made anew
for each fold.
Moderation, which runs last, is left out: it is learned elsewhere and from these sentences too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import yaml

from bot.nlu import sentence_vectors
from bot.nlu.name_examples import annotated
from bot.settings import ROOT, settings
from models.encoder.predict import Encoder
from models.encoder.train import Sentence, english, tune

FALLBACK_CLASSIFIER = "FallbackClassifier"
_CLASSIFIER = ".IntentClassifier"


@dataclass(frozen=True)
class Part:
    """One entry of the pipeline: its class and its settings, defaults filled in."""

    name: str
    kind: Any
    config: dict[str, Any]

    @property
    def trainable(self) -> bool:
        """Whether it learns from examples."""
        return hasattr(self.kind, "train")


def parts(path: Path = ROOT / "config.yml") -> tuple[list[Part], list[Part]]:
    """The entries up to the fallback: those before the first that is trained, and the others."""
    from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS
    from rasa.shared.utils.common import class_from_module_path

    stock = {component.__name__: component for component in DEFAULT_COMPONENTS}
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["pipeline"]
    made = []
    for entry in entries:
        name = entry["name"]
        kind = stock[name] if name in stock else class_from_module_path(name)
        settings = {key: value for key, value in entry.items() if key != "name"}
        made.append(Part(name, kind, {**kind.get_default_config(), **settings}))
        if name == FALLBACK_CLASSIFIER:
            break
    first = next(i for i, part in enumerate(made) if part.trainable)
    return made[:first], made[first:]


def before_classifier(learned: Sequence[Part]) -> list[Part]:
    """Those of `learned` that find names, slips and phrases."""
    return list(takewhile(lambda part: not part.name.endswith(_CLASSIFIER), learned))


class Untrained:
    """The parts that need no training, made once."""

    def __init__(self, untrained: Sequence[Part]) -> None:
        self._components = [
            part.kind.create(part.config, None, None, None)  # they neither store nor load
            for part in untrained
        ]

    def as_training(self, data: Any) -> None:
        """Do to training data (Rasa's) what `rasa train` does before the classifier sees it."""
        for component in self._components:
            if hasattr(component, "process_training_data"):
                component.process_training_data(data)

    def process(self, messages: list[Any]) -> list[Any]:
        """Do to messages what is done to those of viewers."""
        for component in self._components:
            messages = component.process(messages)
        return messages


@contextmanager
def trained(learned: Sequence[Part], data: Any) -> Iterator[list[tuple[Part, Any]]]:
    """Each part of `learned` with its component, trained on `data`, stored and loaded."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    with TemporaryDirectory() as folder:
        storage, context = LocalModelStorage(Path(folder)), ExecutionContext(GraphSchema({}))
        components = []
        for number, part in enumerate(learned):
            resource = Resource(f"{part.name}-{number}")
            component = part.kind.create(part.config, storage, resource, context)
            if part.trainable:
                resource = component.train(data)
                component = part.kind.load(part.config, storage, resource, context)
            if hasattr(component, "process_training_data"):
                # The parts after it learn from what it makes of the examples.
                component.process_training_data(data)
            components.append((part, component))
        yield components


@contextmanager
def encoder_tuned_on(
    sentences: Sequence[Sentence], progress: Callable[[str], None]
) -> Iterator[None]:
    """While it lasts, the sentence encoder is one that was tuned to nothing but `sentences`."""
    folder = settings().models_dir / "encoder"
    layers = tune(folder, english(sentences), progress=lambda line: progress(f"encoder, {line}"))
    encoder = Encoder.with_layers(folder, layers)
    with patch.object(sentence_vectors, "shared", lambda: encoder):
        sentence_vectors.encoded.cache_clear()
        yield
    sentence_vectors.encoded.cache_clear()


def sentence(example: Any) -> Sentence:
    """A training example (Rasa's) as it was annotated by hand."""
    names = annotated(example.get("entities") or ())
    return Sentence(example.get("text"), example.get("intent"), names)
