"""Multinomial logistic regression over counted features, and another over a sentence's vector.

What they say is combined: the weighted geometric mean of their probabilities. NumPy is enough.

Kept as weights.npz and model.json: nothing is unpickled when a model is loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold

from models.nlu_examples import even_weights

Feature = tuple[str, str]  # its block and its name
# Each block of features is scaled to this length, so that many characters do not drown few words.
BLOCKS = {"word": 1.0, "char": 1.0, "fact": 0.6}
LEAST = {"word": 2, "char": 6, "fact": 1}
"""In so many examples a feature must be to be learned: what few have says little of others."""
_FEW = 1000  # examples, below which everything is learned
VECTOR, VECTOR_STRENGTH = 1.2, 20.0
"""The length that the vector is scaled to, after it has been standardised, and the inverse of the
regularisation of its weights."""
SHARE = 0.7
"""The weight of what the vector says."""
VECTOR_TEMPERATURE = 1.5
"""What the scores by the vector are divided by. It can't be fitted beside them: the encoder was
tuned to these very examples, so that none is held out."""
_FORMAT = 3
_ARRAYS = ("idf", "weights", "bias", "standard", "vector_weights", "vector_bias")


class IntentModelError(Exception):
    """A stored model cannot be used; the message says why."""


@dataclass(frozen=True)
class IntentModel:
    """Weights of shape (features, labels), bias (labels,), and inverse document frequencies.

    `vector_weights` (dimensions, labels) and `vector_bias` (labels,) are those of a vector that is
    standardised by `standard`, its mean and scale (2, dimensions); 0 dimensions where none was
    learned. `temperature` divides the scores of the features, so that probabilities mean what they
    say.
    """

    labels: tuple[str, ...]
    vocabulary: dict[Feature, int]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    standard: np.ndarray
    vector_weights: np.ndarray
    vector_bias: np.ndarray
    temperature: float = 1.0

    def probabilities(
        self, features: Iterable[Feature], vector: np.ndarray | None = None
    ) -> np.ndarray:
        """The probability of each label, shape (labels,), summing to 1.

        Without a vector (another language, no encoder) the features decide alone.
        """
        columns, values = _row(features, self.vocabulary, self.idf)
        said = _logs((values @ self.weights[columns] + self.bias) / self.temperature)
        if vector is not None and self.standard.shape[1]:
            mean, scale = self.standard
            scores = ((vector - mean) * scale) @ self.vector_weights + self.vector_bias
            said = _logs((1 - SHARE) * said + SHARE * _logs(scores / VECTOR_TEMPERATURE))
        return np.asarray(np.exp(said))

    def save(self, directory: Path) -> None:
        """Write weights.npz and model.json to `directory`."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez(directory / "weights.npz", **arrays)
        vocabulary = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        about = {
            "format": _FORMAT,
            "labels": self.labels,
            "temperature": self.temperature,
            "vocabulary": vocabulary,
        }
        text = json.dumps(about, ensure_ascii=False)
        (directory / "model.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> IntentModel:
        """Read what `save` wrote.

        Raises:
            IntentModelError: files are missing, or do not fit each other.
        """
        try:
            about = json.loads((directory / "model.json").read_text(encoding="utf-8"))
            with np.load(directory / "weights.npz", allow_pickle=False) as file:
                arrays = {name: file[name] for name in _ARRAYS}
        except (OSError, ValueError, KeyError) as error:
            raise IntentModelError(f"no readable intent model in {directory}: {error}") from error
        labels = tuple(about.get("labels") or ())
        vocabulary = {(block, name): i for i, (block, name) in enumerate(about["vocabulary"])}
        shapes = [(len(vocabulary), len(labels)), (arrays["standard"].shape[-1], len(labels))]
        found = [arrays["weights"].shape, arrays["vector_weights"].shape]
        if about.get("format") != _FORMAT or found != shapes:
            raise IntentModelError(
                f"the intent model in {directory} is damaged or of another format"
            )
        return cls(labels, vocabulary, temperature=float(about["temperature"]), **arrays)


def train(
    examples: Sequence[Iterable[Feature]],
    labels: Sequence[str],
    vectors: Sequence[np.ndarray | None] = (),
    strength: float = 20.0,
    folds: int = 5,
    iterations: int = 50,
) -> IntentModel:
    """Fit a model; the same input gives the same model.

    Args:
        examples: the features of each example.
        labels: the label of each example.
        vectors: the vector of each example, None where there is none; empty: none at all.
        strength: inverse of the regularisation (scikit-learn's C) of the features' weights.
        folds: the temperature is fitted on one part in so many, held out; fewer than 2, or a
            label with fewer examples, leaves it at 1.
        iterations: at most so many steps of the optimiser.

    Raises:
        ValueError: there are no examples.
    """
    if not examples:
        raise ValueError("an intent model needs examples")
    rows = [list(example) for example in examples]
    vocabulary, idf = _vocabulary(rows)
    matrix = _matrix(rows, vocabulary, idf)
    names = tuple(sorted(set(labels)))
    target = np.array([names.index(label) for label in labels])
    each = even_weights(labels)
    temperature, start = 1.0, None
    if folds >= 2 and len(names) > 1 and min(Counter(labels).values()) >= folds:
        temperature, start = _temperature(
            matrix, target, each, len(names), strength, folds, iterations
        )
    there = [i for i, vector in enumerate(vectors) if vector is not None]
    standard, dense = _standardised([vectors[i] for i in there])
    return IntentModel(
        names,
        vocabulary,
        idf,
        *_fit(matrix, target, each, len(names), strength, iterations, start),
        standard,
        *_fit(dense, target[there], each[there], len(names), VECTOR_STRENGTH, iterations),
        temperature,
    )


def _logs(scores: np.ndarray) -> np.ndarray:
    """The logarithms of the probabilities (labels,) that scores stand for."""
    scores = scores - scores.max()
    return np.asarray(scores - np.log(np.exp(scores).sum()))


def _standardised(vectors: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale of the vectors (2, dimensions), and all of them standardised and scaled."""
    if not len(vectors):
        return np.zeros((2, 0), dtype=np.float32), np.zeros((0, 0), dtype=np.float32)
    found = np.array(vectors, dtype=np.float32)
    scale = VECTOR / np.sqrt(found.shape[1]) / (found.std(axis=0) + 1e-6)
    standard = np.stack([found.mean(axis=0), scale]).astype(np.float32)
    return standard, (found - standard[0]) * standard[1]


def _vocabulary(rows: Sequence[Sequence[Feature]]) -> tuple[dict[Feature, int], np.ndarray]:
    """Features to keep, numbered, with their smoothed inverse document frequencies."""
    counts: Counter[Feature] = Counter()
    for row in rows:
        counts.update(set(row))
    least = LEAST if len(rows) >= _FEW else {}
    kept = sorted(feature for feature, n in counts.items() if n >= least.get(feature[0], 1))
    seen = np.array([counts[feature] for feature in kept], dtype=np.float64)
    idf = (np.log((1 + len(rows)) / (1 + seen)) + 1).astype(np.float32)
    return {feature: i for i, feature in enumerate(kept)}, idf


def _row(
    features: Iterable[Feature], vocabulary: dict[Feature, int], idf: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of one example, each block scaled to its length."""
    counts = Counter(features)
    blocks: dict[str, tuple[list[int], list[int]]] = {block: ([], []) for block in BLOCKS}
    for feature, count in counts.items():
        column = vocabulary.get(feature)
        if column is not None:
            columns, times = blocks[feature[0]]
            columns.append(column)
            times.append(count)
    all_columns, all_values = [], []
    for block, (columns, times) in blocks.items():
        where = np.array(columns, dtype=np.int32)
        values = (1 + np.log(np.array(times, dtype=np.float32))) * idf[where]
        length = float(np.sqrt((values**2).sum())) or 1.0
        all_columns.append(where)
        all_values.append(values * np.float32(BLOCKS[block] / length))
    return np.concatenate(all_columns), np.concatenate(all_values)


def _matrix(
    rows: Sequence[Sequence[Feature]], vocabulary: dict[Feature, int], idf: np.ndarray
) -> csr_matrix:
    pairs = [_row(row, vocabulary, idf) for row in rows]
    ends = np.cumsum([0, *(len(columns) for columns, _ in pairs)])
    columns = np.concatenate([columns for columns, _ in pairs])
    values = np.concatenate([values for _, values in pairs])
    return csr_matrix((values, columns, ends), shape=(len(rows), len(vocabulary)))


def _fit(
    matrix: csr_matrix | np.ndarray,
    target: np.ndarray,
    each: np.ndarray,
    labels: int,
    strength: float,
    iterations: int,
    start: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features, labels) and bias (labels,) of least loss, found from `start`."""
    if labels == 1 or not matrix.shape[0]:
        return np.zeros((matrix.shape[1], labels), np.float32), np.zeros(labels, np.float32)
    rows = np.arange(len(target))
    transposed = matrix.T.tocsr() if isinstance(matrix, csr_matrix) else matrix.T
    counted = (strength * each).astype(np.float32)[:, None]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, labels).astype(np.float32)
        scores = matrix @ weights[:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        surprise = np.log(total[:, 0]) - scores[rows, target]
        likely /= total
        likely[rows, target] -= 1.0
        likely *= counted
        slope = np.empty_like(weights)
        slope[:-1] = transposed @ likely
        slope[-1] = likely.sum(axis=0)
        slope[:-1] += weights[:-1]
        value = float(counted[:, 0] @ surprise) + 0.5 * float((weights[:-1] ** 2).sum())
        return value, slope.ravel().astype(np.float64)

    first = np.zeros((matrix.shape[1] + 1, labels)) if start is None else np.vstack(start)
    options = {"maxiter": iterations, "gtol": 1e-3, "ftol": 1e-9}
    found = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options=options).x
    found = found.reshape(-1, labels).astype(np.float32)
    return found[:-1], found[-1]


def _temperature(
    matrix: csr_matrix,
    target: np.ndarray,
    each: np.ndarray,
    labels: int,
    strength: float,
    folds: int,
    iterations: int,
) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """The divisor of the scores under which held-out labels are likeliest, and the weights and
    bias that the others gave."""
    splits = StratifiedKFold(folds, shuffle=True, random_state=0).split(target, target)
    learn, held_out = next(splits)
    learned = _fit(matrix[learn], target[learn], each[learn], labels, strength, iterations)
    scores = matrix[held_out] @ learned[0] + learned[1]
    right = target[held_out]

    def surprise(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        likely = scaled[np.arange(len(right)), right] - np.log(np.exp(scaled).sum(axis=1))
        return float(-likely.mean())

    best = minimize_scalar(surprise, bounds=(-2.0, 2.0), method="bounded")
    return float(np.exp(best.x)), learned
