"""What titles are made of, beside what the viewer thinks of others: linear in the opinions."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.recommender.rows import Rows

# Chosen on held-out viewers with 1 to 10 ratings: `python -m benchmarks.recommender_cold`.
CONTENT = 1.25
# Few ratings say little: their weight is n / (n + SHRINKAGE).
SHRINKAGE = 2.0
# Titles named to be like count more than the likeness to a viewer's past.
LIKENESS = 4.0


def trust(count: int | np.ndarray) -> float | np.ndarray:
    """How much that many ratings are to be believed, 0 to 1."""
    return count / (count + SHRINKAGE)


class Content:
    """Titles × features, rows of length one."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        self._matrix = matrix
        self._rows = Rows(matrix.data, matrix.indices, matrix.indptr, matrix.shape[1])

    def scores(self, places: np.ndarray, opinions: np.ndarray, like: bool) -> np.ndarray:
        """Score (titles,) of likeness to the titles at `places`; `like`: they were named."""
        profile = self._rows.combined(places, opinions)
        return np.asarray(self._matrix @ (_scale(opinions, like) * profile))

    def lost(
        self, places: np.ndarray, opinions: np.ndarray, like: bool, shown: np.ndarray
    ) -> np.ndarray:
        """What `shown` lose when each of `places` is left out: places × shown."""
        parts = opinions[:, None] * self._rows.products(places, self._rows.dense(shown))
        total = parts.sum(axis=0)
        sizes = np.abs(opinions)
        believed = LIKENESS if like else trust(np.array(float(len(opinions) - 1)))
        rest = CONTENT * believed / np.maximum(sizes.sum() - sizes, 1.0)
        return np.asarray(_scale(opinions, like) * total - rest[:, None] * (total - parts))

    def likeness(self, pool: np.ndarray, place: int) -> np.ndarray:
        """Cosine (pool,) of each title of `pool` with the title at `place`."""
        return self._rows.products(pool, self._rows.dense(np.array([place])))[:, 0]


def _scale(opinions: np.ndarray, like: bool) -> np.float32:
    believed = LIKENESS if like else trust(len(opinions))
    return np.float32(CONTENT * believed / max(float(np.abs(opinions).sum()), 1.0))
