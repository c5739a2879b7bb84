"""Adding up the two parts so that a probability means what it says, and when to abstain."""

from __future__ import annotations

import numpy as np

WRONG_COSTS = 1.0
"""What a wrong reading costs beside the gain of a right one; sets the abstain thresholds.

One: the viewer is told how the words were understood and can take it back."""
_GRID = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2, 2.8)


def mix(
    recurrent: np.ndarray,
    wide: np.ndarray,
    wanted: np.ndarray,
    weights: np.ndarray | None = None,
) -> tuple[float, float]:
    """Weights of the two parts' logits (texts, labels) that surprise least; they calibrate, too.

    A coarse grid, then a finer one around its best. `weights` (texts,) say how much each counts.
    """
    best = min(
        ((a, b) for a in _GRID for b in _GRID),
        key=lambda pair: surprise(pair[0] * recurrent + pair[1] * wide, wanted, weights),
    )
    fine = (0.8, 0.9, 1.0, 1.1, 1.25)
    a, b = min(
        ((best[0] * x, best[1] * y) for x in fine for y in fine),
        key=lambda pair: surprise(pair[0] * recurrent + pair[1] * wide, wanted, weights),
    )
    return round(a, 4), round(b, 4)


def surprise(logits: np.ndarray, wanted: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Mean negative log likelihood of the labels `wanted` (places, -1 for none)."""
    known = wanted >= 0
    if not known.any():
        return 0.0
    chosen = softmax(logits[known])[np.arange(known.sum()), wanted[known]]
    counts = None if weights is None else weights[known]
    return float(np.average(-np.log(np.maximum(chosen, 1e-12)), weights=counts))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (texts, labels)."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def threshold(shares: np.ndarray, wanted: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The confidence from which answering gains more than it costs."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == wanted
    grid = np.arange(0.3, 0.91, 0.01)
    gain = np.where(right, 1.0, -WRONG_COSTS) * (1.0 if weights is None else weights)
    gains = [gain[sure >= t].sum() for t in grid]
    return round(float(grid[int(np.argmax(gains))]), 2)
