"""The recurrent part in Keras: hashed features → bidirectional GRU → pooling → heads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from models.classifier.features import BUCKETS, WIDTH

DIMENSION = 48
UNITS = 64


class TokenVectors(tf.keras.layers.Layer):
    """Mean of a token's feature vectors: int (texts, tokens, WIDTH) → (texts, tokens, DIMENSION).

    In training whole features drop out, so that no single word carries a verdict alone.
    """

    def __init__(self, drop: float, seed: int, **options: object) -> None:
        super().__init__(**options)
        self.drop = drop
        self.generator = tf.random.Generator.from_seed(seed)

    def build(self, input_shape: tf.TensorShape) -> None:
        self.table = self.add_weight(
            "table",
            (BUCKETS, DIMENSION),
            initializer=tf.keras.initializers.RandomUniform(-0.1, 0.1, seed=1),
        )

    def call(self, ids: tf.Tensor, training: bool = False) -> tf.Tensor:
        present = tf.cast(ids > 0, tf.float32)
        if training and self.drop:
            kept = self.generator.uniform(tf.shape(ids)) >= self.drop
            present *= tf.cast(kept, tf.float32)
        vectors = tf.gather(self.table, ids) * present[..., None]
        count = tf.reduce_sum(present, axis=-1, keepdims=True)
        return tf.reduce_sum(vectors, axis=-2) / tf.maximum(count, 1.0)


class Network(tf.keras.Model):
    """One body and a head for each of `sizes`. Call with int32 (texts, tokens, WIDTH).

    Returns logits by head: topic (texts, topics), sentiment (texts, 3), emotion (texts, 7), and
    rating (texts, 1), whose sigmoid is the share of the way from 0.5 to 5 stars.
    """

    def __init__(self, sizes: dict[str, int], seed: int, drop: float = 0.3) -> None:
        super().__init__()
        glorot = [tf.keras.initializers.GlorotUniform(seed + i) for i in range(8)]
        self.vectors = TokenVectors(drop, seed)
        self.noise = tf.keras.layers.SpatialDropout1D(0.2, seed=seed)
        self.forward = self._gru(glorot[0], seed, backwards=False)
        self.backward = self._gru(glorot[1], seed + 1, backwards=True)
        self.attention = tf.keras.layers.Dense(1, use_bias=False, kernel_initializer=glorot[2])
        self.dropout = tf.keras.layers.Dropout(0.4, seed=seed)
        self.heads = {
            name: tf.keras.layers.Dense(sizes[name], kernel_initializer=glorot[3 + i], name=name)
            for i, name in enumerate(sorted(sizes))
        }

    @staticmethod
    def _gru(kernel: tf.keras.initializers.Initializer, seed: int, backwards: bool) -> tf.Tensor:
        return tf.keras.layers.GRU(
            UNITS,
            return_sequences=True,
            go_backwards=backwards,
            kernel_initializer=kernel,
            recurrent_initializer=tf.keras.initializers.Orthogonal(seed=seed),
        )

    def call(self, ids: tf.Tensor, training: bool = False) -> dict[str, tf.Tensor]:
        real = tf.reduce_any(ids > 0, axis=-1)
        # An empty text is one row of zeros; it counts as a token so that nothing divides by zero.
        first = tf.one_hot(0, tf.shape(ids)[1], on_value=True, off_value=False, dtype=tf.bool)
        real = tf.logical_or(real, first[None, :])
        inputs = self.noise(self.vectors(ids, training=training), training=training)
        ahead = self.forward(inputs, mask=real)
        back = tf.reverse(self.backward(inputs, mask=real), axis=[1])
        states = tf.concat([ahead, back], axis=-1)
        outside = (1.0 - tf.cast(real, tf.float32))[..., None] * 1e9
        highest = tf.reduce_max(states - outside, axis=1)
        weights = tf.nn.softmax(self.attention(states) - outside, axis=1)
        attended = tf.reduce_sum(weights * states, axis=1)
        inside = tf.cast(real, tf.float32)[..., None]
        mean = tf.reduce_sum(inputs * inside, axis=1) / tf.reduce_sum(inside, axis=1)
        body = self.dropout(tf.concat([highest, attended, mean], axis=-1), training=training)
        return {name: head(body) for name, head in self.heads.items()}

    def export(self) -> dict[str, np.ndarray]:
        """Weights by name, float32, in the form that `predict` computes with."""
        arrays = {
            "table": self.vectors.table.numpy(),
            "attention": self.attention.kernel.numpy(),
        }
        for name, layer in (("forward", self.forward), ("backward", self.backward)):
            for part, weight in zip(
                ("kernel", "recurrent", "bias"), layer.get_weights(), strict=True
            ):
                arrays[f"{name}.{part}"] = weight
        for name, head in self.heads.items():
            arrays[f"{name}.kernel"], arrays[f"{name}.bias"] = head.get_weights()
        return arrays

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over the weights in `arrays` that fit by name; heads may be absent."""
        arrays = {name: value.astype(np.float32) for name, value in arrays.items()}
        self.vectors.table.assign(arrays["table"])
        self.attention.set_weights([arrays["attention"]])
        for name, layer in (("forward", self.forward), ("backward", self.backward)):
            layer.set_weights([arrays[f"{name}.{p}"] for p in ("kernel", "recurrent", "bias")])
        for name, head in self.heads.items():
            if f"{name}.kernel" in arrays:
                head.set_weights([arrays[f"{name}.kernel"], arrays[f"{name}.bias"]])


def network(sizes: dict[str, int], seed: int) -> Network:
    """A network with its weights made, ready to train or to `restore`."""
    made = Network(sizes, seed)
    made(tf.zeros((1, 2, WIDTH), tf.int32))
    return made


def use_cores(count: int) -> None:
    """Keep TensorFlow to `count` cores; call before the first operation."""
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)
