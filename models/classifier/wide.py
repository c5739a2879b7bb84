"""The wide part: a linear model over the n-grams of the whole text, beside the recurrent one.

It reads every word of a long review, which the recurrent part does not, and a rare word decides
at once. Weights are kept as bytes (Cheng et al. 2016, "Wide & deep
learning for recommender systems", is where the two parts stand side by side).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from models.artefact import in_bytes, restored
from models.classifier.features import GRAMS, grams

LEAST = 2
"""Texts that must have an n-gram for it to count."""
KEPT = 300_000
"""N-grams that a head keeps."""
PENALTY, PASSES, SEED = 3e-6, 10, 7
STRENGTH = 4.0
"""Inverse of the penalty where the solver is exact."""
MANY = 80_000
"""Texts from which descent replaces the exact solver, which would take minutes."""


class Wide:
    """Weights of one head: n-grams of a text in, a row of logits out."""

    def __init__(self, arrays: Mapping[str, np.ndarray], head: str) -> None:
        ids = arrays[f"{head}.ids"]
        self._places = np.full(GRAMS, -1, np.int32)
        self._places[ids] = np.arange(len(ids))
        self._idf = arrays[f"{head}.idf"].astype(np.float32)
        self._weights = restored(arrays[f"{head}.wide"], arrays[f"{head}.largest"])
        self._bias = arrays[f"{head}.wide_bias"].astype(np.float32)

    def logits(self, found: np.ndarray) -> np.ndarray:
        """Logits (outputs,) of a text's `grams`; unseen n-grams count for nothing."""
        rows = self._places[found]
        rows = rows[rows >= 0]
        values = self._idf[rows]
        length = np.sqrt(float(values @ values))
        if not length:
            return self._bias.copy()
        return np.asarray((values / length) @ self._weights[rows] + self._bias)


def fit(
    counts: sparse.csr_matrix,
    labels: Sequence[str],
    names: Sequence[str],
    weights: np.ndarray | None = None,
    strength: float = STRENGTH,
) -> dict[str, np.ndarray]:
    """Fit TF-IDF weights (rows of length one) by logistic regression, one label against the rest.

    Solved exactly (liblinear), or above `MANY` texts by averaged stochastic gradient descent. Of
    all n-grams the `KEPT` that decide most are kept.

    Args:
        counts: which n-grams each text has, as `table` gives it.
        labels: one of `names` for each text.
        weights: of the texts; None counts each once.
        strength: inverse of the penalty of the squared weights, for the exact solver.
    Returns:
        Arrays by name, without the head's prefix, as `Wide` reads them.
    """
    from sklearn.linear_model import LogisticRegression, SGDClassifier

    seen = np.asarray(counts.sum(axis=0)).ravel()
    kept = np.flatnonzero(seen >= LEAST)
    idf = (np.log((1 + counts.shape[0]) / (1 + seen[kept])) + 1.0).astype(np.float32)
    rows = lengthened(counts[:, kept], idf)
    if len(labels) > MANY:
        model = SGDClassifier(
            loss="log_loss",
            alpha=PENALTY,
            max_iter=PASSES,
            tol=None,
            average=True,
            random_state=SEED,
        )
    else:
        model = LogisticRegression(C=strength, solver="liblinear", random_state=SEED)
    model.fit(rows, [names.index(label) for label in labels], sample_weight=weights)
    found = np.zeros((len(kept), len(names)), np.float32)
    bias = np.full(len(names), -8.0, np.float32)
    if len(model.classes_) == 2:
        half = model.coef_[0] / 2
        found[:, model.classes_] = np.stack([-half, half], axis=1)
        bias[model.classes_] = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        found[:, model.classes_] = model.coef_.T
        bias[model.classes_] = model.intercept_
    # What an n-gram decides: its weight, and how many texts have it.
    says = np.abs(found).max(axis=1) * idf * np.sqrt(seen[kept])
    best = np.sort(np.argsort(-says, kind="stable")[:KEPT])
    steps, largest = in_bytes(found[best])
    return {
        "ids": kept[best].astype(np.int32),
        "idf": idf[best].astype(np.float16),
        "wide": steps,
        "largest": largest,
        "wide_bias": bias,
    }


def table(texts: Sequence[str]) -> sparse.csr_matrix:
    """Which n-grams each text has: texts × GRAMS, 0 or 1."""
    found = [grams(text) for text in texts]
    ends = np.cumsum([0, *(len(each) for each in found)])
    columns = np.concatenate(found) if found else np.zeros(0, np.int32)
    return sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, ends), (len(texts), GRAMS)
    )


def lengthened(counts: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    """Rows of idf values with Euclidean length one."""
    rows = (counts @ sparse.diags(idf)).tocsr()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags(1.0 / np.maximum(lengths, 1e-9)) @ rows).tocsr()
