"""Training at MovieLens-25M's size, rehearsed: `python -m benchmarks.recommender_scale`.

Ratings are made, not real: 162,000 users and 59,000 titles, as many ratings a user and a title as
long tails have, and tastes of 32 dimensions. `fitting.fit` is given them as `train` gives it a
folder's, and chooses the sparse way by itself. Prints time, peak memory, and how long a viewer
takes to fold in. `--users` and `--titles` make it smaller.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time

import numpy as np
from scipy import sparse

from models.recommender import fitting, metrics, protocol
from models.recommender.collaborative import Collaborative
from models.recommender.dataset import Ratings, grade

TASTES, GROUPS, MEAN_LENGTH = 32, 400, 154
SEED = 7


def say(text: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def made(users: int, titles: int) -> Ratings:
    """Ratings of `users`, each of one of `GROUPS` tastes, over titles of a long tail."""
    order = np.random.default_rng(SEED)
    appeal = (np.arange(titles) + 10.0) ** -0.9
    of_title = order.normal(size=(titles, TASTES)) / TASTES**0.5
    of_group = order.normal(size=(GROUPS, TASTES))
    lengths = np.clip(order.lognormal(np.log(MEAN_LENGTH) - 0.6, 1.1, users), 20, 3_000).astype(int)
    groups = order.integers(0, GROUPS, users)
    rows, columns, values = [], [], []
    for group in range(GROUPS):
        likeness = of_title @ of_group[group]
        chance = np.cumsum(appeal * np.exp(1.2 * likeness))
        members = np.flatnonzero(groups == group)
        owners = np.repeat(members, lengths[members])
        chosen = np.searchsorted(chance, order.random(len(owners)) * chance[-1])
        stars = 3.4 + 0.7 * likeness[chosen] + order.normal(0, 0.8, len(owners))
        rows.append(owners.astype(np.int32))
        columns.append(chosen.astype(np.int32))
        values.append((np.clip(np.round(2 * stars), 1, 10) / 2).astype(np.float32))
    places = (np.concatenate(rows), np.concatenate(columns))
    matrix = sparse.coo_matrix((np.concatenate(values), places), (users, titles)).tocsr()
    # A title drawn twice by one user was added up: it counts once.
    matrix.data = np.minimum(matrix.data, 5.0)
    empty = sparse.csr_matrix(matrix.shape)
    return Ratings([str(u) for u in range(users)], [str(i) for i in range(titles)], matrix, empty)


def fold_in(fitted: fitting.Fitted, given: np.ndarray) -> np.ndarray:
    """Milliseconds of processor time for each viewer (n × items, graded)."""
    served = Collaborative(fitted.arrays(), fitted.weights)
    found = []
    for row in given:
        rated = np.flatnonzero(row)[:50]
        began = time.process_time()
        served.scores(served.read(rated, row[rated]))
        found.append(1000 * (time.process_time() - began))
    return np.array(found)


def main() -> int:
    """Print the figures and one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=162_000)
    options.add_argument("--titles", type=int, default=59_000)
    chosen = options.parse_args()
    ratings = made(chosen.users, chosen.titles)
    say(f"{ratings.values.nnz:,} ratings made")
    began, processor = time.perf_counter(), time.process_time()
    values, validation = protocol.held_back(ratings)
    fitted = fitting.fit(values, validation, progress=say)
    minutes = (time.perf_counter() - began) / 60
    processor_minutes = (time.process_time() - processor) / 60
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    given = grade(validation.given)
    popular = np.tile(values.getnnz(axis=0).astype(np.float32), (len(given), 1))
    figures = {
        "ratings": values.nnz,
        "minutes": round(minutes, 1),
        "processor_minutes": round(processor_minutes, 1),
        "peak_gigabytes": round(memory, 2),
        "ndcg100": round(fitted.validation_ndcg, 4),
        "ndcg100_popularity": round(protocol.ndcg(popular, validation), 4),
        "recall20": round(
            float(
                metrics.recall(
                    protocol.masked(fitted.score(given), validation), validation.wanted, 20
                ).mean()
            ),
            4,
        ),
        "fold_in_p50_ms": round(float(np.median(fold_in(fitted, given))), 2),
        "weights": fitted.weights,
    }
    for name, value in figures.items():
        print(f"{name}: {value}")
    fits = memory <= 16
    bar = {"peak_gigabytes": {"value": round(memory, 2), "bar": 16, "ok": fits}}
    print(json.dumps({"bars": bar, "figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
