"""Figures of the recommender: strong generalisation over users, five folds.

Three folds train, one validates, one is tested; of a held-out user 80 % of the likes are folded
in and the rest must be found. `python -m models.recommender.evaluate [--ratings DIR]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy import sparse

from models.recommender import autoencoder, ease, metrics
from models.recommender.dataset import Ratings, read_ratings

FOLDS = 5
LEAST_LIKES = 5
REGULARISATIONS = (100.0, 200.0, 400.0, 800.0)
MIXES = (0.0, 0.25, 0.5, 0.75, 1.0)
SEED = 7

Scorer = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Held:
    """Held-out users: what is folded in, and what must be found (both n × items)."""

    given: np.ndarray
    wanted: np.ndarray


def folds(
    likes: sparse.csr_matrix, seed: int = SEED
) -> Iterator[tuple[sparse.csr_matrix, Held, Held]]:
    """(train, validation, test) for each fold, split over users."""
    keep = np.flatnonzero(np.diff(likes.indptr) >= LEAST_LIKES)
    order = np.random.default_rng(seed)
    parts = np.array_split(order.permutation(keep), FOLDS)
    for turn in range(FOLDS):
        test, validation = parts[turn], parts[(turn + 1) % FOLDS]
        rest = np.concatenate(
            [p for i, p in enumerate(parts) if i not in (turn, (turn + 1) % FOLDS)]
        )
        yield likes[rest], hold_out(likes[validation], order), hold_out(likes[test], order)


def hold_out(likes: sparse.csr_matrix, order: np.random.Generator) -> Held:
    """Split each user's likes 80 : 20."""
    given = likes.toarray()
    wanted = np.zeros_like(given)
    for row in range(given.shape[0]):
        liked = np.flatnonzero(given[row])
        hidden = order.choice(liked, max(1, round(0.2 * len(liked))), replace=False)
        given[row, hidden] = 0
        wanted[row, hidden] = 1
    return Held(given, wanted)


def masked(scores: np.ndarray, held: Held) -> np.ndarray:
    """Scores with what was folded in out of the running."""
    return np.where(held.given > 0, -np.inf, scores)


def figure(scorer: Scorer, held: Held, k: int = 100) -> float:
    """Mean NDCG@k."""
    return float(metrics.ndcg(masked(scorer(held.given), held), held.wanted, k).mean())


def z(scores: np.ndarray) -> np.ndarray:
    """Scores of each user, standardised."""
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)


def best_ease(train: sparse.csr_matrix, validation: Held) -> tuple[np.ndarray, float]:
    """EASE with the regularisation that validates best."""
    tried = {r: ease.weights(train, r) for r in REGULARISATIONS}
    best = max(tried, key=lambda r: figure(lambda x: x @ tried[r], validation))
    return tried[best], best


def best_mix(first: np.ndarray, second: np.ndarray, validation: Held) -> float:
    """The share of `second` in a sum of standardised scores that validates best."""
    a, b = z(first), z(second)
    return max(MIXES, key=lambda m: figure(lambda _: (1 - m) * a + m * b, validation))


def compare(ratings: Ratings, progress: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Figures of popularity, EASE, Mult-DAE and the mixture that is served."""
    likes = ratings.likes()
    rows: dict[str, list[tuple[np.ndarray, np.ndarray, float]]] = {}
    for number, (train, validation, test) in enumerate(folds(likes), start=1):
        popularity = np.asarray(train.sum(axis=0)).ravel()
        linear, _ = best_ease(train, validation)
        deep, epochs = autoencoder.train(train, partial(figure, held=validation))
        given = validation.given
        share = best_mix(given @ linear, autoencoder.score(deep, given), validation)
        by_ease, by_autoencoder = test.given @ linear, autoencoder.score(deep, test.given)
        scored = {
            "popularity": np.tile(popularity, (test.given.shape[0], 1)),
            "EASE": by_ease,
            "Mult-DAE": by_autoencoder,
            "mixture": (1 - share) * z(by_ease) + share * z(by_autoencoder),
        }
        for name, unmasked in scored.items():
            scores = masked(unmasked, test)
            rows.setdefault(name, []).append(
                (
                    metrics.ndcg(scores, test.wanted, 100),
                    metrics.recall(scores, test.wanted, 20),
                    metrics.coverage(scores, 10),
                )
            )
        progress(f"fold {number} of {FOLDS}: Mult-DAE {epochs} epochs, its share {share}")
    return {
        name: {
            "NDCG@100": float(np.concatenate([row[0] for row in folds_]).mean()),
            "Recall@20": float(np.concatenate([row[1] for row in folds_]).mean()),
            "coverage@10": float(np.mean([row[2] for row in folds_])),
        }
        for name, folds_ in rows.items()
    }


def main() -> int:
    """Print a table and, last, one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--ratings", type=Path, default=Path("var/recommender"), help="folder of ratings.csv"
    )
    chosen = options.parse_args()
    try:
        ratings = read_ratings(chosen.ratings / "ratings.csv")
    except (OSError, ValueError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    found = compare(ratings, lambda text: print(text, file=sys.stderr, flush=True))
    print(f"{len(ratings.users)} users, {len(ratings.items)} items, seed {SEED}")
    for name, figures in found.items():
        print(f"{name:<12}" + "".join(f"  {key} {value:.4f}" for key, value in figures.items()))
    mixture, linear = found["mixture"]["NDCG@100"], found["EASE"]["NDCG@100"]
    bars = {
        "ndcg100_mixture_to_ease": {
            "value": round(mixture / linear, 4),
            "bar": 1.0,
            "ok": mixture >= linear,
        }
    }
    print(json.dumps({"bars": bars, "figures": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
