"""Train the classifier on our own sentences: `python -m models.classifier.train [--out DIR]`.

Starts from the body in `pretrained/` (see `pretrain`) and takes about a minute on two cores. The
same files and seed give the same figures.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from models import artefact
from models.classifier.dataset import (
    EMOTIONS,
    SENTIMENTS,
    DataError,
    Example,
    opinions,
    questions,
    split,
    topics,
)
from models.classifier.features import encode
from models.classifier.fitting import Names, Plan, encoded, fit, sizes
from models.classifier.network import Network, network, use_cores
from models.classifier.predict import DEFAULT, NAME, VERSION, Classifier

BODY = "classifier-body"
PRETRAINED = Path(__file__).parent / "pretrained"

SEED = 20
VALIDATION = 0.12
LAST: dict[str, Any] = {"rate": 5e-4, "epochs": 4, "patience": 4, "every": 0}
WRONG_COSTS = 1.0
"""What a wrong reading costs beside the gain of a right one; sets the abstain thresholds.

One: the viewer is told how the words were understood and can take it back."""


def train(
    examples: Sequence[Example],
    seed: int = SEED,
    progress: bool = True,
    body: Path | None = PRETRAINED,
) -> artefact.Artefact:
    """Fit a network to `examples`, calibrate it on a part kept aside, and pack it.

    Args:
        examples: sentences with at least one label each.
        seed: of the split, the weights, the order and the dropout.
        progress: print a line every few epochs.
        body: folder of the pretrained body; None starts from nothing.

    Raises:
        ArtefactError: the body is damaged or of another version.
    """
    names: Names = {"topic": topics(examples), "sentiment": SENTIMENTS, "emotion": EMOTIONS}
    fitted, kept = split(examples, VALIDATION, seed)
    model = network(sizes(names), seed)
    known = np.zeros(len(model.export()["table"]), bool)
    plan = Plan(rate=3e-3, epochs=30, patience=6, batch=64, seed=seed, every=5 * progress)
    if body is not None:
        start = artefact.load(body, BODY, VERSION).arrays
        model.restore(start)
        known = start["table"].any(axis=1)
        plan = Plan(rate=1.5e-3, epochs=30, patience=6, batch=64, seed=seed, every=5 * progress)
    kept_data = encoded(kept, names)
    epochs = fit(model, encoded(fitted, names), kept_data, plan)
    facts = {
        "labels": {head: list(labels) for head, labels in names.items()},
        "temperature": dict.fromkeys(names, 1.0),
        "threshold": dict.fromkeys(names, 0.0),
        "examples": len(fitted),
        "validation": len(kept),
        "epochs": epochs,
        "seed": seed,
    }
    facts |= _calibrated(Classifier(facts, _packed(model, known, fitted)), kept, names)
    # With everything chosen, the kept sentences are learned too; they are too few to waste.
    fit(model, encoded([*fitted, *kept], names), kept_data, replace(plan, **LAST))
    return artefact.Artefact(NAME, VERSION, facts, _packed(model, known, [*fitted, *kept]))


def _packed(
    model: Network, known: np.ndarray, examples: Sequence[Example]
) -> dict[str, np.ndarray]:
    """Weights of `model`, with the rows that training never touched at zero: they are noise."""
    seen = known.copy()
    for example in examples:
        seen[encode(example.text)] = True
    seen[0] = False
    arrays = model.export()
    arrays["table"] = np.where(seen[:, None], arrays["table"], 0).astype(np.float32)
    return arrays


def _calibrated(
    model: Classifier, kept: Sequence[Example], names: Names
) -> dict[str, dict[str, float]]:
    """Temperature and abstain threshold of each head, chosen on the kept part."""
    outputs = [model.logits(encode(example.text)) for example in kept]
    temperatures: dict[str, float] = {}
    thresholds: dict[str, float] = {}
    for head, labels in names.items():
        pairs = [
            (output[head], labels.index(label))
            for output, example in zip(outputs, kept, strict=True)
            if (label := getattr(example, head)) is not None
        ]
        logits = np.array([pair[0] for pair in pairs], np.float64)
        wanted = np.array([pair[1] for pair in pairs])
        grid = np.geomspace(0.3, 4, 60)
        losses = [_surprise(logits / temperature, wanted) for temperature in grid]
        temperatures[head] = float(grid[int(np.argmin(losses))])
        thresholds[head] = _threshold(_softmax(logits / temperatures[head]), wanted)
    return {"temperature": temperatures, "threshold": thresholds}


def _softmax(logits: np.ndarray) -> np.ndarray:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _surprise(logits: np.ndarray, wanted: np.ndarray) -> float:
    chosen = _softmax(logits)[np.arange(len(wanted)), wanted]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def _threshold(shares: np.ndarray, wanted: np.ndarray) -> float:
    """The confidence from which answering gains more than it costs."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == wanted
    grid = np.arange(0.3, 0.91, 0.01)
    gains = [np.where(right, 1.0, -WRONG_COSTS)[sure >= t].sum() for t in grid]
    return round(float(grid[int(np.argmax(gains))]), 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the artefact."""
    parser = argparse.ArgumentParser(prog="models.classifier.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT, help="folder of the artefact")
    options = parser.parse_args(arguments)
    use_cores(2)
    start = time.monotonic()
    try:
        made = train([*questions(), *opinions()])
    except (DataError, artefact.ArtefactError) as error:
        print(error, file=sys.stderr)
        return 1
    artefact.save(options.out, made)
    spent = time.monotonic() - start
    print(f"classifier: {made.facts['examples']} sentences, {spent:.0f} s, in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
