"""A mixture of models: each one's scores of a user are standardised, then summed with weights.

The weights are chosen on validation users alone, by coordinate ascent from the best single model.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.recommender import metrics
from models.recommender.protocol import Held, masked

STEPS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5)
ROUNDS = 3
LEAST_GAIN = 2e-4
POOL = 20
"""Only the order of the best few is widened, so that what is found in them stays found."""
WIDENINGS = np.arange(0.0, 3.01, 0.1)
MARGIN = 1.03


def standardised(scores: np.ndarray) -> np.ndarray:
    """Scores (n × items) with mean 0 and deviation 1 for each user."""
    spread = scores.std(axis=1, keepdims=True)
    centred = scores - scores.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.where(spread > 1e-9, spread, 1.0), np.float32)


def mixed(parts: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    """The weighted sum (n × items) of `parts`, each already standardised."""
    total = np.zeros_like(next(iter(parts.values())))
    for name, weight in weights.items():
        if weight:
            total += np.float32(weight) * parts[name]
    return total


def choose(parts: Mapping[str, np.ndarray], held: Held) -> dict[str, float]:
    """Non-negative weights, summing to one, that validate best (NDCG@100 and Recall@20).

    Args:
        parts: name → standardised scores (n × items) of the validation users.
        held: the validation users.
    """

    def figure(weights: Mapping[str, float]) -> float:
        ranked = metrics.top(masked(mixed(parts, weights), held), 100)
        right = metrics.ndcg_of(ranked, held.wanted).mean()
        return float(right + metrics.recall_of(ranked[:, :20], held.wanted).mean())

    first = max(parts, key=lambda name: figure({name: 1.0}))
    weights = {name: float(name == first) for name in parts}
    best = figure(weights)
    for _ in range(ROUNDS):
        before = best
        for name in parts:
            for step in STEPS:
                tried = {**weights, name: step}
                if step == weights[name] or not any(tried.values()):
                    continue
                now = figure(tried)
                if now > best + LEAST_GAIN:
                    best, weights = now, tried
        if best <= before + LEAST_GAIN:
            break
    total = sum(weights.values())
    return {name: round(weight / total, 4) for name, weight in weights.items()}


def widened(scores: np.ndarray, rarity: np.ndarray, weight: float) -> np.ndarray:
    """Scores (n × items) with the `POOL` best of each user put in order anew, rare ones ahead.

    Args:
        rarity: (items,), standardised; larger is rarer.
        weight: of the rarity beside the score.
    """
    best = metrics.top(scores, POOL)
    values = np.take_along_axis(scores, best, axis=1)
    order = np.argsort(-(values + weight * rarity[best]), axis=1, kind="stable")
    made = scores.copy()
    np.put_along_axis(made, np.take_along_axis(best, order, axis=1), values, axis=1)
    return made


def widening(scores: np.ndarray, rarity: np.ndarray, held: Held, coverage: float) -> float:
    """The least weight of rarity at which the top 10 cover `coverage` of the items (and a margin).

    Chosen on validation users; `scores` are theirs, not masked.
    """
    possible = masked(scores, held)
    for weight in WIDENINGS:
        if metrics.coverage(widened(possible, rarity, weight), 10) >= MARGIN * coverage:
            return float(round(weight, 2))
    return float(WIDENINGS[-1])


def rarity(values: np.ndarray) -> np.ndarray:
    """Standardised negative log of how often each item was rated; `values` is (items,)."""
    return standardised(-np.log1p(np.asarray(values, np.float32))[None])[0]
