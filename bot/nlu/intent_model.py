"""Multinomial logistic regression over counted features and a vector, small enough for NumPy.

Kept as weights.npz and model.json: nothing is unpickled when a model is loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
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
    standard, dense = _standardised(vectors)
    matrix = _matrix(rows, vocabulary, idf)
    if dense is not None:
        matrix = hstack([matrix, dense], format="csr")
    names = tuple(sorted(set(labels)))
    target = np.array([names.index(label) for label in labels])
    if len(names) == 1:
        weights = np.zeros((matrix.shape[1], 1), dtype=np.float32)
        bias = np.zeros(1, dtype=np.float32)
        return IntentModel(names, vocabulary, idf, weights, bias, standard)
    each = _weights(labels)
    weights, bias = _fit(matrix, target, each, len(names), strength, iterations)
    temperature = 1.0
    if folds >= 2 and min(Counter(labels).values()) >= folds:
        temperature = _temperature(matrix, target, each, len(names), strength, folds, iterations)
    return IntentModel(names, vocabulary, idf, weights, bias, standard, temperature)


def _standardised(
    vectors: Sequence[np.ndarray | None],
) -> tuple[np.ndarray, csr_matrix | None]:
    """Mean and scale of the vectors (2, dimensions), and all of them standardised and scaled.

    A missing vector becomes zeros: it says neither this nor that.
    """
    there = np.array([i for i, vector in enumerate(vectors) if vector is not None])
    if not len(there):
        return np.zeros((2, 0), dtype=np.float32), None
    found = np.array([vector for vector in vectors if vector is not None], dtype=np.float32)
    scale = VECTOR / np.sqrt(found.shape[1]) / (found.std(axis=0) + 1e-6)
    standard = np.stack([found.mean(axis=0), scale]).astype(np.float32)
    rows = np.zeros((len(vectors), found.shape[1]), dtype=np.float32)
    rows[there] = (found - standard[0]) * standard[1]
    return standard, csr_matrix(rows)


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
    matrix: csr_matrix,
    target: np.ndarray,
    each: np.ndarray,
    labels: int,
    strength: float,
    iterations: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features, labels) and bias (labels,); a label absent from `target` never wins."""
    model = LogisticRegression(
        C=strength, max_iter=iterations, tol=1e-3, multi_class="multinomial", solver="lbfgs"
    )
    model.fit(matrix, target, each)
    if len(model.classes_) == 2:  # scikit-learn then keeps one row, for the second label
        coefficients = np.vstack([-model.coef_, model.coef_])
        intercepts = np.concatenate([-model.intercept_, model.intercept_])
    else:
        coefficients, intercepts = model.coef_, model.intercept_
    weights = np.zeros((matrix.shape[1], labels), dtype=np.float32)
    bias = np.full(labels, -1e4, dtype=np.float32)
    weights[:, model.classes_] = coefficients.T
    bias[model.classes_] = intercepts
    return weights, bias


def _temperature(
    matrix: csr_matrix,
    target: np.ndarray,
    each: np.ndarray,
    labels: int,
    strength: float,
    folds: int,
    iterations: int,
) -> float:
    """The divisor of the scores under which held-out labels are likeliest."""
    splits = StratifiedKFold(folds, shuffle=True, random_state=0).split(matrix, target)
    learn, held_out = next(splits)
    weights, bias = _fit(matrix[learn], target[learn], each[learn], labels, strength, iterations)
    scores = matrix[held_out] @ weights + bias
    right = target[held_out]

    def surprise(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        likely = scaled[np.arange(len(right)), right] - np.log(np.exp(scaled).sum(axis=1))
        return float(-likely.mean())

    best = minimize_scalar(surprise, bounds=(-2.0, 2.0), method="bounded")
    return float(np.exp(best.x))
