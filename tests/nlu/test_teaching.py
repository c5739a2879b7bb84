"""The teaching material of data/nlu: enough of it, varied, and free of contradictions."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.catalogue.spelling import has_ideograph
from bot.settings import ROOT

FILES = sorted((ROOT / "data" / "nlu").glob("*.yml"))
ANNOTATED = re.compile(r"\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?")
MOST_ALIKE = 0.03


def sentences(path: Path) -> list[tuple[str, str]]:
    """(intent, sentence as annotated) of a file."""
    return [
        (entry["intent"], line[2:].strip())
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in entry["examples"].splitlines()
        if line.startswith("- ")
    ]


def shape(sentence: str) -> str:
    """A sentence with its names masked, without case, punctuation and numbers."""
    return re.sub(r"[\W\d_]+", " ", ANNOTATED.sub("X", sentence).lower()).strip()


def test_there_are_thousands_in_both_languages() -> None:
    every = [sentence for path in FILES for _, sentence in sentences(path)]
    chinese = sum(map(has_ideograph, every))
    assert chinese >= 3000 and len(every) - chinese >= 3000


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_few_sentences_of_a_skill_share_a_shape(path: Path) -> None:
    shapes = Counter(filter(None, (shape(sentence) for _, sentence in sentences(path))))
    alike = sum(count for count in shapes.values() if count > 1)
    assert alike <= MOST_ALIKE * sum(shapes.values()), [s for s, n in shapes.items() if n > 1][:20]


def test_no_sentence_has_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for path in FILES:
        for intent, sentence in sentences(path):
            intents.setdefault(ANNOTATED.sub(r"\1", sentence).lower(), set()).add(intent)
    assert not {sentence: found for sentence, found in intents.items() if len(found) > 1}
