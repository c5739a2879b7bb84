"""Measure the classifier beside TF-IDF with logistic regression.

`python -m models.classifier.evaluate` measures our own sentences that nothing has learned: the
questions of data/topics/held_out.tsv, and the tenth of the opinions that is kept aside.
`--file F.tsv` (text, label) measures the trained artefact on other data: sentiment as
negative/neutral/positive, neg/pos, -1/0/1, 0/1 or stars 1 to 5; or topics; or emotions, seven or
GoEmotions' 28 by name. The last line is JSON: {"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union

from models.artefact import ArtefactError
from models.classifier.dataset import (
    EMOTIONS,
    SENTIMENTS,
    DataError,
    Example,
    asked,
    opinions,
    part,
    service_and_other,
    topics,
    words,
)
from models.classifier.features import tokens
from models.classifier.predict import DEFAULT, Classifier
from models.classifier.sources import EMOTION
from models.lines import LinesError, labelled_lines, unknown_labels

TOPIC_BAR, CALIBRATION_BAR = 0.95, 0.04
HEADS = ("topic", "sentiment", "emotion")

Shares = Callable[[Sequence[str], str], tuple[tuple[str, ...], np.ndarray]]
"""Texts and a head to labels and probabilities (texts, labels)."""


@dataclass(frozen=True)
class Figures:
    """Accuracy, macro-F1 and expected calibration error (10 bins) on `count` texts."""

    accuracy: float
    macro_f1: float
    ece: float
    count: int


def figures(wanted: Sequence[str], labels: Sequence[str], shares: np.ndarray) -> Figures:
    """How well `shares` (texts, labels) name the `wanted` labels.

    Only labels that occur among the wanted ones can be chosen: a file of good and bad reviews
    does not ask for a neutral verdict.
    """
    here = [label in set(wanted) for label in labels]
    names = [label for label, used in zip(labels, here, strict=True) if used]
    part = shares[:, here]
    part = part / np.maximum(part.sum(axis=1, keepdims=True), 1e-12)
    chosen = [names[i] for i in part.argmax(axis=1)]
    right = np.array([a == b for a, b in zip(chosen, wanted, strict=True)])
    sure = part.max(axis=1)
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [
        (bins == i).mean() * abs(right[bins == i].mean() - sure[bins == i].mean())
        for i in np.unique(bins)
    ]
    macro = f1_score(wanted, chosen, labels=names, average="macro", zero_division=0)
    return Figures(float(right.mean()), float(macro), float(sum(gaps)), len(wanted))


def network_shares(classifier: Classifier) -> Shares:
    """The classifier as a function of texts."""

    def shares(texts: Sequence[str], head: str) -> tuple[tuple[str, ...], np.ndarray]:
        found = [getattr(classifier.classify(t), f"{head}_probabilities") for t in texts]
        return tuple(found[0]), np.array([list(each.values()) for each in found])

    return shares


def words_and_pairs(text: str) -> list[str]:
    """The tokens of `text`, and each two that stand together."""
    found = tokens(text)
    return found + [f"{a} {b}" for a, b in pairwise(found)]


def baseline_shares(examples: Sequence[Example]) -> Shares:
    """TF-IDF of words, pairs and character n-grams with logistic regression, fitted a head."""

    def shares(texts: Sequence[str], head: str) -> tuple[tuple[str, ...], np.ndarray]:
        known = [(e.text, getattr(e, head)) for e in examples if getattr(e, head) is not None]
        model = make_pipeline(
            make_union(
                TfidfVectorizer(analyzer=words_and_pairs),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)),
            ),
            LogisticRegression(C=10, max_iter=300),
        )
        model.fit([text for text, _ in known], [label for _, label in known])
        return tuple(model.classes_), model.predict_proba(list(texts))

    return shares


def held_out(model: Path = DEFAULT) -> dict[str, tuple[Figures, Figures]]:
    """The artefact in `model` and a baseline by head, on our own sentences that neither saw."""
    ours = network_shares(Classifier.load(model))
    learned = service_and_other()
    # Two people may write the same few words; what is learned does not count.
    met = {example.text for example in learned}
    unmet = [example for example in asked("held_out") if example.text not in met]
    found = {"topic": compare(unmet, "topic", ours, baseline_shares(learned))}
    said = opinions()
    unseen = [example for example in said if part(example.text) == "test"]
    learned = [example for example in said if part(example.text) != "test"]
    theirs = baseline_shares([*learned, *words()])
    return found | {head: compare(unseen, head, ours, theirs) for head in ("sentiment", "emotion")}


def compare(
    examples: Sequence[Example], head: str, ours: Shares, theirs: Shares
) -> tuple[Figures, Figures]:
    """Both models' figures on the examples that have a label for `head`."""
    pairs = [(e.text, getattr(e, head)) for e in examples if getattr(e, head) is not None]
    texts, wanted = [text for text, _ in pairs], [label for _, label in pairs]
    return figures(wanted, *ours(texts, head)), figures(wanted, *theirs(texts, head))


