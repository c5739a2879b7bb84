"""Item-item weights where a dense inverse no longer fits: many users, tens of thousands of items.

Each item is explained by the items most often rated with it, by a ridge regression over those
alone (Ning & Karypis 2011, "SLIM", with the candidates chosen beforehand). The Gram matrix is
gathered from blocks of users, for the most rated items; the others are left to the factors and to
what titles are made of.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from models.recommender.progress import Progress, silent

ITEMS = 12_000
"""Items that get weights, the most rated ones: their Gram matrix takes 576 MB."""
NEIGHBOURS = 200
SMALL = 6_000
"""Users or items up to which EASE is solved whole."""
KEPT = 400
BLOCK = 2_000


class Large:
    """Sparse weights in the place of a whole EASE."""

    def __init__(
        self,
        values: sparse.csr_matrix,
        regularisation: float,
        progress: Progress = silent,
    ) -> None:
        self._weights = weights(values, regularisation, progress)

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Scores (n × items) of `inputs` (n × items)."""
        return np.asarray(inputs @ self._weights)

    def sparse(self) -> sparse.csr_matrix:
        """The weights, items × items."""
        return self._weights


def is_large(values: sparse.csr_matrix) -> bool:
    """Whether users × items `values` are too many for one inverse, over items or over users."""
    return values.shape[1] > ITEMS or min(values.shape) > SMALL


def kept(weights: np.ndarray, count: int = KEPT) -> sparse.csr_matrix:
    """The `count` weights of each column that are largest in size, of items × items `weights`."""
    items = weights.shape[0]
    columns = []
    for first in range(0, items, BLOCK):
        part = weights[:, first : first + BLOCK].copy()
        if items > count:
            sizes = np.abs(part)
            part[sizes < np.partition(sizes, items - count, axis=0)[items - count]] = 0.0
        columns.append(sparse.csr_matrix(part))
    return sparse.hstack(columns).tocsr().astype(np.float32)


def gram(values: sparse.csr_matrix, progress: Progress = silent) -> np.ndarray:
    """values.T @ values (items × items, float32), a block of users at a time."""
    items = values.shape[1]
    total = np.zeros((items, items), np.float32)
    for first in range(0, values.shape[0], BLOCK):
        block = values[first : first + BLOCK]
        product = (block.T @ block).tocsr()
        rows = np.repeat(np.arange(items), np.diff(product.indptr))
        total[rows, product.indices] += product.data
        if (first // BLOCK) % 20 == 0:
            progress(f"Gram matrix: {first:,} of {values.shape[0]:,} users")
    return total


def weights(
    values: sparse.csr_matrix,
    regularisation: float,
    progress: Progress = silent,
) -> sparse.csr_matrix:
    """Sparse item-item weights (items × items, zero diagonal) fitted to users × items `values`."""
    items = values.shape[1]
    counts = values.getnnz(axis=0)
    chosen = np.sort(np.argsort(-counts, kind="stable")[: min(ITEMS, items)])
    products = gram(values[:, chosen].tocsr(), progress)
    squares = np.diag(products).copy()
    lengths = np.sqrt(np.maximum(squares, 1e-9))
    rows, columns, found = [], [], []
    for item in range(len(chosen)):
        likeness = products[item] / (lengths * lengths[item] + regularisation / 10)
        likeness[item] = -1.0
        near = np.argpartition(-likeness, min(NEIGHBOURS, len(chosen) - 1))[:NEIGHBOURS]
        near = near[(near != item) & (products[item, near] > 0)]
        if not len(near):
            continue
        system = products[np.ix_(near, near)].astype(np.float64)
        system[np.diag_indices_from(system)] += regularisation
        _, solved, failed = lapack.dposv(system, products[item, near].astype(np.float64))
        if failed:
            continue
        rows.append(chosen[near])
        columns.append(np.full(len(near), chosen[item]))
        found.append(solved.astype(np.float32))
        if item % 2000 == 0:
            progress(f"weights: {item:,} of {len(chosen):,} items")
    if not found:
        return sparse.csr_matrix((items, items), dtype=np.float32)
    places = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(found), places), (items, items))
