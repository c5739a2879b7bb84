"""Train the classifier on our own sentences: `python -m models.classifier.train [--out DIR]`.

Takes about a minute on two cores. The same files and seed give the same figures.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models import artefact
from models.classifier.dataset import (
    EMOTIONS,
    HIGHEST,
    LOWEST,
    SENTIMENTS,
    DataError,
    Example,
    opinions,
    questions,
    split,
    topics,
)
from models.classifier.features import encode, pad
from models.classifier.predict import DEFAULT, NAME, VERSION, Classifier

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

from models.classifier.network import Network, network

logger = logging.getLogger(__name__)

SEED = 20
BATCH = 64
EPOCHS = 40
PATIENCE = 6
RATE = 3e-3
VALIDATION = 0.15
WEIGHT = {"topic": 1.0, "sentiment": 1.0, "rating": 2.0, "emotion": 0.5}
SMOOTHING = 0.05
WRONG_COSTS = 2.0
"""A wrong reading costs as much as two that were withheld; sets the abstain thresholds."""

Labels = dict[str, np.ndarray]


def train(examples: Sequence[Example], seed: int = SEED, progress: bool = True) -> artefact.Artefact:
    """Fit a network to `examples`, calibrate it on a part kept aside, and pack it.

    Args:
        examples: sentences with at least one label each.
        seed: of the split, the weights, the order and the dropout.
        progress: print a line every few epochs.
    """
    tf.keras.utils.set_random_seed(seed)
    names = {"topic": topics(examples), "sentiment": SENTIMENTS, "emotion": EMOTIONS}
    fitted, kept = split(examples, VALIDATION, seed)
    sizes = {head: len(labels) for head, labels in names.items()} | {"rating": 1}
    model = network(sizes, seed)
    epochs = _fit(model, _encode(fitted, names), _encode(kept, names), seed, progress)
    arrays = model.export()
    facts = {
        "labels": {head: list(labels) for head, labels in names.items()},
        "temperature": dict.fromkeys(names, 1.0),
        "threshold": dict.fromkeys(names, 0.0),
        "examples": len(fitted),
        "validation": len(kept),
        "epochs": epochs,
        "seed": seed,
    }
    arrays["table"] = _known_rows(arrays["table"], fitted)
    facts |= _calibrated(Classifier(facts, arrays), kept, names)
    return artefact.Artefact(NAME, VERSION, facts, arrays)


def _known_rows(table: np.ndarray, examples: Sequence[Example]) -> np.ndarray:
    """`table` with the rows that training never touched at zero, so that they add no noise."""
    seen = np.zeros(len(table), bool)
    for example in examples:
        seen[encode(example.text)] = True
    seen[0] = False
    return np.where(seen[:, None], table, 0).astype(np.float32)


def _encode(
    examples: Sequence[Example], names: dict[str, tuple[str, ...]]
) -> tuple[list[np.ndarray], Labels]:
    """Features of the examples and their labels; -1 (NaN for ratings) where there is none."""

    def index(head: str) -> np.ndarray:
        found = [getattr(example, head) for example in examples]
        return np.array([-1 if x is None else names[head].index(x) for x in found], np.int32)

    ratings = [np.nan if e.rating is None else e.rating for e in examples]
    labels = {head: index(head) for head in names}
    labels["rating"] = ((np.array(ratings) - LOWEST) / (HIGHEST - LOWEST)).astype(np.float32)
    return [encode(example.text) for example in examples], labels


def _batches(
    data: tuple[list[np.ndarray], Labels], rng: np.random.Generator | None
) -> Iterator[tuple[tf.Tensor, dict[str, tf.Tensor]]]:
    """Batches of texts of like length, in a random order when `rng` is given."""
    texts, labels = data
    lengths = np.array([len(text) for text in texts], float)
    if rng is not None:
        lengths += rng.uniform(0, 4, len(texts))
    order = np.argsort(lengths, kind="stable")
    parts = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    for i in rng.permutation(len(parts)) if rng is not None else range(len(parts)):
        part = parts[i]
        targets = {head: tf.constant(values[part]) for head, values in labels.items()}
        yield tf.constant(pad([texts[j] for j in part])), targets


def _loss(outputs: dict[str, tf.Tensor], targets: dict[str, tf.Tensor]) -> tf.Tensor:
    """Sum of the heads' losses, each a mean over the texts that have its label."""
    total = tf.constant(0.0)
    for head in ("topic", "sentiment", "emotion"):
        logits, wanted = outputs[head], targets[head]
        known = tf.cast(wanted >= 0, tf.float32)
        size = tf.shape(logits)[-1]
        hot = tf.one_hot(wanted, size) * (1 - SMOOTHING) + SMOOTHING / tf.cast(size, tf.float32)
        each = tf.nn.softmax_cross_entropy_with_logits(hot, logits)
        total += WEIGHT[head] * tf.reduce_sum(each * known) / tf.maximum(tf.reduce_sum(known), 1.0)
    wanted = targets["rating"]
    known = tf.math.is_finite(wanted)
    error = tf.where(known, tf.sigmoid(outputs["rating"][:, 0]) - wanted, 0.0)
    count = tf.maximum(tf.reduce_sum(tf.cast(known, tf.float32)), 1.0)
    return total + WEIGHT["rating"] * tf.reduce_sum(tf.square(error)) / count