def labelled(path: Path, known_topics: Sequence[str]) -> tuple[list[Example], str]:
    """Examples of a TSV file (text, label) and the head that its labels belong to.

    Raises:
        LinesError: the file cannot be used, or its labels are none that the classifier knows.
    """
    rows = labelled_lines(path)
    labels = {label for _, label in rows}
    head, meaning = _meaning(labels, known_topics)
    if not meaning:
        raise unknown_labels(
            path, labels, f"sentiments, stars, emotions or topics ({', '.join(known_topics)})"
        )
    found = [(text, meaning[label]) for text, label in rows]
    if head == "sentiment":
        return [Example(text, sentiment=label) for text, label in found], head
    if head == "emotion":
        return [Example(text, emotion=label) for text, label in found], head
    return [Example(text, topic=label) for text, label in found], head


def _meaning(labels: set[str], known_topics: Sequence[str]) -> tuple[str, dict[str, str]]:
    low, middle, high = SENTIMENTS
    scales = (
        {low: low, middle: middle, high: high, "neg": low, "neu": middle, "pos": high},
        {"-1": low, "1": high} | ({"0": middle} if "-1" in labels else {"0": low}),
        {"1": low, "2": low, "3": middle, "4": high, "5": high},
    )
    for scale in scales:
        if labels <= set(scale):
            return "sentiment", scale
    if labels <= set(EMOTIONS):
        return "emotion", {name: name for name in EMOTIONS}
    if labels <= set(EMOTION):
        return "emotion", EMOTION
    if labels <= set(known_topics):
        return "topic", {name: name for name in known_topics}
    return "", {}


def table(found: dict[str, tuple[Figures, Figures]]) -> str:
    """The figures as text."""
    lines = [f"{'':12}{'model':10}{'texts':>7}{'accuracy':>10}{'macro-F1':>10}{'ECE':>7}"]
    for head, both in found.items():
        for name, each in zip(("network", "TF-IDF+LR"), both, strict=True):
            lines.append(
                f"{head:12}{name:10}{each.count:7}{each.accuracy:10.3f}{each.macro_f1:10.3f}"
                f"{each.ece:7.3f}"
            )
    return "\n".join(lines)


def bars(found: dict[str, tuple[Figures, Figures]]) -> dict[str, dict[str, object]]:
    """Every figure with what it is held to: the baseline's, or a fixed bar."""
    made: dict[str, dict[str, object]] = {}
    for head, (ours, theirs) in found.items():
        bar = max(theirs.macro_f1, TOPIC_BAR if head == "topic" else 0.0)
        made[f"{head}_macro_f1"] = _bar(ours.macro_f1, bar, ours.macro_f1 >= bar)
        made[f"{head}_ece"] = _bar(ours.ece, CALIBRATION_BAR, ours.ece <= CALIBRATION_BAR)
    return made


def _bar(value: float, bar: float, ok: bool) -> dict[str, object]:
    return {"value": round(value, 4), "bar": round(bar, 4), "ok": ok}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and last the JSON line."""
    parser = argparse.ArgumentParser(prog="models.classifier.evaluate", description=__doc__)
    parser.add_argument("--file", type=Path, help="TSV: text, label")
    parser.add_argument("--model", type=Path, default=DEFAULT, help="folder of the artefact")
    options = parser.parse_args(arguments)
    try:
        if options.file is None:
            found = held_out(options.model)
        else:
            own = [*service_and_other(), *words()]
            examples, head = labelled(options.file, topics(own))
            ours = network_shares(Classifier.load(options.model))
            found = {head: compare(examples, head, ours, baseline_shares(own))}
    except (ArtefactError, DataError, LinesError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found))
    print(json.dumps({"bars": bars(found)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
