"""Questions about the service reach the intent classifier beside data/nlu."""

from __future__ import annotations

from rasa.shared.importers.importer import TrainingDataImporter

from bot.nlu.topic_importer import INTENT, ONE_IN, TopicImporter
from bot.settings import ROOT
from models.classifier.dataset import OTHER, asked


def test_the_recipe_names_the_importer_and_its_sentences_are_taught() -> None:
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data" / "nlu")]
    )
    taught = {
        message.get("text")
        for message in importer.get_nlu_data().intent_examples
        if message.get("intent") == INTENT
    }
    service = {e.text for name in ("training", "indirect") for e in asked(name) if e.topic != OTHER}
    other = {e.text for name in ("training", "indirect") for e in asked(name) if e.topic == OTHER}
    shared = len(taught & service)
    assert 0.8 * len(service) / ONE_IN < shared < 1.2 * len(service) / ONE_IN
    assert not taught & other


def test_what_only_measures_is_not_taught() -> None:
    importer = TopicImporter(str(ROOT / "config.yml"), None, [str(ROOT / "data" / "rules")])
    taught = {message.get("text") for message in importer.get_nlu_data().intent_examples}
    assert taught and not taught & {example.text for example in asked("held_out")}
