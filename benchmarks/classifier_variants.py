"""Small recurrent networks that differ in one piece each, all trained by the same loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from sklearn.metrics import f1_score

from models.classifier.features import WIDTH, encode, pad
from models.classifier.network import UNITS, TokenVectors

SEED, BATCH, EPOCHS, PATIENCE, RATE = 7, 128, 8, 2, 2e-3
LONGEST = 48

Layer = Callable[[], tf.keras.layers.Layer]


@dataclass(frozen=True)
class Variant:
    """A network: its cell, in one direction or both, how states are pooled, with sub-words or not.

    `pooling` is "last", "max", or "max+attention"; no cell at all averages the token vectors.
    """

    cell: Layer | None
    both: bool = True
    pooling: str = "max"
    pieces: bool = True


VARIANTS = {
    "averaged features (fastText-style)": Variant(None),
    "SimpleRNN, words, last state": Variant(
        lambda: tf.keras.layers.SimpleRNN(UNITS, return_sequences=True), False, "last", False
    ),
    "GRU, words, last state": Variant(
        lambda: tf.keras.layers.GRU(UNITS, return_sequences=True), False, "last", False
    ),
    "LSTM, words, last state": Variant(
        lambda: tf.keras.layers.LSTM(UNITS, return_sequences=True), False, "last", False
    ),
    "BiLSTM, words, last state (plain)": Variant(
        lambda: tf.keras.layers.LSTM(UNITS, return_sequences=True), True, "last", False
    ),
    "BiLSTM, sub-words, max": Variant(lambda: tf.keras.layers.LSTM(UNITS, return_sequences=True)),
    "BiGRU, words, max": Variant(
        lambda: tf.keras.layers.GRU(UNITS, return_sequences=True), pieces=False
    ),
    "BiGRU, sub-words, max": Variant(lambda: tf.keras.layers.GRU(UNITS, return_sequences=True)),
    "BiGRU, sub-words, max + attention": Variant(
        lambda: tf.keras.layers.GRU(UNITS, return_sequences=True), pooling="max+attention"
    ),
}


def build(variant: Variant, outputs: int) -> tf.keras.Model:
    """The network: int32 (texts, tokens, WIDTH) to logits (texts, outputs)."""
    ids = tf.keras.Input((None, WIDTH), dtype=tf.int32)
    vectors = TokenVectors(0.3, SEED)(ids)
    real = tf.reduce_any(ids > 0, axis=-1)
    inside = tf.cast(real, tf.float32)[..., None]
    if variant.cell is None:
        count = tf.maximum(tf.reduce_sum(inside, axis=1), 1.0)
        body = tf.reduce_sum(vectors * inside, axis=1) / count
    else:
        layer = variant.cell()
        made = tf.keras.layers.Bidirectional(layer) if variant.both else layer
        states = made(tf.keras.layers.SpatialDropout1D(0.2)(vectors), mask=real)
        outside = (1.0 - inside) * 1e9
        parts = []
        if variant.pooling == "last":
            # Of the backward direction the first step has read everything.
            places = tf.maximum(tf.reduce_sum(tf.cast(real, tf.int32), axis=1) - 1, 0)
            parts.append(tf.gather(states, places, axis=1, batch_dims=1)[:, :UNITS])
            if variant.both:
                parts.append(states[:, 0, UNITS:])
        else:
            parts.append(tf.reduce_max(states - outside, axis=1))
        if variant.pooling == "max+attention":
            weights = tf.nn.softmax(tf.keras.layers.Dense(1)(states) - outside, axis=1)
            parts.append(tf.reduce_sum(weights * states, axis=1))
        body = tf.concat(parts, axis=-1)
    logits = tf.keras.layers.Dense(outputs)(tf.keras.layers.Dropout(0.4)(body))
    return tf.keras.Model(ids, logits)


def features(texts: Sequence[str], pieces: bool) -> list[np.ndarray]:
    """Encoded texts; without sub-words a token keeps its own feature alone."""
    found = [encode(text)[:LONGEST] for text in texts]
    if not pieces:
        for each in found:
            each[:, 1:] = 0
    return found


def batches(found: Sequence[np.ndarray], order: np.ndarray) -> list[np.ndarray]:
    """Places of texts of like length, BATCH at a time."""
    lengths = np.array([len(found[i]) for i in order])
    by_length = order[np.argsort(lengths, kind="stable")]
    return [by_length[i : i + BATCH] for i in range(0, len(by_length), BATCH)]


def logits_of(model: tf.keras.Model, found: Sequence[np.ndarray]) -> np.ndarray:
    """Logits (texts, outputs)."""
    parts = batches(found, np.arange(len(found)))
    made = np.zeros((len(found), model.output_shape[-1]), np.float32)
    for part in parts:
        made[part] = model(tf.constant(pad([found[i] for i in part])), training=False).numpy()
    return made


def fitted(
    variant: Variant, learned: tuple[list[np.ndarray], np.ndarray], stop: tuple[list, np.ndarray],
    outputs: int,
) -> tf.keras.Model:  # fmt: skip
    """Train until the macro-F1 on `stop` stops rising; the best weights stay."""
    tf.keras.utils.set_random_seed(SEED)
    model = build(variant, outputs)
    optimiser = tf.keras.optimizers.legacy.Adam(RATE, clipnorm=1.0)
    crossed = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None, WIDTH), tf.int32),
            tf.TensorSpec((None,), tf.int32),
        ],
        autograph=False,
    )
    def step(ids: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = crossed(wanted, model(ids, training=True))
        weights = model.trainable_variables
        optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    rng = np.random.default_rng(SEED)
    best, best_weights, stale = -1.0, model.get_weights(), 0
    for _ in range(EPOCHS):
        parts = batches(learned[0], rng.permutation(len(learned[0])))
        for i in rng.permutation(len(parts)):
            part = parts[i]
            ids = tf.constant(pad([learned[0][j] for j in part]))
            step(ids, tf.constant(learned[1][part]))
        said = logits_of(model, stop[0]).argmax(axis=1)
        now = f1_score(stop[1], said, average="macro")
        stale += 1
        if now > best:
            best, best_weights, stale = now, model.get_weights(), 0
        if stale >= PATIENCE:
            break
    model.set_weights(best_weights)
    return model
