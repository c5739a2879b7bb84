"""Fit the topics to data/faq: `python -m models.classifier.train [--out DIR]`.

Opinion and emotion come trained, in `pretrained/` (see `pretrain`); topics are the operator's and
are fitted at set-up, over the n-grams and over what the recurrent body makes of a text. Half a
minute on two cores. The same files and seed give the same figures.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from models import artefact
from models.classifier import calibration, wide
from models.classifier.dataset import OTHER, DataError, Example, part, service_and_other, topics
from models.classifier.features import encode
from models.classifier.predict import DEFAULT, NAME, VERSION
from models.classifier.recurrent import Recurrent
from models.classifier.wide import Wide

BODY = "classifier-body"
PRETRAINED = Path(__file__).parent / "pretrained"
SEED = 20
FOLDS = 4
STRENGTH, BODY_STRENGTH = 10.0, 0.3
OTHER_WEIGHT = 0.2
"""How much a sentence of no topic counts: there are more of them than of all topics."""


def train(
    examples: Sequence[Example], seed: int = SEED, body: Path = PRETRAINED
) -> artefact.Artefact:
    """Fit the topics of `examples`, calibrate them by cross-fitting, and pack all heads.

    Args:
        examples: sentences; those without a topic are passed over.
        seed: of the folds.
        body: folder of the pretrained parts.

    Raises:
        ArtefactError: the pretrained parts are damaged or of another version.
    """
    start = artefact.load(body, BODY, VERSION)
    asked = [example for example in examples if example.topic is not None]
    names = topics(asked)
    read = Recurrent(start.arrays)
    bodies = np.array([read.body(encode(example.text)) for example in asked])
    counts = wide.table([example.text for example in asked])
    labels = [str(example.topic) for example in asked]
    weights = np.array([OTHER_WEIGHT if label == OTHER else 1.0 for label in labels])
    wanted = np.array([names.index(label) for label in labels])
    # Balanced over folds; each text is judged by parts that have not learned it. The body has met
    # those of the part "train", so that its say is judged by the others.
    fold = np.random.default_rng(seed).permutation(len(asked)) % FOLDS
    unmet = np.array([part(example.text) != "train" for example in asked])
    recurrent, linear = np.zeros((2, len(asked), len(names)))
    for held in range(FOLDS):
        rest, left = np.flatnonzero(fold != held), np.flatnonzero((fold == held) & unmet)
        made = _fitted(counts[rest], [labels[i] for i in rest], bodies[rest], names, weights[rest])
        recurrent[left] = bodies[left] @ made["topic.kernel"] + made["topic.bias"]
        learned = Wide(made, "topic")
        linear[left] = [learned.logits(counts[i].indices) for i in left]
    recurrent, linear, wanted = recurrent[unmet], linear[unmet], wanted[unmet]
    mix = calibration.mix(recurrent, linear, wanted, weights[unmet])
    shares = calibration.softmax(mix[0] * recurrent + mix[1] * linear)
    threshold = calibration.threshold(shares, wanted, weights[unmet])
    right = shares.argmax(axis=1) == wanted
    facts = {
        "labels": {**start.facts["labels"], "topic": list(names)},
        "mix": {**start.facts["mix"], "topic": [mix, mix]},
        "threshold": {**start.facts["threshold"], "topic": threshold},
        "examples": len(asked),
        "cross_fitted_accuracy": round(float(np.average(right, weights=weights[unmet])), 4),
        "seed": seed,
    }
    arrays = {**start.arrays, **_fitted(counts, labels, bodies, names, weights)}
    return artefact.Artefact(NAME, VERSION, facts, arrays)


def _fitted(
    counts: sparse.csr_matrix,
    labels: Sequence[str],
    bodies: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray,
) -> dict[str, np.ndarray]:
    """Both parts of the topic head, fitted apart."""
    from sklearn.linear_model import LogisticRegression

    linear = wide.fit(counts, labels, names, weights, STRENGTH)
    made = {f"topic.{name}": value for name, value in linear.items()}
    model = LogisticRegression(C=BODY_STRENGTH, max_iter=200, tol=1e-3)
    model.fit(bodies, [names.index(label) for label in labels], sample_weight=weights)
    kernel = np.zeros((bodies.shape[1], len(names)), np.float32)
    bias = np.full(len(names), -8.0, np.float32)
    kernel[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return made | {"topic.kernel": kernel, "topic.bias": bias}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the artefact."""
    parser = argparse.ArgumentParser(prog="models.classifier.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT, help="folder of the artefact")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        made = train(service_and_other())
    except (DataError, artefact.ArtefactError) as error:
        print(error, file=sys.stderr)
        return 1
    artefact.save(options.out, made)
    print(
        f"{made.facts['examples']} sentences, topic accuracy "
        f"{made.facts['cross_fitted_accuracy']:.3f} cross-fitted, "
        f"{time.monotonic() - began:.0f} s, in {options.out}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
