"""The classifier's figures and its cost: `python -m benchmarks.classifier [--data PATH]`.

Own sentences first; with --data (a TSV of text and label, or the reference data's folder) those
too. The last line is JSON: {"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.artefact import WEIGHTS, ArtefactError
from models.classifier import evaluate
from models.classifier.dataset import DataError, Example, opinions, questions, topics
from models.classifier.predict import DEFAULT, Classifier

SENTENCE = (
    "I really thought this film would be better than the first one but it was just slow and "
    "boring today"
)
RUNS = 2000
P50_MS, MEGABYTES = 1.0, 8.0


def latency(classifier: Classifier) -> tuple[float, float]:
    """Milliseconds for one sentence of 20 words: p50 and p99 over RUNS calls."""
    for _ in range(50):
        classifier.classify(SENTENCE)
    spent = []
    for _ in range(RUNS):
        start = time.perf_counter()
        classifier.classify(SENTENCE)
        spent.append(1000 * (time.perf_counter() - start))
    return float(np.percentile(spent, 50)), float(np.percentile(spent, 99))


def short_comments(path: Path, limit: int = 4000) -> list[Example]:
    """Douban comments of one star against five, every so many so that `limit` remain."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["RATING"] in {"1", "5"}]
    step = max(1, len(rows) // limit)
    verdict = {"1": "negative", "5": "positive"}
    return [Example(row["CONTENT"], sentiment=verdict[row["RATING"]]) for row in rows[::step]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exits non-zero only when something could not be measured."""
    parser = argparse.ArgumentParser(prog="benchmarks.classifier", description=__doc__)
    parser.add_argument("--data", type=Path, help="TSV of text and label, or the reference data")
    parser.add_argument("--model", type=Path, default=DEFAULT, help="folder of the artefact")
    options = parser.parse_args(arguments)
    try:
        classifier = Classifier.load(options.model)
        found = evaluate.held_out()
        print(evaluate.table(found))
        bars = evaluate.bars(found)
        own = [*questions(), *opinions()]
        ours, theirs = evaluate.network_shares(classifier), evaluate.baseline_shares(own)
        for name, examples, head in _others(options.data, topics(own)):
            other = {head: evaluate.compare(examples, head, ours, theirs)}
            print(f"\n{name}\n{evaluate.table(other)}")
            bars |= {f"{name}_{bar}": each for bar, each in evaluate.bars(other).items()}
    except (ArtefactError, DataError) as error:
        print(error, file=sys.stderr)
        return 1
    half, most = latency(classifier)
    size = (options.model / WEIGHTS).stat().st_size / 1e6
    print(f"\none sentence of 20 words: p50 {half:.2f} ms, p99 {most:.2f} ms; {size:.1f} MB")
    bars["p50_ms"] = {"value": round(half, 3), "bar": P50_MS, "ok": half <= P50_MS}
    bars["megabytes"] = {"value": round(size, 2), "bar": MEGABYTES, "ok": size <= MEGABYTES}
    print(json.dumps({"bars": bars}))
    return 0


def _others(data: Path | None, known_topics: Sequence[str]) -> list[tuple[str, list[Example], str]]:
    if data is None:
        return []
    if data.is_file():
        examples, head = evaluate.labelled(data, known_topics)
        return [(data.stem, examples, head)]
    douban = data / "sentiment" / "douban_short_comments" / "comment_trainset_2class.csv"
    if not douban.exists():
        raise DataError(f"{data}: neither a TSV file nor the reference data")
    return [("douban", short_comments(douban), "sentiment")]


if __name__ == "__main__":
    sys.exit(main())
