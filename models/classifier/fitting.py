"""The training loop: batches of like length, a loss over the labels that a text has, early stop."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.classifier.dataset import HIGHEST, LOWEST, Example
from models.classifier.features import encode, pad

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

from models.classifier.network import Network

RATING = "rating"
WEIGHT = {"sentiment": 1.0, RATING: 2.0, "emotion": 0.5, "topic": 1.0, "intent": 0.5}
SMOOTHING = 0.05

Names = Mapping[str, tuple[str, ...]]
"""Labels by head, in the order of the head's outputs."""


@dataclass(frozen=True)
class Encoded:
    """Texts as features, and labels by head: -1 (NaN for ratings) where a text has none."""

    texts: list[np.ndarray]
    labels: dict[str, np.ndarray]


@dataclass(frozen=True)
class Plan:
    """How to train."""

    rate: float
    epochs: int
    patience: int
    batch: int
    seed: int
    every: int = 5
    """Epochs between two lines of progress; 0: none."""


def sizes(names: Names) -> dict[str, int]:
    """Outputs by head, the rating's included."""
    return {head: len(labels) for head, labels in names.items()} | {RATING: 1}


def encoded(examples: Sequence[Example], names: Names) -> Encoded:
    """Features of the examples and their labels."""
    labels = {}
    for head, known in names.items():
        place = {label: i for i, label in enumerate(known)}
        labels[head] = np.array([place.get(getattr(e, head), -1) for e in examples], np.int32)
    ratings = np.array([np.nan if e.rating is None else e.rating for e in examples])
    labels[RATING] = ((ratings - LOWEST) / (HIGHEST - LOWEST)).astype(np.float32)
    return Encoded([encode(example.text) for example in examples], labels)


def fit(model: Network, fitted: Encoded, kept: Encoded, plan: Plan) -> int:
    """Train until the kept part stops improving; the best weights stay. Returns the epochs."""
    optimizer = tf.keras.optimizers.legacy.Adam(plan.rate, clipnorm=1.0)
    texts = tf.TensorSpec((None, None, None), tf.int32)
    labels = {head: tf.TensorSpec((None,), values.dtype) for head, values in kept.labels.items()}

    @tf.function(input_signature=[texts, labels], autograph=False)
    def step(ids: tf.Tensor, wanted: dict[str, tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = _loss(model(ids, training=True), wanted)
        weights = model.trainable_variables
        slopes = tape.gradient(loss, weights)
        pairs = [(s, w) for s, w in zip(slopes, weights, strict=True) if s is not None]
        optimizer.apply_gradients(pairs)
        return loss

    @tf.function(input_signature=[texts, labels], autograph=False)
    def check(ids: tf.Tensor, wanted: dict[str, tf.Tensor]) -> tf.Tensor:
        return _loss(model(ids), wanted)

    rng = np.random.default_rng(plan.seed)
    best, best_weights, stale, epoch = np.inf, model.get_weights(), 0, 0
    for epoch in range(1, plan.epochs + 1):
        # Full speed for the first third, then down in a straight line.
        optimizer.learning_rate = plan.rate * min(1.0, 1.5 * (1 - (epoch - 1) / plan.epochs))
        steps = _batches(fitted, plan.batch, rng)
        learned = float(np.mean([step(*each).numpy() for each in steps]))
        checks = _batches(kept, plan.batch, None)
        held = float(np.mean([check(*each).numpy() for each in checks]))
        if plan.every and (epoch == 1 or epoch % plan.every == 0):
            print(
                f"classifier: epoch {epoch}, loss {learned:.3f}, kept part {held:.3f}", flush=True
            )
        stale += 1
        if held < best - 1e-3:
            best, best_weights, stale = held, model.get_weights(), 0
        if stale >= plan.patience:
            break
    model.set_weights(best_weights)
    return epoch


def _batches(
    data: Encoded, size: int, rng: np.random.Generator | None
) -> Iterator[tuple[tf.Tensor, dict[str, tf.Tensor]]]:
    """Batches of texts of like length, in a random order when `rng` is given."""
    lengths = np.array([len(text) for text in data.texts], float)
    if rng is not None:
        lengths += rng.uniform(0, 4, len(lengths))
    order = np.argsort(lengths, kind="stable")
    parts = [order[i : i + size] for i in range(0, len(order), size)]
    for i in rng.permutation(len(parts)) if rng is not None else range(len(parts)):
        part = parts[i]
        labels = {head: tf.constant(values[part]) for head, values in data.labels.items()}
        yield tf.constant(pad([data.texts[j] for j in part])), labels


def _loss(outputs: dict[str, tf.Tensor], wanted: dict[str, tf.Tensor]) -> tf.Tensor:
    """Sum of the heads' losses, each a mean over the texts that have its label."""
    total = tf.constant(0.0)
    for head, labels in wanted.items():
        logits = outputs[head]
        if head == RATING:
            known = tf.math.is_finite(labels)
            each = tf.square(tf.where(known, tf.sigmoid(logits[:, 0]) - labels, 0.0))
        else:
            known = labels >= 0
            count = tf.shape(logits)[-1]
            hot = tf.one_hot(labels, count) * (1 - SMOOTHING) + SMOOTHING / tf.cast(
                count, tf.float32
            )
            each = tf.nn.softmax_cross_entropy_with_logits(hot, logits)
        share = tf.cast(known, tf.float32)
        total += WEIGHT[head] * tf.reduce_sum(each * share) / tf.maximum(tf.reduce_sum(share), 1.0)
    return total
