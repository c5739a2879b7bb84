"""Re-ranking a list: by maximal marginal relevance, and towards the genres of a history.

Carbonell & Goldstein (1998), "The use of MMR"; Steck (2018), "Calibrated recommendations".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def marginal(
    relevance: np.ndarray, alike: Callable[[int], np.ndarray], weight: float, k: int
) -> list[int]:
    """Places of `k` items, each the best by relevance less likeness to the nearest chosen one.

    Args:
        relevance: (n,), of the candidates.
        alike: from a place to its likeness (n,) to every candidate, 1 at most.
        weight: of the likeness; 0 keeps the order of relevance.
    """
    values = relevance.astype(np.float64)
    nearest = np.zeros(len(values))
    chosen: list[int] = []
    for _ in range(min(k, len(values))):
        best = int(np.argmax(values - weight * nearest))
        chosen.append(best)
        values[best] = -np.inf
        nearest = np.maximum(nearest, alike(best))
    return chosen


def calibrated(
    relevance: np.ndarray, genres: np.ndarray, wanted: np.ndarray, weight: float, k: int
) -> list[int]:
    """Places of `k` items chosen greedily for relevance less divergence from `wanted`.

    Args:
        relevance: (n,), of the candidates.
        genres: (n, genres), rows summing to one.
        wanted: (genres,), shares in the history, summing to one.
        weight: of the divergence; 0 keeps the order of relevance.
    """
    values = relevance.astype(np.float64)
    total = np.zeros(len(wanted))
    known = wanted > 0
    chosen: list[int] = []
    for count in range(1, min(k, len(values)) + 1):
        shown = (total + genres) / count
        mixed = 0.99 * shown[:, known] + 0.01 * wanted[known]
        divergence = (wanted[known] * np.log2(wanted[known] / mixed)).sum(axis=1)
        best = int(np.argmax(values - weight * divergence))
        chosen.append(best)
        values[best] = -np.inf
        total += genres[best]
    return chosen
