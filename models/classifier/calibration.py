"""Adding up the two parts so that a probability means what it says, and when to abstain."""

from __future__ import annotations

import numpy as np

WRONG_COSTS = 1.0
"""What a wrong reading costs beside the gain of a right one; sets the abstain thresholds.

One: the viewer is told how the words were understood and can take it back."""
_GRID = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2, 2.8)


def mix(recurrent: np.ndarray, wide: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """Weights of the two parts' logits (texts, labels) that surprise least; they calibrate, too.

    A coarse grid, then a finer one around its best.
    """
    best = min(
        ((a, b) for a in _GRID for b in _GRID),
        key=lambda pair: surprise(pair[0] * recurrent + pair[1] * wide, wanted),
    )
    fine = (0.8, 0.9, 1.0, 1.1, 1.25)
    a, b = min(
        ((best[0] * x, best[1] * y) for x in fine for y in fine),
        key=lambda pair: surprise(pair[0] * recurrent + pair[1] * wide, wanted),
    )
    return round(a, 4), round(b, 4)


def surprise(logits: np.ndarray, wanted: np.ndarray) -> float:
    """Mean negative log likelihood of the labels `wanted` (places, -1 for none)."""
    known = wanted >= 0
    chosen = softmax(logits[known])[np.arange(known.sum()), wanted[known]]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean()) if known.any() else 0.0


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (texts, labels)."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def threshold(shares: np.ndarray, wanted: np.ndarray) -> float:
    """The confidence from which answering gains more than it costs."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == wanted
    grid = np.arange(0.3, 0.91, 0.01)
    gains = [np.where(right, 1.0, -WRONG_COSTS)[sure >= t].sum() for t in grid]
    return round(float(grid[int(np.argmax(gains))]), 2)
