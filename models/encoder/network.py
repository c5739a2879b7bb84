"""The encoder as a TensorFlow network whose last layers can be tuned.

A BERT (Devlin et al. 2019, arXiv:1810.04805) of 6 layers, 12 heads and 384 numbers a token. Its
weights are read from the ONNX file and go back there, so that what is tuned is what is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from models.encoder import onnx_file

LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EPSILON = 1e-12  # of the layer norms
_PREFIX = "inner."
_EMBEDDINGS = f"{_PREFIX}embeddings."
# The matrices of a layer have but numbers for names, in this order.
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
_BYTE = 127


class Network:
    """The weights of the encoder, and what they make of tokens; the last `tuned` layers learn."""

    def __init__(self, model: bytes, tuned: int) -> None:
        """Read the weights of an ONNX file.

        Raises:
            ValueError: this is not the encoder's file.
        """
        self.first = LAYERS - tuned
        self._places = onnx_file.places(model)
        self._model = model
        numbered = sorted(
            (name[:-2] for name in self._places if name.startswith("val_") and name.endswith("_q")),
            key=lambda name: int(name[4:]),
        )
        if len(numbered) != LAYERS * len(_MATRICES):
            raise ValueError(
                f"an encoder of {LAYERS} layers was expected, not {len(numbered)} matrices"
            )
        self._file_names = {
            f"{layer}.{part}": numbered[layer * len(_MATRICES) + i]
            for layer in range(LAYERS)
            for i, part in enumerate(_MATRICES)
        }
        self._weights = {
            name: tf.Variable(value, trainable=int(name.split(".")[0]) >= self.first)
            for layer in range(LAYERS)
            for name, value in self._of_layer(layer)
        }
        self._words, self._positions = (
            tf.constant(self._restored(f"{_EMBEDDINGS}{kind}_embeddings.weight"))
            for kind in ("word", "position")
        )
        self._segment = self._array(f"{_EMBEDDINGS}token_type_embeddings.weight")[0]
        self._norm = [self._array(f"{_EMBEDDINGS}LayerNorm.{part}") for part in ("weight", "bias")]

    @property
    def learned(self) -> list[tf.Variable]:
        """The weights that are tuned."""
        return [each for each in self._weights.values() if each.trainable]

    def lower(self, tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """The states (texts, length, 384) that the tuned layers are given.

        Args:
            tokens: numbers of tokens (texts, length), int32.
            mask: 1 for a token, 0 for what fills up a row (texts, length), float32.
        """
        length = tf.shape(tokens)[1]
        states = tf.gather(self._words, tokens) + self._positions[:length] + self._segment
        states = _normed(states, *self._norm)
        for layer in range(self.first):
            states = self._layer(layer, states, mask, 0.0)
        return states

    def upper(self, states: tf.Tensor, mask: tf.Tensor, dropout: float = 0.0) -> tf.Tensor:
        """The vectors (texts, 384) that the tuned layers make of states: means of the tokens'."""
        for layer in range(self.first, LAYERS):
            states = self._layer(layer, states, mask, dropout)
        weights = mask[:, :, None]
        return tf.reduce_sum(states * weights, 1) / tf.reduce_sum(weights, 1)

    def changes(self) -> dict[str, np.ndarray]:
        """The tuned weights by their names in the ONNX file, matrices in bytes as there."""
        made: dict[str, np.ndarray] = {}
        for name, variable in self._weights.items():
            if not variable.trainable:
                continue
            value = variable.numpy()
            if name in self._file_names:
                scale = np.maximum(np.abs(value).max(axis=0, keepdims=True), 1e-9) / _BYTE
                made[f"{self._file_names[name]}_q"] = np.round(value / scale).astype(np.int8)
                made[f"{self._file_names[name]}_scale"] = scale.astype(np.float32)
            else:
                made[f"{_PREFIX}encoder.layer.{name}"] = value
        return made

    def _layer(self, number: int, states: tf.Tensor, mask: tf.Tensor, dropout: float) -> tf.Tensor:
        texts, length = tf.shape(states)[0], tf.shape(states)[1]

        def by_heads(part: str) -> tf.Tensor:
            rows = self._linear(number, part, states)
            return tf.transpose(
                tf.reshape(rows, [texts, length, _HEADS, _WIDTH // _HEADS]), [0, 2, 1, 3]
            )

        query, key, value = map(by_heads, _MATRICES[:3])
        near = tf.matmul(query, key, transpose_b=True) / (_WIDTH / _HEADS) ** 0.5
        near = tf.nn.softmax(near + (1 - mask)[:, None, None, :] * -1e9)
        seen = tf.matmul(_dropped(near, dropout), value)
        seen = tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [texts, length, _WIDTH])
        seen = self._linear(number, _MATRICES[3], seen)
        states = _normed(states + _dropped(seen, dropout), *self._norms(number, _NORMS[0]))
        inner = tf.nn.gelu(self._linear(number, _MATRICES[4], states))
        inner = self._linear(number, _MATRICES[5], inner)
        return _normed(states + _dropped(inner, dropout), *self._norms(number, _NORMS[1]))

    def _linear(self, layer: int, part: str, states: tf.Tensor) -> tf.Tensor:
        matrix = self._weights[f"{layer}.{part}"]
        shape = tf.shape(states)
        # One product of two matrices is several times as fast as one for each text.
        rows = tf.matmul(tf.reshape(states, [-1, matrix.shape[0]]), matrix)
        rows = tf.reshape(rows, [shape[0], shape[1], matrix.shape[1]])
        return rows + self._weights[f"{layer}.{part}.bias"]

    def _norms(self, layer: int, part: str) -> tuple[tf.Variable, tf.Variable]:
        return self._weights[f"{layer}.{part}.weight"], self._weights[f"{layer}.{part}.bias"]

    def _of_layer(self, layer: int) -> Iterable[tuple[str, np.ndarray]]:
        for part in _MATRICES:
            name = f"{layer}.{part}"
            yield name, self._restored(self._file_names[name])
            yield f"{name}.bias", self._array(f"{_PREFIX}encoder.layer.{name}.bias")
        for part in _NORMS:
            for kind in ("weight", "bias"):
                name = f"{layer}.{part}.{kind}"
                yield name, self._array(f"{_PREFIX}encoder.layer.{name}")

    def _restored(self, name: str) -> np.ndarray:
        steps, scale = self._array(f"{name}_q"), self._array(f"{name}_scale")
        return np.asarray(steps.astype(np.float32) * scale)

    def _array(self, name: str) -> np.ndarray:
        if name not in self._places:
            raise ValueError(f"no {name} in the encoder's file")
        return onnx_file.read(self._model, self._places[name])


def padded(rows: Sequence[Any], kind: type = np.int32) -> tuple[np.ndarray, np.ndarray]:
    """Rows of different lengths as one array (rows, longest, …) of `kind`, and its mask (rows,
    longest), float32; a row is a list of tokens, or their states (length, 384)."""
    longest = max(map(len, rows))
    made: np.ndarray = np.zeros((len(rows), longest, *np.shape(rows[0])[1:]), kind)
    mask = np.zeros((len(rows), longest), np.float32)
    for i, row in enumerate(rows):
        made[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return made, mask


def _normed(states: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    mean, variance = tf.nn.moments(states, -1, keepdims=True)
    return (states - mean) * tf.math.rsqrt(variance + _EPSILON) * weight + bias


def _dropped(states: tf.Tensor, share: float) -> tf.Tensor:
    return tf.nn.dropout(states, share) if share else states
