"""iALS: alternating least squares (Hu et al. 2008; Rendle et al. 2021, arXiv:2110.14037)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

UNOBSERVED, EXPONENT, SPREAD = 0.1, 1.0, 0.1


def item_factors(
    values: sparse.csr_matrix,
    size: int = 64,
    regularisation: float = 0.003,
    unobserved: float = UNOBSERVED,
    rounds: int = 12,
    seed: int = 7,
) -> np.ndarray:
    """Factors of the items (items × size) fitted to users × items `values` (non-negative).

    Args:
        regularisation: scaled by frequency as in Rendle et al. (their nu = 1).
        unobserved: weight of each pair without a value (their alpha_0).
        rounds: alternations.
    """
    rng = np.random.default_rng(seed)
    scale = SPREAD / np.sqrt(size)
    items = rng.normal(0, scale, (values.shape[1], size)).astype(np.float32)
    users = np.zeros((values.shape[0], size), np.float32)
    turned = values.T.tocsr()
    for _ in range(rounds):
        users = _solved(values, items, users, regularisation, unobserved)
        items = _solved(turned, users, items, regularisation, unobserved)
    return items


def fold_in(
    items: np.ndarray,
    values: sparse.csr_matrix,
    regularisation: float = 0.003,
    unobserved: float = UNOBSERVED,
) -> np.ndarray:
    """Factors (n × size) of new users from their `values` (n × items)."""
    start = np.zeros((values.shape[0], items.shape[1]), np.float32)
    return _solved(values, items, start, regularisation, unobserved)


def _solved(
    values: sparse.csr_matrix,
    other: np.ndarray,
    start: np.ndarray,
    regularisation: float,
    unobserved: float,
) -> np.ndarray:
    size = other.shape[1]
    gram = unobserved * (other.T @ other)
    result = start.copy()
    for row in range(values.shape[0]):
        begin, end = values.indptr[row], values.indptr[row + 1]
        known = other[values.indices[begin:end]]
        weight = values.data[begin:end]
        strength = regularisation * ((end - begin) + unobserved * other.shape[0]) ** EXPONENT
        matrix = gram + (known * weight[:, None]).T @ known + strength * np.eye(size)
        result[row] = np.linalg.solve(matrix, known.T @ (weight * (1.0 + unobserved)))
    return result
