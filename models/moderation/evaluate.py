"""Figures beside a baseline: `python -m models.moderation.evaluate [--data DIR] [--file TSV]`.

Without `--file`: the test parts of the public sets and harmless viewer messages. The baseline is
TF-IDF of character n-grams with logistic regression, trained on the same training part. The last
line is JSON: {"bars": {name: {"value", "bar", "ok"}}}.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from models.artefact import ArtefactError
from models.lines import LinesError, labelled_lines
from models.moderation import dataset
from models.moderation.dataset import DataMissingError, Example
from models.moderation.labels import read_file
from models.moderation.normalise import HAN
from models.moderation.predict import SHIPPED, Moderator
from models.moderation.public import public
from models.moderation.thresholds import FALSE_ALARMS, hateful, in_three, sigmoid, tweet_class

BARS = {
    "cold_accuracy": 0.81,
    "cold_auc": 0.88,
    "convabuse_macro_f1_lead": 0.02,
    "davidson_macro_f1": 0.75,
    "olid_macro_f1": 0.76,
}
_THREE = {"hate": 0, "offensive": 1, "neither": 2}


@dataclass(frozen=True)
class Figures:
    """Accuracy, macro-F1 and area under the ROC curve of one set of scores."""

    accuracy: float
    macro_f1: float
    auc: float

    @classmethod
    def of(cls, truth: np.ndarray, scores: np.ndarray, cut: float) -> Figures:
        """Figures of `scores` (n,) against `truth` (n,) of 0 and 1, cut at `cut`."""
        said = scores >= cut
        both = len(set(truth.tolist())) > 1
        return cls(
            float(accuracy_score(truth, said)),
            float(f1_score(truth, said, average="macro", zero_division=0)),
            float(roc_auc_score(truth, scores)) if both else float("nan"),
        )

    def row(self) -> str:
        """The figures as columns of a table."""
        return f"{self.accuracy:9.4f}{self.macro_f1:10.4f}{self.auc:9.4f}"


def general(moderator: Moderator, texts: Sequence[str]) -> np.ndarray:
    """P(offensive), as the public sets mean it, of each text."""
    logits = moderator.scorer.batch([moderator.scorer.hasher.tokens(text) for text in texts])
    return sigmoid(logits.outputs[:, 0])


def baseline(train: Sequence[Example], texts: Sequence[str]) -> np.ndarray:
    """P(offensive) by TF-IDF of character n-grams and logistic regression."""
    chinese = sum(bool(re.search(f"[{HAN}]", e.text)) for e in train) > len(train) / 2
    vectoriser = TfidfVectorizer(
        analyzer="char" if chinese else "char_wb",
        ngram_range=(1, 3) if chinese else (2, 5),
        min_df=2,
        sublinear_tf=True,
    )
    model = LogisticRegression(C=4, max_iter=300)
    model.fit(vectoriser.fit_transform([e.text for e in train]), [e.general for e in train])
    return np.asarray(model.predict_proba(vectoriser.transform(texts))[:, 1])


def false_alarms(moderator: Moderator, messages: Iterable[str]) -> list[str]:
    """The messages that are flagged, with why."""
    found = []
    for text in messages:
        verdict = moderator.check(text)
        if verdict.flagged:
            found.append(f"{verdict.score:.3f} {verdict.reason} | {text}")
    return found


def viewer_sets(data: Path, size: int) -> dict[str, list[str]]:
    """Harmless messages of viewers, none of them trained on, at most `size` a set."""
    sets: dict[str, list[str]] = {}
    mit = data / "nlu_en" / "mit_movie" / "engtrain.bio.txt"
    if mit.exists():
        sentences = mit.read_text(encoding="utf-8").split("\n\n")
        texts = [
            " ".join(_word(line) for line in s.splitlines() if line.strip()) for s in sentences
        ]
        sets["MIT movie (check only)"] = [text for text in texts if text][:size]
    smp = data / "nlu_zh" / "smp2019_ecdt" / "train.json"
    if smp.exists():
        rows = json.loads(smp.read_text(encoding="utf-8"))
        sets["SMP2019 (check only)"] = [row["text"] for row in rows][:size]
    return sets


def _word(line: str) -> str:
    return line.split("\t")[0] if not line.startswith(("B-", "I-", "O\t")) else line.split("\t")[1]


def three_classes(moderator: Moderator, texts: Sequence[str]) -> np.ndarray:
    """0 hate speech, 1 offensive, 2 neither, as in Davidson et al. (2017), of each text."""
    logits = moderator.scorer.batch([moderator.scorer.hasher.tokens(text) for text in texts])
    cuts = moderator.scorer.facts["thresholds"]
    return in_three(sigmoid(logits.outputs[:, 0]), hateful(logits.kinds), cuts)


def evaluate_three(moderator: Moderator, path: Path) -> dict[str, object] | None:
    """Figures of a file with the labels hate, offensive and neither; none for other files."""
    rows = labelled_lines(path)
    if {label for _, label in rows} != set(_THREE):
        return None
    truth = np.array([_THREE[label] for _, label in rows])
    said = three_classes(moderator, [text for text, _ in rows])
    accuracy = float(accuracy_score(truth, said))
    macro = float(f1_score(truth, said, average="macro"))
    print(
        f"{path}: {len(rows)} texts, three classes: accuracy {accuracy:.4f}, macro-F1 {macro:.4f}"
    )
    return {"accuracy": bar(accuracy), "macro_f1": bar(macro)}


def evaluate_file(moderator: Moderator, path: Path, data: Path) -> dict[str, object]:
    """Print and return the figures of one file of labelled texts."""
    texts, truth = read_file(path)
    three = evaluate_three(moderator, path)
    if three is not None:
        return three
    ours = Figures.of(
        truth, general(moderator, texts), moderator.scorer.facts["thresholds"]["general"]
    )
    flagged = np.array([moderator.check(text).flagged for text in texts])
    print(f"{path}: {len(texts)} texts, {int(truth.sum())} abusive")
    print(f"{'':24}{'accuracy':>9}{'macro-F1':>10}{'AUC':>9}")
    print(f"{'Usher':24}{ours.row()}")
    print(f"{'Usher, as served':24}{Figures.of(truth, flagged.astype(float), 0.5).row()}")
    bars: dict[str, object] = {"accuracy": bar(ours.accuracy), "macro_f1": bar(ours.macro_f1)}
    bars["auc"] = bar(ours.auc)
    try:
        train = [e for e in public(data) if e.split == "train" and e.general is not None]
    except DataMissingError as error:
        print(f"no baseline: {error}")
        return bars
    chance = random.Random(3)
    train = chance.sample(train, min(40_000, len(train)))
    peer = Figures.of(truth, baseline(train, texts), 0.5)
    print(f"{'TF-IDF + LR':24}{peer.row()}")
    bars["macro_f1_lead"] = bar(ours.macro_f1 - peer.macro_f1, 0.0)
    return bars


def bar(value: float, limit: float | None = None, most: bool = False) -> dict[str, object]:
    """A figure beside its bar: at least `limit`, or at most with `most`."""
    ok = None if limit is None else bool(value <= limit if most else value >= limit)
    figure = round(float(value), 4) if np.isfinite(value) else None
    return {"value": figure, "bar": limit, "ok": ok}


def evaluate_sets(moderator: Moderator, data: Path, size: int) -> dict[str, object]:
    """Print and return the figures on the public test parts and on harmless messages."""
    examples = public(data)
    cut = moderator.scorer.facts["thresholds"]["general"]
    bars: dict[str, object] = {}
    print(f"{'':32}{'accuracy':>9}{'macro-F1':>10}{'AUC':>9}")
    for name in ("cold", "convabuse", "davidson", "olid"):
        source = "davidson" if name == "olid" else name
        train = [e for e in examples if e.source == source and e.split != "test"]
        test = (
            dataset.olid(data)
            if name == "olid"
            else [e for e in examples if e.source == name and e.split == "test"]
        )
        truth = np.array([e.general for e in test])
        texts = [e.text for e in test]
        ours = Figures.of(truth, general(moderator, texts), cut)
        peer = Figures.of(truth, baseline(train, texts), 0.5)
        print(f"{name + f' ({len(test)})':18}{'Usher':14}{ours.row()}")
        print(f"{'':18}{'TF-IDF + LR':14}{peer.row()}")
        figures = {
            f"{name}_accuracy": ours.accuracy,
            f"{name}_macro_f1" if name != "davidson" else "davidson_two_macro_f1": ours.macro_f1,
            f"{name}_auc": ours.auc,
            f"{name}_macro_f1_lead": ours.macro_f1 - peer.macro_f1,
        }
        bars |= {key: bar(value, BARS.get(key)) for key, value in figures.items()}
    tweets = [e for e in examples if e.source == "davidson" and e.split == "test"]
    truth = np.array([tweet_class(e) for e in tweets])
    macro = f1_score(truth, three_classes(moderator, [e.text for e in tweets]), average="macro")
    print(f"davidson ({len(tweets)}), hate / offensive / neither: macro-F1 {macro:.4f}")
    bars["davidson_macro_f1"] = bar(macro, BARS["davidson_macro_f1"])
    for name, messages in viewer_sets(data, size).items():
        found = false_alarms(moderator, messages)
        share = len(found) / len(messages)
        print(f"false alarms, {name}: {len(found)} of {len(messages)} ({share:.2%})")
        for line in found[:5]:
            print(f"    {line}")
        key = "false_alarms_" + re.sub(r"\W+", "_", name.split(" (")[0].lower())
        bars[key] = bar(share, FALSE_ALARMS, most=True)
    return bars


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and the bars; 2 when something that is needed is missing."""
    parser = argparse.ArgumentParser(prog="python -m models.moderation.evaluate")
    parser.add_argument("--data", type=Path, default=dataset.SHARED, help="public sets")
    parser.add_argument("--artefact", type=Path, default=SHIPPED)
    parser.add_argument("--file", type=Path, help="TSV: text, label")
    parser.add_argument("--size", type=int, default=10_000, help="harmless messages a set")
    options = parser.parse_args(arguments)
    try:
        moderator = Moderator.load(options.artefact)
        if options.file:
            bars = evaluate_file(moderator, options.file, options.data)
        else:
            bars = evaluate_sets(moderator, options.data, options.size)
    except (ArtefactError, DataMissingError, LinesError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps({"bars": bars}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
