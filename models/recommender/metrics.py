"""Ranking figures: NDCG@k and Recall@k as in Liang et al. (2018), coverage."""

from __future__ import annotations

import numpy as np


def ndcg(scores: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    """NDCG@k of each user. `scores` and `relevant` (0 or 1) are users × items."""
    top = _top(scores, k)
    gains = np.take_along_axis(relevant, top, axis=1) / np.log2(np.arange(2, top.shape[1] + 2))
    ideal = np.cumsum(1.0 / np.log2(np.arange(2, top.shape[1] + 2)))
    counts = np.minimum(relevant.sum(axis=1).astype(int), top.shape[1])
    best = np.where(counts > 0, ideal[np.maximum(counts, 1) - 1], 1.0)
    return gains.sum(axis=1) / best


def recall(scores: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    """Recall@k of each user, divided by min(k, number of relevant items)."""
    hits = np.take_along_axis(relevant, _top(scores, k), axis=1).sum(axis=1)
    return hits / np.maximum(np.minimum(relevant.sum(axis=1), k), 1)


def coverage(scores: np.ndarray, k: int) -> float:
    """Share of the items that are in somebody's top k."""
    return len(np.unique(_top(scores, k))) / scores.shape[1]


def _top(scores: np.ndarray, k: int) -> np.ndarray:
    k = min(k, scores.shape[1])
    part = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)
