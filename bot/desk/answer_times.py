"""Classes that answering times are counted in, and quantiles of what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case

# Upper bounds, in milliseconds.
BOUNDS = (10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 5000, 10_000, 30_000)
OVER = 60_000


def bound_of(milliseconds: Any) -> Any:
    """The upper bound of a column's class, as SQL."""
    return case(*((milliseconds <= each, each) for each in BOUNDS), else_=OVER)


def quantile(classes: Mapping[int, float], share: float) -> float:
    """The upper bound of the class in which `share` of all is reached."""
    left = share * sum(classes.values())
    for bound in (*BOUNDS, OVER):
        left -= classes.get(bound, 0.0)
        if left <= 1e-9:
            return float(bound)
    return float(OVER)
