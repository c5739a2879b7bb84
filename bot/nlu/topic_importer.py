"""Questions about the service, from data/topics, as further examples of their intent."""

from __future__ import annotations

import zlib
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from models.classifier.dataset import OTHER, asked

INTENT = "service_question"
FILES = ("training", "indirect")
ONE_IN = 6
"""So many of the sentences teach the intent; what they are about is the classifier's to learn."""


class TopicImporter(RasaFileImporter):
    """Rasa's importer of data/, with every sixth sentence of data/topics beside data/nlu.

    Named in config.yml.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training data of `data/nlu` and the questions about the service.

        Raises:
            DataError: a file of data/topics cannot be used.
        """
        return super().get_nlu_data(language).merge(TrainingData(_questions()))


def _questions() -> list[Message]:
    examples: list[Any] = [example for name in FILES for example in asked(name)]
    return [
        Message.build(example.text, intent=INTENT)
        for example in examples
        if example.topic != OTHER and zlib.crc32(example.text.encode()) % ONE_IN == 0
    ]
