"""The assistant's own training sentences as messages to judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models.moderation.dataset import Example, key, labelled, own, share
from models.nlu_examples import FOLDER, nlu_examples

_ABUSE = {"abuse", "self_harm"}


def viewers(folder: Path = FOLDER) -> list[Example]:
    """An example for each sentence; where our own sentences say otherwise, those count."""
    known = {key(example.text) for example in own()}
    examples: list[Example] = []
    for said in nlu_examples(folder):
        if not said.text or key(said.text) in known:
            continue
        known.add(key(said.text))
        split = "validation" if share(said.text) < 12 else "train"
        category = "self_harm" if said.intent == "self_harm" else "none"
        example = labelled(said.text, category, split, "nlu")
        if said.intent == "abuse":
            example = replace(example, general=1, viewer=1)
        names = () if said.intent in _ABUSE else said.names
        spans = tuple((start, end) for start, end, _ in names)
        examples.append(replace(example, harmless=spans))
    return examples
