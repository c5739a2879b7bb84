"""How well questions find their answer: `python -m bot.faq.measure [--file F.tsv]`.

Without a file each way of asking is left out in turn and looked up among the others, with topics
from networks that did not see it (three folds); opinions and small talk stand for what should
find nothing. The thresholds in `answers` are chosen on this table. With a file (id, language,
text) those questions are looked up with everything in place.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.faq import answers
from bot.faq.answers import FOLDER, Index
from bot.faq.entries import Entry, read
from models.classifier.dataset import Example, opinions
from models.classifier.predict import DEFAULT, Classifier

FOLDS = 3


@dataclass(frozen=True)
class Lookup:
    """What one question found: scores by entry, and the entry wanted (None: nothing)."""

    score: np.ndarray
    wanted: int | None


def left_out(entries: list[Entry], seed: int = 1) -> list[Lookup]:
    """Every way of asking looked up among the questions of the other folds."""
    from models.classifier.train import train

    rng = np.random.default_rng(seed)
    fold = {text: int(rng.integers(FOLDS)) for e in entries for t in e.asks.values() for text in t}
    strangers = opinions()
    found = []
    for held in range(FOLDS):
        kept = [_without(entry, fold, held) for entry in entries]
        examples = [
            Example(text, topic=entry.topic)
            for entry in kept
            for texts in entry.asks.values()
            for text in texts
        ]
        known = [each for i, each in enumerate(strangers) if i % FOLDS != held]
        made = train([*examples, *known])
        classifier, index = Classifier(made.facts, made.arrays), Index(kept)
        asked: list[tuple[str, int | None]] = []
        for number, entry in enumerate(entries):
            texts = (text for each in entry.asks.values() for text in each)
            asked += [(text, number) for text in texts if fold[text] == held]
        asked += [(example.text, None) for example in strangers[held::FOLDS]]
        found += [_lookup(index, text, classifier, wanted) for text, wanted in asked]
    return found


def _without(entry: Entry, fold: Mapping[str, int], held: int) -> Entry:
    asks = {
        language: tuple(t for t in texts if fold[t] != held)
        for language, texts in entry.asks.items()
    }
    return Entry(entry.id, entry.topic, entry.questions, entry.answers, asks)


def _lookup(index: Index, text: str, classifier: Classifier, wanted: int | None) -> Lookup:
    topics = classifier.classify(text).topic_probabilities
    return Lookup(answers.scores(index, text, topics), wanted)


def figures(lookups: Sequence[Lookup], enough: float, margin: float) -> dict[str, float]:
    """Shares of the questions answered rightly, asked about, wrong or left, at these thresholds."""
    single = pair = wrong = none = strangers = bothered = 0
    for each in lookups:
        chosen = answers.choose(each.score, enough, margin)
        if each.wanted is None:
            strangers += 1
            bothered += bool(chosen)
        elif not chosen:
            none += 1
        elif each.wanted not in chosen:
            wrong += 1
        elif len(chosen) == 2:
            pair += 1
        else:
            single += 1
    asked = max(len(lookups) - strangers, 1)
    return {
        "right": single / asked,
        "asked": pair / asked,
        "wrong": wrong / asked,
        "none": none / asked,
        "bothered": bothered / max(strangers, 1),
    }


def from_file(path: Path, entries: list[Entry], classifier: Classifier) -> list[Lookup]:
    """The questions of a file with the columns id, language and text."""
    index = Index(entries)
    number = {entry.id: i for i, entry in enumerate(entries)}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_lookup(index, row["text"], classifier, number[row["id"]]) for row in rows]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bot.faq.measure", description=__doc__)
    parser.add_argument("--file", type=Path, help="questions with the columns id, language, text")
    parser.add_argument("--model", type=Path, default=DEFAULT, help="folder of the classifier")
    options = parser.parse_args(arguments)
    entries = read(FOLDER)
    if options.file:
        lookups = from_file(options.file, entries, Classifier.load(options.model))
    else:
        lookups = left_out(entries)
    print(f"{'enough':>7}{'margin':>8}  right  asked  wrong   none  strangers answered")
    for enough in sorted({0.25, 0.3, 0.35, 0.4, answers.ENOUGH}):
        for margin in sorted({0.05, 0.1, 0.15, answers.MARGIN}):
            found = figures(lookups, enough, margin)
            marked = "*" if (enough, margin) == (answers.ENOUGH, answers.MARGIN) else " "
            print(
                f"{enough:7.2f}{margin:8.2f}{marked} "
                + "".join(f"{v:7.3f}" for v in found.values())
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
