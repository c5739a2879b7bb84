"""The trained network in NumPy: hashed features in, logits out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from scipy import sparse

from models.artefact import Artefact, restored
from models.moderation.features import Hasher, Occurrences, Tokens
from models.moderation.lexicon import Lexicon
from models.moderation.sounds import Sounds

NAME = "moderation"
VERSION = 3
IN_BYTES = ("linear", "encoder", "kinds", "idf")
"""Arrays (rows, columns) that are kept as int8, see `models.artefact.in_bytes`."""
GAIN = 8.0
"""Rows have length one over hundreds of features; a gain brings them to the scale of weights."""
SHRINK = 1.0 / 64.0
"""Keeps the first reconstructions small, so that training starts at an error near |x|²."""


@dataclass(frozen=True)
class Logits:
    """One row a text: `outputs` (n, 4), `kinds` of abuse (n, 4), reconstruction `errors` (n, 2).

    `outputs` mixes what the words say (`linear`) and what codes and errors say (`deep`).
    """

    outputs: np.ndarray
    kinds: np.ndarray
    errors: np.ndarray
    linear: np.ndarray
    deep: np.ndarray


class Scorer:
    """Weights of one artefact and how to apply them."""

    def __init__(self, artefact: Artefact) -> None:
        arrays: dict[str, np.ndarray] = dict(artefact.arrays)
        self.facts: dict[str, Any] = dict(artefact.facts)
        words = arrays.pop("lexicon_words").tolist()
        lexicon = Lexicon(dict(zip(words, arrays.pop("lexicon_kinds").tolist(), strict=True)))
        pinyin = arrays.pop("pinyin")
        sounds = Sounds(pinyin, arrays.pop("pairs"), arrays.pop("pair_times"))
        self.hasher = Hasher(pinyin, lexicon, sounds)
        for name in IN_BYTES:
            arrays[name] = restored(arrays[name], arrays.pop(f"{name}_largest"))
        weights = {name: values.astype(np.float32) for name, values in arrays.items()}
        self.idf = weights["idf"][:, 0]
        self._linear = weights["linear"]
        self._folded = np.hstack([weights["encoder"], weights["kinds"]])
        self.weights = weights
        self._fold = len(self._folded) - 1
        self._code = weights["decoder_clean"].shape[0]
        width = 2 * self._code
        self._grams = [
            weights["encoder"][:, side : side + self._code].T
            @ weights["encoder"][:, side : side + self._code]
            for side in (0, self._code)
        ]
        self._width = width

    def vectors(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """tf-idf rows of length one."""
        return weigh(counts, self.idf)

    def logits(self, vectors: sparse.csr_matrix) -> Logits:
        """What the network answers for tf-idf rows (n, BUCKETS)."""
        folded = fold(vectors, self._fold + 1)
        both = folded @ self._folded
        reading = both[:, : self._width]
        size = np.asarray(folded.multiply(folded).sum(axis=1)).ravel()
        return self._head(np.asarray(vectors @ self._linear), reading, both[:, self._width :], size)

    def logits_of(self, found: Occurrences) -> tuple[Logits, np.ndarray, np.ndarray]:
        """Logits of one text; also its distinct buckets and their tf-idf values."""
        buckets = np.unique(found.bucket)
        values = self.idf[buckets]
        length = float(np.sqrt(values @ values))
        values = values / length if length else values
        rows = buckets & self._fold
        both = values @ self._folded[rows]
        places, inverse = np.unique(rows, return_inverse=True)
        sums = np.bincount(inverse, weights=values, minlength=len(places))
        result = self._head(
            (values @ self._linear[buckets])[None, :],
            both[None, : self._width],
            both[None, self._width :],
            np.array([sums @ sums], dtype=np.float32),
        )
        return result, buckets, values

    def _head(
        self, linear: np.ndarray, reading: np.ndarray, kinds: np.ndarray, size: np.ndarray
    ) -> Logits:
        w = self.weights
        code = np.tanh(GAIN * reading + w["encoder_bias"])
        errors = []
        for side, decoder in enumerate((w["decoder_clean"], w["decoder_abuse"])):
            part = slice(side * self._code, (side + 1) * self._code)
            inner = SHRINK * (code[:, part] @ decoder)
            cross = (inner * reading[:, part]).sum(axis=1)
            errors.append(size - 2.0 * cross + ((inner @ self._grams[side]) * inner).sum(axis=1))
        error = np.stack(errors, axis=1)
        head = np.hstack([code, error, error[:, :1] - error[:, 1:]])
        hidden = np.maximum(head @ w["hidden"] + w["hidden_bias"], 0.0)
        deep = hidden @ w["out"] + w["out_bias"]
        outputs = linear.shape[1]
        linear = linear + w["linear_bias"]
        mixed = w["mix"][0] * linear + w["mix"][1] * deep[:, :outputs] + w["mix"][2]
        return Logits(mixed, deep[:, outputs:] + kinds, error, linear, deep[:, :outputs])

    def evidence(self, output: int, buckets: np.ndarray, values: np.ndarray) -> np.ndarray:
        """How much each feature adds to the linear part of one output."""
        return np.asarray(values * self._linear[buckets, output] * self.weights["mix"][0, output])

    def batch(self, texts: Sequence[Tokens]) -> Logits:
        """Logits of many texts at once."""
        parts = [
            self.logits(self.vectors(self.hasher.counts(self.hasher.occurrences(part))))
            for part in (texts[i : i + 512] for i in range(0, len(texts), 512))
        ]
        return Logits(
            *(np.vstack([getattr(part, f.name) for part in parts]) for f in fields(Logits))
        )


def weigh(counts: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    """Rows of ones → rows of idf values with Euclidean length one."""
    values = idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(rows, weights=values * values, minlength=counts.shape[0])
    lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    return sparse.csr_matrix(
        ((values / lengths[rows]).astype(np.float32), counts.indices, counts.indptr),
        shape=counts.shape,
    )


def fold(vectors: sparse.csr_matrix, size: int) -> sparse.csr_matrix:
    """Rows over `BUCKETS` folded onto `size` columns (a power of two); collisions add up."""
    folded = sparse.csr_matrix(
        (vectors.data.copy(), vectors.indices & (size - 1), vectors.indptr.copy()),
        shape=(vectors.shape[0], size),
    )
    folded.sum_duplicates()
    return folded
