"""EASE: a linear item-item model in closed form (Steck 2019, arXiv:1905.03375)."""

from __future__ import annotations

import numpy as np
from scipy import sparse


def weights(likes: sparse.csr_matrix, regularisation: float) -> np.ndarray:
    """Items × items weights with a zero diagonal; scores of a user are `x @ weights`.

    Args:
        likes: users × items, non-negative.
        regularisation: added to the diagonal of the Gram matrix; larger is smoother.
    """
    gram = np.asarray((likes.T @ likes).todense(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += regularisation
    inverse = np.linalg.inv(gram)
    result = -inverse / np.diag(inverse)
    np.fill_diagonal(result, 0.0)
    return result.astype(np.float32)