def _fit(
    model: Network,
    fitted: tuple[list[np.ndarray], Labels],
    kept: tuple[list[np.ndarray], Labels],
    seed: int,
    progress: bool,
) -> int:
    """Train until the kept part stops improving; the best weights stay. Returns the epochs."""
    optimizer = tf.keras.optimizers.legacy.Adam(RATE, clipnorm=1.0)
    texts = tf.TensorSpec((None, None, None), tf.int32)
    targets = {head: tf.TensorSpec((None,), tf.int32) for head in ("topic", "sentiment", "emotion")}
    targets["rating"] = tf.TensorSpec((None,), tf.float32)

    @tf.function(input_signature=[texts, targets], autograph=False)
    def step(ids: tf.Tensor, wanted: dict[str, tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = _loss(model(ids, training=True), wanted)
        weights = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    @tf.function(input_signature=[texts, targets], autograph=False)
    def check(ids: tf.Tensor, wanted: dict[str, tf.Tensor]) -> tf.Tensor:
        return _loss(model(ids), wanted)

    rng = np.random.default_rng(seed)
    best, best_weights, stale, epoch = np.inf, model.get_weights(), 0, 0
    for epoch in range(1, EPOCHS + 1):
        optimizer.learning_rate = RATE * min(1.0, 1.5 * (1 - epoch / (EPOCHS + 1)))
        learned = float(np.mean([step(*batch).numpy() for batch in _batches(fitted, rng)]))
        held = float(np.mean([check(*batch).numpy() for batch in _batches(kept, None)]))
        if progress and (epoch == 1 or epoch % 5 == 0):
            print(f"classifier: epoch {epoch}, loss {learned:.3f}, kept part {held:.3f}", flush=True)
        stale += 1
        if held < best - 1e-3:
            best, best_weights, stale = held, model.get_weights(), 0
        if stale >= PATIENCE:
            break
    model.set_weights(best_weights)
    return epoch


def _calibrated(
    model: Classifier, kept: Sequence[Example], names: dict[str, tuple[str, ...]]
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
        temperatures[head] = float(min(grid, key=lambda t: _surprise(logits / t, wanted)))
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
    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    start = time.monotonic()
    try:
        made = train([*questions(), *opinions()])
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    artefact.save(options.out, made)
    spent = time.monotonic() - start
    print(f"classifier: {made.facts['examples']} sentences, {spent:.0f} s, in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
