"""Multinomial logistic regression over counted features and a vector, small enough for NumPy.

Kept as weights.npz and model.json: nothing is unpickled when a model is loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold

Feature = tuple[str, str]  # its block and its name
# Each block of features is scaled to this length, so that many characters do not drown few words.
BLOCKS = {"word": 1.0, "char": 1.0, "fact": 0.6}
LEAST = {"word": 2, "char": 6, "fact": 1}
"""In so many examples a feature must be to be learned: what few have says little of others."""
_FEW = 1000  # examples, below which everything is learned
VECTOR = 1.2
"""The length that the vector is scaled to, after it has been standardised."""
_FORMAT = 2
_REST = 0.4  # of the steps, for all examples after the part that the temperature is fitted beside
_ARRAYS = ("idf", "weights", "bias", "standard")
MOST = 1200
"""An intent with more examples (out of scope is the whole world) is no likelier for it."""


class IntentModelError(Exception):
    """A stored model cannot be used; the message says why."""


@dataclass(frozen=True)
class IntentModel:
    """Weights of shape (features, labels), bias (labels,), and inverse document frequencies.

    `standard` holds the mean and the scale of a vector, shape (2, dimensions), 0 dimensions where
    none was learned; the last rows of `weights` are the vector's. `temperature` divides the scores
    so that probabilities mean what they say.
    """

    labels: tuple[str, ...]
    vocabulary: dict[Feature, int]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    standard: np.ndarray
    temperature: float = 1.0

    def probabilities(
        self, features: Iterable[Feature], vector: np.ndarray | None = None
    ) -> np.ndarray:
        """The probability of each label, shape (labels,), summing to 1.

        Without a vector (another language, no encoder) the features decide alone.
        """
        columns, values = _row(features, self.vocabulary, self.idf)
        scores = values @ self.weights[columns] + self.bias
        if vector is not None and self.standard.shape[1]:
            mean, scale = self.standard
            scores = scores + ((vector - mean) * scale) @ self.weights[len(self.vocabulary) :]
        scores = scores / self.temperature
        scores = np.exp(scores - scores.max())
        return scores / scores.sum()

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
        rows = len(vocabulary) + arrays["standard"].shape[-1]
        if about.get("format") != _FORMAT or arrays["weights"].shape != (rows, len(labels)):
            raise IntentModelError(
                f"the intent model in {directory} is damaged or of another format"
            )
        return cls(labels, vocabulary, temperature=float(about["temperature"]), **arrays)


@dataclass(frozen=True)
class _Examples:
    """Counted features (examples, features) and vectors (examples, dimensions), side by side."""

    sparse: csr_matrix
    dense: np.ndarray

    def part(self, rows: np.ndarray) -> _Examples:
        """Some of the examples."""
        return _Examples(self.sparse[rows], self.dense[rows])

    def scores(self, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
        """The score of each label (examples, labels)."""
        parted = self.sparse.shape[1]
        return np.asarray(self.sparse @ weights[:parted] + self.dense @ weights[parted:] + bias)


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
        strength: inverse of the regularisation (scikit-learn's C).
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
    standard, dense = _standardised(vectors or [None] * len(rows))
    matrix = _Examples(_matrix(rows, vocabulary, idf), dense)
    names = tuple(sorted(set(labels)))
    target = np.array([names.index(label) for label in labels])
    if len(names) == 1:
        weights = np.zeros((len(vocabulary) + dense.shape[1], 1), dtype=np.float32)
        bias = np.zeros(1, dtype=np.float32)
        return IntentModel(names, vocabulary, idf, weights, bias, standard)
    each = _weights(labels)
    temperature, start = 1.0, None
    if folds >= 2 and min(Counter(labels).values()) >= folds:
        temperature, start = _temperature(
            matrix, target, each, len(names), strength, folds, iterations
        )
        iterations = ceil(_REST * iterations)  # what a part has taught is nearly all of it
    weights, bias = _fit(matrix, target, each, len(names), strength, iterations, start)
    return IntentModel(names, vocabulary, idf, weights, bias, standard, temperature)


def _standardised(
    vectors: Sequence[np.ndarray | None],
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale of the vectors (2, dimensions), and all of them standardised and scaled.

    A missing vector becomes zeros: it says neither this nor that.
    """
    there = np.array([i for i, vector in enumerate(vectors) if vector is not None])
    if not len(there):
        return np.zeros((2, 0), dtype=np.float32), np.zeros((len(vectors), 0), dtype=np.float32)
    found = np.array([vector for vector in vectors if vector is not None], dtype=np.float32)
    scale = VECTOR / np.sqrt(found.shape[1]) / (found.std(axis=0) + 1e-6)
    standard = np.stack([found.mean(axis=0), scale]).astype(np.float32)
    rows = np.zeros((len(vectors), found.shape[1]), dtype=np.float32)
    rows[there] = (found - standard[0]) * standard[1]
    return standard, rows


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


def _weights(labels: Sequence[str]) -> np.ndarray:
    """What each example counts (examples,): all of one intent at most as much as `MOST`."""
    counts = Counter(labels)
    return np.array([min(1.0, MOST / counts[label]) for label in labels])


def _fit(
    matrix: _Examples,
    target: np.ndarray,
    each: np.ndarray,
    labels: int,
    strength: float,
    iterations: int,
    start: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features, labels) and bias (labels,) of least loss, found from `start`."""
    rows = np.arange(len(target))
    transposed = matrix.sparse.T.tocsr()
    parts = np.cumsum([matrix.sparse.shape[1], matrix.dense.shape[1]])
    counted = (strength * each).astype(np.float32)[:, None]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, labels).astype(np.float32)
        scores = matrix.scores(weights[:-1], weights[-1])
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        surprise = np.log(total[:, 0]) - scores[rows, target]
        likely /= total
        likely[rows, target] -= 1.0
        likely *= counted
        slope = np.empty_like(weights)
        slope[: parts[0]] = transposed @ likely
        slope[parts[0] : parts[1]] = matrix.dense.T @ likely
        slope[-1] = likely.sum(axis=0)
        slope[:-1] += weights[:-1]
        value = float(counted[:, 0] @ surprise) + 0.5 * float((weights[:-1] ** 2).sum())
        return value, slope.ravel().astype(np.float64)

    first = np.zeros((parts[1] + 1, labels)) if start is None else np.vstack(start)
    options = {"maxiter": iterations, "gtol": 1e-3, "ftol": 1e-9}
    found = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options=options).x
    found = found.reshape(-1, labels).astype(np.float32)
    return found[:-1], found[-1]


def _temperature(
    matrix: _Examples,
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
    learned = _fit(matrix.part(learn), target[learn], each[learn], labels, strength, iterations)
    scores = matrix.part(held_out).scores(*learned)
    right = target[held_out]

    def surprise(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        likely = scaled[np.arange(len(right)), right] - np.log(np.exp(scaled).sum(axis=1))
        return float(-likely.mean())

    best = minimize_scalar(surprise, bounds=(-2.0, 2.0), method="bounded")
    return float(np.exp(best.x)), learned
