"""Autoencoders that reconstruct what a user rated: the plain one, Mult-DAE, Mult-VAE and RecVAE.

| kind | input | loss | source |
|---|---|---|---|
| `plain` | as given | sigmoid, binary cross-entropy | the usual dense autoencoder |
| `dae` | length one, half dropped | multinomial | Liang et al. 2018, arXiv:1802.05814 |
| `vae` | the same | multinomial + annealed Kullback-Leibler term | Liang et al. 2018 |
| `recvae` | the same | multinomial + a term against a composite prior | Shenbin et al. 2020 |

RecVAE (arXiv:1912.11160) here keeps the composite prior and the rescaling of its weight by the
user's history, and leaves out the alternating training of encoder and decoder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

Score = Callable[[np.ndarray], np.ndarray]
Weights = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Plan:
    """How to train one autoencoder. `epochs` is the most it may take, `patience` the epochs it
    may go on without improving on the validation users."""

    kind: str = "dae"
    hidden: int = 200
    dropout: float = 0.5
    weight_decay: float = 1e-5
    anneal: float = 0.2
    rate: float = 1e-3
    batch: int = 100
    epochs: int = 100
    patience: int = 8
    seed: int = 7


def train(
    inputs: sparse.csr_matrix,
    targets: sparse.csr_matrix,
    plan: Plan,
    validate: Callable[[Score], float] | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[dict[str, np.ndarray], int]:
    """Train on users × items; returns the weights and the epoch they are from.

    Args:
        inputs: what is fed in, non-negative (graded ratings, or 1 for a like).
        targets: what must come out, non-negative.
        validate: a figure for a function from inputs (n × items) to scores (n × items); training
            stops when it has not risen for `plan.patience` epochs. None trains `plan.epochs`.
        progress: is given a line every ten epochs.
    """
    import tensorflow as tf

    from models.recommender.autoencoder_network import Autoencoder

    tf.keras.utils.set_random_seed(plan.seed)
    # Nothing can be learned of an item without a single value; it only costs time.
    known = np.flatnonzero(inputs.getnnz(axis=0) + targets.getnnz(axis=0))
    items, inputs, targets = inputs.shape[1], inputs[:, known], targets[:, known]
    model = Autoencoder(len(known), plan)
    optimiser = tf.keras.optimizers.Adam(plan.rate)
    prior = model.snapshot()
    steps = max(1, inputs.shape[0] // plan.batch)

    @tf.function(reduce_retracing=True, autograph=False)
    def step(
        given: tf.Tensor, wanted: tf.Tensor, weight: tf.Tensor, before: list[tf.Tensor]
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = model.loss(given, wanted, weight, before)
        slopes = tape.gradient(loss, model.weights)
        optimiser.apply_gradients(
            (slope, w) for slope, w in zip(slopes, model.weights, strict=True) if slope is not None
        )
        return loss

    order = np.random.default_rng(plan.seed)
    best, best_figure = _whole(model.export(), known, items), -1.0
    best_epoch, done = plan.epochs, 0
    for epoch in range(1, plan.epochs + 1):
        loss = 0.0
        for rows in np.array_split(order.permutation(inputs.shape[0]), steps):
            weight = min(plan.anneal, plan.anneal * done / (20 * steps))
            loss = step(_dense(inputs, rows), _dense(targets, rows), tf.constant(weight), prior)
            done += 1
        prior = model.snapshot()
        if validate is None:
            continue
        now = _whole(model.export(), known, items)
        figure = validate(partial(score, now))
        if progress is not None and epoch % 10 == 0:
            progress(f"{plan.kind} epoch {epoch}: loss {float(loss):.1f}, NDCG@100 {figure:.4f}")
        if figure > best_figure:
            best, best_figure, best_epoch = now, figure, epoch
        elif epoch - best_epoch >= plan.patience:
            break
    last = best if validate else _whole(model.export(), known, items)
    return last, best_epoch


def _whole(made: Weights, known: np.ndarray, items: int) -> dict[str, np.ndarray]:
    """Weights over all `items` from those over the `known`; the others score lowest."""
    hidden, last = made["encoder"].shape[1], made["decoder"].shape[0]
    encoder, decoder = np.zeros((items, hidden), np.float32), np.zeros((last, items), np.float32)
    bias = np.full(items, made["decoder_bias"].min(), np.float32)
    encoder[known], decoder[:, known] = made["encoder"], made["decoder"]
    bias[known] = made["decoder_bias"]
    return {**made, "encoder": encoder, "decoder": decoder, "decoder_bias": bias}


def narrowed(weights: Weights, rank: int) -> dict[str, np.ndarray]:
    """`weights` with the decoder's best approximation of `rank`, in two steps: a linear layer
    (hidden × rank) and a decoder (rank × items). Reading the whole decoder is what fold-in costs.
    """
    left, sizes, right = np.linalg.svd(weights["decoder"], full_matrices=False)
    layer = (left[:, :rank] * sizes[:rank]).astype(np.float32)
    nothing = np.zeros(layer.shape[1], np.float32)
    decoder = np.ascontiguousarray(right[:rank], np.float32)
    return {**weights, "mean": layer, "mean_bias": nothing, "decoder": decoder}


def score(weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Scores (n × items) of `inputs` (n × items), as the Keras layers give them in inference."""
    given = inputs
    if weights["scaled"]:
        lengths = np.sqrt(np.maximum((inputs * inputs).sum(axis=1, keepdims=True), 1e-12))
        given = inputs / lengths
    hidden = np.tanh(given @ weights["encoder"] + weights["encoder_bias"])
    if "mean" in weights:
        hidden = hidden @ weights["mean"] + weights["mean_bias"]
    return np.asarray(hidden @ weights["decoder"] + weights["decoder_bias"])


def _dense(matrix: sparse.csr_matrix, rows: np.ndarray) -> np.ndarray:
    return np.asarray(matrix[rows].toarray(), np.float32)
