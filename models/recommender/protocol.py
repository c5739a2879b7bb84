"""Strong generalisation: users are held out whole, and each one's history is partly folded in.

Five folds over the users with at least five likes: three train, one validates, one tests. Of a
held-out user 80 % of the likes and 80 % of the other ratings are given, with their values and
times; the rest of the likes must be found. Whatever was given is out of the running, for every
model alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.recommender import metrics
from models.recommender.dataset import LIKED, DatasetError, Ratings

FOLDS, LEAST_LIKES, GIVEN = 5, 5, 0.8
SEED = 7

Score = Callable[[np.ndarray], np.ndarray]
"""From graded inputs (n × items) to scores (n × items)."""


@dataclass(frozen=True)
class Held:
    """Held-out users: `rows` in the whole data, rating values given (0 for none) and likes to be
    found (0 or 1), both n × items."""

    rows: np.ndarray
    given: np.ndarray
    wanted: np.ndarray

    @property
    def likes(self) -> np.ndarray:
        """1 where a like is given, n × items."""
        return (self.given >= LIKED).astype(np.float32)


@dataclass(frozen=True)
class Fold:
    """Users to learn from (values, users × items), to choose by, and to be measured on."""

    train: sparse.csr_matrix
    validation: Held
    test: Held


def folds(ratings: Ratings, seed: int = SEED) -> Iterator[Fold]:
    """The five folds of `ratings`.

    Raises:
        DatasetError: there are fewer users with enough likes than folds.
    """
    values = ratings.values
    enough = np.flatnonzero(np.diff(likes(values).indptr) >= LEAST_LIKES)
    if len(enough) < FOLDS:
        raise DatasetError(
            f"{len(enough)} users with {LEAST_LIKES} likes ({LIKED:g} stars or more); "
            f"{FOLDS} are needed at least"
        )
    order = np.random.default_rng(seed)
    parts = np.array_split(order.permutation(enough), FOLDS)
    for turn in range(FOLDS):
        test, validation = parts[turn], parts[(turn + 1) % FOLDS]
        others = [p for i, p in enumerate(parts) if i not in (turn, (turn + 1) % FOLDS)]
        yield Fold(
            values[np.concatenate(others)],
            hold_out(values, validation, order),
            hold_out(values, test, order),
        )


def held_back(
    ratings: Ratings, most: int = 500, seed: int = SEED
) -> tuple[sparse.csr_matrix, Held]:
    """For what is served: everybody but a fifth of the users (`most` at most), and that fifth."""
    values = ratings.values
    enough = np.flatnonzero(np.diff(likes(values).indptr) >= LEAST_LIKES)
    order = np.random.default_rng(seed)
    chosen = order.permutation(enough)[: min(most, len(enough) // FOLDS)]
    others = np.setdiff1d(np.arange(values.shape[0]), chosen)
    return values[others], hold_out(values, chosen, order)


def hold_out(values: sparse.csr_matrix, rows: np.ndarray, order: np.random.Generator) -> Held:
    """Hide a fifth of the likes (one at least) and a fifth of the other ratings of each user."""
    given = np.asarray(values[rows].toarray(), np.float32)
    wanted = np.zeros_like(given)
    for i in range(len(rows)):
        liked = np.flatnonzero(given[i] >= LIKED)
        others = np.flatnonzero((given[i] > 0) & (given[i] < LIKED))
        hidden = order.choice(liked, max(1, round((1 - GIVEN) * len(liked))), replace=False)
        wanted[i, hidden] = 1.0
        given[i, hidden] = 0.0
        given[i, order.choice(others, round((1 - GIVEN) * len(others)), replace=False)] = 0.0
    return Held(rows, given, wanted)


def likes(values: sparse.csr_matrix) -> sparse.csr_matrix:
    """1 where a rating is a like."""
    return graded(values, lambda v: (v >= LIKED).astype(np.float32))


def graded(
    values: sparse.csr_matrix, grade: Callable[[np.ndarray], np.ndarray]
) -> sparse.csr_matrix:
    """`values` with each rating replaced by its grade."""
    made = values.copy()
    made.data = grade(made.data).astype(np.float32)
    made.eliminate_zeros()
    return made.tocsr()


def masked(scores: np.ndarray, held: Held) -> np.ndarray:
    """Scores with what was given out of the running."""
    return np.where(held.given > 0, -np.inf, scores)


def ndcg(scores: np.ndarray, held: Held, k: int = 100) -> float:
    """Mean NDCG@k over the users of `held`."""
    return float(metrics.ndcg(masked(scores, held), held.wanted, k).mean())
