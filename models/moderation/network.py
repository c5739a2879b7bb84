"""The network in TensorFlow: two autoencoders, one a class, and a supervised head over them.

The input is a sparse tf-idf vector. One autoencoder is trained on harmless messages, one on
abusive ones; their codes, their reconstruction errors and a linear view of the input give the
answer. Decoders share the encoder's weights through a small square matrix, so the error needs
no dense reconstruction: |x − E M z|² = |x|² − 2 (M z)·(Eᵀx) + (M z)ᵀ EᵀE (M z).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from models.moderation.features import BUCKETS
from models.moderation.scorer import GAIN, SHRINK

FOLDED = 1 << 15
"""Size of the input of the autoencoders: buckets are folded onto it."""
CODE = 32
HIDDEN = 24
OUTPUTS = ("general", "viewer", "self_harm", "spam")
KINDS = 4
DROPOUT = 0.5


class AutoencoderHead(tf.keras.Model):
    """Sparse (batch, BUCKETS) and folded (batch, FOLDED) input → logits and errors."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        small = tf.keras.initializers.RandomNormal(0.0, 0.05, seed=seed)
        glorot = tf.keras.initializers.GlorotUniform(seed=seed + 1)
        zero = tf.keras.initializers.Zeros()
        self.linear = self.add_weight(
            "linear", (BUCKETS, len(OUTPUTS)), initializer=zero, trainable=False
        )
        self.encoder = self.add_weight("encoder", (FOLDED, 2 * CODE), initializer=small)
        self.kinds = self.add_weight("kinds", (FOLDED, KINDS), initializer=zero)
        self.linear_bias = self.add_weight(
            "linear_bias", (len(OUTPUTS),), initializer=zero, trainable=False
        )
        self.mix = self.add_weight("mix", (3, len(OUTPUTS)), initializer=zero, trainable=False)
        self.encoder_bias = self.add_weight("encoder_bias", (2 * CODE,), initializer=zero)
        self.decoder_clean = self.add_weight("decoder_clean", (CODE, CODE), initializer=zero)
        self.decoder_abuse = self.add_weight("decoder_abuse", (CODE, CODE), initializer=zero)
        width = 2 * CODE + 3
        self.hidden = self.add_weight("hidden", (width, HIDDEN), initializer=glorot)
        self.hidden_bias = self.add_weight("hidden_bias", (HIDDEN,), initializer=zero)
        self.out = self.add_weight("out", (HIDDEN, len(OUTPUTS) + KINDS), initializer=glorot)
        self.out_bias = self.add_weight("out_bias", (len(OUTPUTS) + KINDS,), initializer=zero)

    def call(
        self, inputs: tuple[tf.SparseTensor, tf.SparseTensor]
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Logits of OUTPUTS (batch, 4), of the kinds of abuse (batch, 4), errors (batch, 2)."""
        full, folded = inputs
        deep, kinds, errors = self.by_code(folded)
        linear = tf.sparse.sparse_dense_matmul(full, self.linear) + self.linear_bias
        return self.mix[0] * linear + self.mix[1] * deep + self.mix[2], kinds, errors

    def by_code(
        self, folded: tf.SparseTensor, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """What the codes and the errors alone say: outputs, kinds, errors."""
        reading = tf.sparse.sparse_dense_matmul(folded, self.encoder)
        code = tf.tanh(GAIN * reading + self.encoder_bias)
        size = tf.sparse.reduce_sum(tf.square(folded), axis=1)
        errors = tf.stack(
            [
                self._error(size, reading[:, :CODE], code[:, :CODE], 0),
                self._error(size, reading[:, CODE:], code[:, CODE:], 1),
            ],
            axis=1,
        )
        head = tf.concat([code, errors, errors[:, :1] - errors[:, 1:]], axis=1)
        if training:
            head = tf.nn.dropout(head, DROPOUT)
        hidden = tf.nn.relu(tf.matmul(head, self.hidden) + self.hidden_bias)
        deep = tf.matmul(hidden, self.out) + self.out_bias
        kinds = deep[:, len(OUTPUTS) :] + GAIN * tf.sparse.sparse_dense_matmul(folded, self.kinds)
        return deep[:, : len(OUTPUTS)], kinds, errors

    def restore(self, served: Mapping[str, np.ndarray]) -> None:
        """Take over the weights that NumPy serves, where `kinds` holds the gain already."""
        for weight in self.weights:
            name = weight.name.split(":")[0]
            weight.assign(served[name] / (GAIN if name == "kinds" else 1.0))

    def _error(self, size: tf.Tensor, reading: tf.Tensor, code: tf.Tensor, side: int) -> tf.Tensor:
        decoder = self.decoder_abuse if side else self.decoder_clean
        encoder = self.encoder[:, side * CODE : (side + 1) * CODE]
        inner = SHRINK * tf.matmul(code, decoder)
        gram = tf.matmul(encoder, encoder, transpose_a=True)
        cross = tf.reduce_sum(inner * reading, axis=1)
        return size - 2.0 * cross + tf.reduce_sum(tf.matmul(inner, gram) * inner, axis=1)
