"""Figures of a ranking: how right it is, and how wide, known, varied and fair.

`scores` is users × items throughout; what may not be recommended is minus infinity.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


def ndcg(scores: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    """NDCG@k of each user (Liang et al. 2018). `relevant` (0 or 1) is users × items."""
    return ndcg_of(top(scores, k), relevant)


def recall(scores: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    """Recall@k of each user, divided by min(k, number of relevant items)."""
    return recall_of(top(scores, k), relevant)


def ndcg_of(ranked: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """NDCG of each user's `ranked` places (users × k)."""
    discounts = 1.0 / np.log2(np.arange(2, ranked.shape[1] + 2))
    gains = (np.take_along_axis(relevant, ranked, axis=1) * discounts).sum(axis=1)
    ideal = np.cumsum(discounts)
    counts = np.minimum(relevant.sum(axis=1).astype(int), ranked.shape[1])
    return np.asarray(gains / np.where(counts > 0, ideal[np.maximum(counts, 1) - 1], 1.0))


def recall_of(ranked: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Recall of each user's `ranked` places (users × k)."""
    hits = np.take_along_axis(relevant, ranked, axis=1).sum(axis=1)
    return np.asarray(hits / np.maximum(np.minimum(relevant.sum(axis=1), ranked.shape[1]), 1))


def coverage(scores: np.ndarray, k: int) -> float:
    """Share of the items that are in somebody's top k."""
    return len(np.unique(top(scores, k))) / scores.shape[1]


def gini(scores: np.ndarray, k: int) -> float:
    """Gini index of how often each item is in a top k: 0 all alike, 1 one item for everybody."""
    counts = np.sort(np.bincount(top(scores, k).ravel(), minlength=scores.shape[1]))
    ranks = np.arange(1, len(counts) + 1)
    return float(2 * (ranks * counts).sum() / (len(counts) * counts.sum()) - 1 - 1 / len(counts))


def average_popularity(scores: np.ndarray, popularity: np.ndarray, k: int) -> float:
    """Mean number of training likes of the items in the top k; `popularity` is (items,)."""
    return float(popularity[top(scores, k)].mean())


def novelty(scores: np.ndarray, popularity: np.ndarray, users: int, k: int) -> float:
    """Mean self-information in bits, -log2 of the share of `users` who liked an item."""
    share = (popularity[top(scores, k)] + 1.0) / (users + 1.0)
    return float(-np.log2(np.minimum(share, 1.0)).mean())


def diversity(scores: np.ndarray, content: sparse.csr_matrix, k: int) -> float:
    """Mean intra-list diversity: 1 - cosine of two items of a list. `content`: items × features,
    rows of length one."""
    best = top(scores, k)
    total = 0.0
    for row in best:
        rows = content[row]
        alike = np.asarray((rows @ rows.T).todense())
        total += 1.0 - (alike.sum() - np.trace(alike)) / (len(row) * (len(row) - 1))
    return total / len(best)


def miscalibration(
    scores: np.ndarray, given: np.ndarray, genres: np.ndarray, k: int, smooth: float = 0.01
) -> float:
    """Mean Kullback-Leibler divergence of a list's genres from the history's (Steck 2018).

    Args:
        given: users × items, above 0 where an item is in the history.
        genres: items × genres, rows summing to one (or to zero: no genre known).
    """
    wanted = given @ genres
    wanted = wanted / np.maximum(wanted.sum(axis=1, keepdims=True), 1e-9)
    shown = genres[top(scores, k)].sum(axis=1)
    shown = shown / np.maximum(shown.sum(axis=1, keepdims=True), 1e-9)
    mixed = (1 - smooth) * shown + smooth * wanted
    terms = wanted * np.log2(np.maximum(wanted, 1e-12) / np.maximum(mixed, 1e-12))
    return float(np.where(wanted > 0, terms, 0.0).sum(axis=1).mean())


def paired(ours: np.ndarray, theirs: np.ndarray, seed: int = 7, draws: int = 10_000) -> float:
    """Two-sided p of a mean difference over users, by a permutation test of its signs."""
    gaps = ours - theirs
    order = np.random.default_rng(seed)
    signs = order.choice(np.array([-1.0, 1.0], np.float32), (draws, len(gaps)))
    means = np.abs(signs @ gaps.astype(np.float32)) / len(gaps)
    return float((1 + (means >= abs(gaps.mean())).sum()) / (draws + 1))


def top(scores: np.ndarray, k: int) -> np.ndarray:
    """Places of the k best items of each user, best first (users × k)."""
    k = min(k, scores.shape[1])
    part = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)
