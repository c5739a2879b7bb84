"""The autoencoders' layers and losses in TensorFlow; see `autoencoder` for what each kind is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from models.recommender.autoencoder import Plan

PRIOR_SHARES = (0.15, 0.75, 0.10)
"""Of RecVAE's composite prior: standard normal, posterior of the epoch before, wide normal."""
WIDE = 10.0
"""Log variance of the wide normal."""


class Autoencoder:
    """One hidden tanh layer; the variational kinds put a Gaussian code behind it."""

    def __init__(self, items: int, plan: Plan) -> None:
        self.plan = plan
        self.scaled = plan.kind != "plain"
        self.variational = plan.kind in {"vae", "recvae"}
        glorot = tf.keras.initializers.GlorotUniform(plan.seed)
        shapes = [(items, plan.hidden)]
        if self.variational:
            shapes += [(plan.hidden, plan.hidden // 2)] * 2
        last = plan.hidden // 2 if self.variational else plan.hidden
        shapes.append((last, items))
        self.kernels = [tf.Variable(glorot(shape)) for shape in shapes]
        self.biases = [tf.Variable(tf.zeros(shape[1])) for shape in shapes]
        self.weights = [*self.kernels, *self.biases]

    def snapshot(self) -> list[tf.Tensor]:
        """Copies of the encoder's weights: RecVAE's prior for the epoch to come."""
        return [tf.identity(w) for w in (*self.kernels[:-1], *self.biases[:-1])]

    def loss(
        self, given: tf.Tensor, wanted: tf.Tensor, weight: tf.Tensor, before: list[tf.Tensor]
    ) -> tf.Tensor:
        """Mean loss of a batch (n × items); `weight` is that of the divergence term."""
        source = tf.math.l2_normalize(given, axis=1) if self.scaled else given
        if self.plan.dropout:
            source = tf.nn.dropout(source, self.plan.dropout)
        encoder = [*self.kernels[:-1], *self.biases[:-1]]
        if not self.variational:
            logits = self._decode(self._hidden(source, encoder))
            decay = self.plan.weight_decay * tf.reduce_sum(tf.square(self.kernels[0]))
            return self._fit(logits, wanted) + decay
        mean, spread = self._code(source, encoder)
        code = mean + tf.random.normal(tf.shape(mean)) * tf.exp(0.5 * spread)
        divergence = self._divergence(code, mean, spread, source, before)
        if self.plan.kind == "recvae":
            # The longer a history, the more it may say against the prior (section 3.2).
            weight *= tf.reduce_sum(tf.sign(wanted), axis=1) / 100.0
        return self._fit(self._decode(code), wanted) + tf.reduce_mean(weight * divergence)

    def export(self) -> dict[str, np.ndarray]:
        """Weights by name, in the form `autoencoder.score` computes with."""
        arrays = {
            "scaled": np.array(self.scaled),
            "encoder": self.kernels[0].numpy(),
            "encoder_bias": self.biases[0].numpy(),
            "decoder": self.kernels[-1].numpy(),
            "decoder_bias": self.biases[-1].numpy(),
        }
        if self.variational:
            arrays |= {"mean": self.kernels[1].numpy(), "mean_bias": self.biases[1].numpy()}
        return arrays

    def _hidden(self, source: tf.Tensor, encoder: list[tf.Tensor]) -> tf.Tensor:
        return tf.tanh(source @ encoder[0] + encoder[len(encoder) // 2])

    def _code(self, source: tf.Tensor, encoder: list[tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
        kernels, biases = encoder[: len(encoder) // 2], encoder[len(encoder) // 2 :]
        hidden = self._hidden(source, encoder)
        return hidden @ kernels[1] + biases[1], hidden @ kernels[2] + biases[2]

    def _decode(self, code: tf.Tensor) -> tf.Tensor:
        return code @ self.kernels[-1] + self.biases[-1]

    def _fit(self, logits: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        if self.plan.kind == "plain":
            each = tf.nn.sigmoid_cross_entropy_with_logits(tf.sign(wanted), logits)
            return tf.reduce_mean(tf.reduce_sum(each, axis=1))
        return -tf.reduce_mean(tf.reduce_sum(tf.nn.log_softmax(logits) * wanted, axis=1))

    def _divergence(
        self,
        code: tf.Tensor,
        mean: tf.Tensor,
        spread: tf.Tensor,
        source: tf.Tensor,
        before: list[tf.Tensor],
    ) -> tf.Tensor:
        if self.plan.kind == "vae":
            return 0.5 * tf.reduce_sum(tf.exp(spread) + mean**2 - 1.0 - spread, axis=1)
        old_mean, old_spread = self._code(source, before)
        parts = [
            np.log(PRIOR_SHARES[0]) + _log_normal(code, 0.0 * mean, 0.0 * mean),
            np.log(PRIOR_SHARES[1]) + _log_normal(code, old_mean, old_spread),
            np.log(PRIOR_SHARES[2]) + _log_normal(code, 0.0 * mean, 0.0 * mean + WIDE),
        ]
        prior = tf.reduce_logsumexp(tf.stack(parts), axis=0)
        return tf.reduce_sum(_log_normal(code, mean, spread) - prior, axis=1)


def _log_normal(x: tf.Tensor, mean: tf.Tensor, spread: tf.Tensor) -> tf.Tensor:
    """Log density of each coordinate; `spread` is the log variance."""
    return -0.5 * (spread + np.log(2 * np.pi) + (x - mean) ** 2 / tf.exp(spread))
