"""ItemKNN: an item is as good as the rated items it is most like (Sarwar et al. 2001)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

NEIGHBOURS, SHRINKAGE = 100, 10.0


def weights(
    values: sparse.csr_matrix, facts: sparse.csr_matrix | None = None, share: float = 0.0
) -> np.ndarray:
    """Items × items likeness, the `NEIGHBOURS` nearest of each item kept.

    Args:
        values: users × items, non-negative.
        facts: items × features with rows of length one, for likeness of content.
        share: of the likeness of content.
    """
    gram = np.asarray((values.T @ values).todense(), dtype=np.float64)
    lengths = np.sqrt(np.diag(gram))
    likeness = gram / (np.outer(lengths, lengths) + SHRINKAGE)
    if facts is not None and share:
        likeness = (1 - share) * likeness + share * np.asarray((facts @ facts.T).todense())
    np.fill_diagonal(likeness, 0.0)
    if likeness.shape[0] > NEIGHBOURS:
        cut = np.partition(likeness, -NEIGHBOURS, axis=0)[-NEIGHBOURS]
        likeness[likeness < cut] = 0.0
    return np.asarray(likeness, np.float32)
