"""Mult-DAE: a denoising autoencoder with a multinomial likelihood (Liang et al. 2018)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import sparse

HIDDEN = 200
DROPOUT = 0.5
BATCH = 100
PATIENCE = 8


def train(
    likes: sparse.csr_matrix,
    validate: Callable[[Callable[[np.ndarray], np.ndarray]], float] | None,
    epochs: int = 100,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
) -> tuple[dict[str, np.ndarray], int]:
    """Train on users × items; returns the weights and the number of epochs they took.

    With `validate`, training stops when its figure has not risen for a while, and the best
    weights are returned; it is given a function from inputs (n × items) to scores.
    """
    import tensorflow as tf

    tf.keras.utils.set_random_seed(seed)
    items = likes.shape[1]
    source = tf.keras.Input((items,))
    hidden = tf.keras.layers.Dropout(DROPOUT)(source)
    hidden = tf.keras.layers.Dense(HIDDEN, activation="tanh", kernel_regularizer="l2")(hidden)
    scores = tf.keras.layers.Dense(items)(hidden)
    model = tf.keras.Model(source, scores)
    for layer in model.layers:
        if isinstance(layer, tf.keras.layers.Dense) and layer.kernel_regularizer is not None:
            layer.kernel_regularizer = tf.keras.regularizers.L2(1e-5)
    optimiser = tf.keras.optimizers.Adam(1e-3)

    @tf.function(reduce_retracing=True)
    def step(target: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = model(tf.math.l2_normalize(target, axis=1), training=True)
            loss = -tf.reduce_mean(
                tf.reduce_sum(tf.nn.log_softmax(logits) * target, axis=1)
            ) + tf.add_n(model.losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimiser.apply_gradients(zip(gradients, model.trainable_variables))  # noqa: B905
        return loss

    order = np.random.default_rng(seed)
    best, best_figure, best_epoch = weights_of(model), -1.0, epochs
    for epoch in range(1, epochs + 1):
        for rows in np.array_split(
            order.permutation(likes.shape[0]), max(1, likes.shape[0] // BATCH)
        ):
            loss = step(tf.constant(likes[rows].toarray(), tf.float32))
        if validate is None:
            best = weights_of(model)
            continue
        now = weights_of(model)
        figure = validate(partial(score, now))
        if progress is not None and epoch % 10 == 0:
            progress(f"epoch {epoch}: loss {float(loss):.1f}, NDCG@100 {figure:.4f}")
        if figure > best_figure:
            best, best_figure, best_epoch = now, figure, epoch
        elif epoch - best_epoch >= PATIENCE:
            break
    return best, best_epoch


def weights_of(model: object) -> dict[str, np.ndarray]:
    """The two layers' weights: encoder items × hidden, decoder hidden × items."""
    encoder, encoder_bias, decoder, decoder_bias = model.get_weights()  # type: ignore[attr-defined]
    return {
        "encoder": encoder,
        "encoder_bias": encoder_bias,
        "decoder": decoder,
        "decoder_bias": decoder_bias,
    }


def score(weights: dict[str, np.ndarray], inputs: np.ndarray) -> np.ndarray:
    """Scores (n × items) of `inputs` (n × items), as the Keras model gives them in inference."""
    lengths = np.sqrt(np.maximum((inputs * inputs).sum(axis=1, keepdims=True), 1e-12))
    hidden = np.tanh((inputs / lengths) @ weights["encoder"] + weights["encoder_bias"])
    return hidden @ weights["decoder"] + weights["decoder_bias"]
