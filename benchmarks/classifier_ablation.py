"""What each piece of the recurrent part is worth: `python -m benchmarks.classifier_ablation`.

On GoEmotions (`--data`), its 28 labels (comments with a single one) or grouped to seven: learned on
its train part, a twentieth of which (by checksum) tells when to stop, and measured once on its dev
part. Every network is trained by the same loop. Peers beside them: averaged features and a linear
layer (Joulin et al. 2016, "Bag of tricks", as fastText has it), TF-IDF with logistic regression,
our wide part alone and, where set-up has fetched it, logistic regression over the vectors of a
pretrained encoder (all-MiniLM-L6-v2, `models/encoder`). Seed 7. Prints a line a model and one JSON
line last.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from benchmarks.classifier import peer
from benchmarks.classifier_variants import VARIANTS, features, fitted, logits_of
from models.artefact import ArtefactError
from models.classifier import sources, wide
from models.classifier.dataset import ROOT, Example
from models.classifier.features import grams
from models.classifier.network import use_cores
from models.classifier.wide import Wide
from models.encoder.predict import Encoder

TFIDF, WIDE, ENCODER = "TF-IDF + LR", "wide part", "MiniLM vectors + LR"
MODELS = (*VARIANTS, TFIDF, WIDE, ENCODER)

Vector = Callable[[str], np.ndarray]


def comments(folder: Path, name: str, grouped: bool) -> list[tuple[str, str]]:
    """Comments and their label: one of seven groups, or one of 28."""
    if grouped:
        return [(e.text, str(e.emotion)) for e in sources.goemotions(folder, name)]
    labels = (folder / "labels.txt").read_text(encoding="utf-8").split()
    rows = (
        line.split("\t")
        for line in (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if line
    )
    return [(row[0], labels[int(row[1])]) for row in rows if "," not in row[1]]


def encoded(
    vector: Vector, learned: Sequence[str], texts: Sequence[str], wanted: np.ndarray
) -> np.ndarray:
    """Places of the labels by logistic regression over a pretrained encoder's vectors."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10, max_iter=300)
    model.fit(np.array([vector(text) for text in learned]), wanted)
    return np.asarray(model.predict(np.array([vector(text) for text in texts])))


def compare(
    folder: Path, grouped: bool, vector: Vector | None, models: Sequence[str] = MODELS
) -> dict[str, tuple[float, float]]:
    """Model → accuracy and macro-F1 on the dev part."""
    rows = comments(folder, "train", grouped)
    parts = {
        "train": [row for row in rows if zlib.crc32(row[0].encode()) % 20],
        "stop": [row for row in rows if not zlib.crc32(row[0].encode()) % 20],
        "test": comments(folder, "dev", grouped),
    }
    names = sorted({label for _, label in parts["train"]})
    wanted = {
        name: np.array([names.index(y) for _, y in rows], np.int32) for name, rows in parts.items()
    }
    texts = {name: [x for x, _ in rows] for name, rows in parts.items()}
    found: dict[str, tuple[float, float]] = {}

    def report(model: str, said: np.ndarray, began: float) -> None:
        accuracy = float((said == wanted["test"]).mean())
        macro = float(f1_score(wanted["test"], said, average="macro"))
        found[model] = (accuracy, macro)
        print(
            f"  {model:36} accuracy {accuracy:.4f}  macro-F1 {macro:.4f}  "
            f"({time.monotonic() - began:.0f} s)",
            flush=True,
        )

    print(f"{len(names)} labels: {', '.join(f'{len(t)} {n}' for n, t in texts.items())}")
    for model, variant in VARIANTS.items():
        if model not in models:
            continue
        began = time.monotonic()
        read = {name: features(each, variant.pieces) for name, each in texts.items()}
        network = fitted(
            variant, (read["train"], wanted["train"]), (read["stop"], wanted["stop"]), len(names)
        )
        report(model, logits_of(network, read["test"]).argmax(axis=1), began)
    began = time.monotonic()
    if TFIDF in models:
        examples = [Example(text, emotion=label) for text, label in parts["train"]]
        labels, shares = peer(examples, "emotion")(texts["test"], "emotion")
        said = np.array([names.index(labels[i]) for i in shares.argmax(axis=1)])
        report(TFIDF, said, began)
    began = time.monotonic()
    if WIDE in models:
        report(WIDE, wide_part(parts["train"], texts["test"], names), began)
    began = time.monotonic()
    if ENCODER in models and vector is not None:
        report(ENCODER, encoded(vector, texts["train"], texts["test"], wanted["train"]), began)
    return found


def wide_part(
    learned: Sequence[tuple[str, str]], texts: Sequence[str], names: Sequence[str]
) -> np.ndarray:
    """Places of the labels that our wide part gives."""
    made = wide.fit(wide.table([x for x, _ in learned]), [y for _, y in learned], names)
    arrays: Mapping[str, np.ndarray] = {f"emotion.{name}": value for name, value in made.items()}
    read = Wide(arrays, "emotion")
    return np.array([int(read.logits(grams(text)).argmax()) for text in texts])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--labels", type=int, choices=(7, 28), action="append")
    options.add_argument("--model", choices=MODELS, action="append", help="all by default")
    options.add_argument("--encoder", type=Path, default=ROOT / "var" / "models" / "encoder")
    chosen = options.parse_args(arguments)
    use_cores(1)
    figures = {}
    folder = chosen.data / "sentiment" / "goemotions"
    vector = None
    try:
        vector = cache(Encoder.load(chosen.encoder, tuned=None).vector)
    except ArtefactError as error:
        print(error, file=sys.stderr)
    try:
        for count in chosen.labels or (7, 28):
            found = compare(folder, count == 7, vector, chosen.model or MODELS)
            figures[str(count)] = {k: [round(x, 4) for x in v] for k, v in found.items()}
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
