"""How fast the recommender answers, and whether its reasons are true.

    python -m benchmarks.recommender_serving [--artefact DIR] [--data DIR]

Times are processor time of folding a viewer with 50 ratings in (every title scored), and of the
whole answer with its reasons, on made artefacts of 10,000 titles (every model) and 60,000 (the
sparse ones, which such a size is trained with). Measure with OMP_NUM_THREADS=1.
Reasons are checked on the trained artefact: every rating of a viewer is truly removed and the
title scored anew. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from scipy import sparse

from models.recommender.movielens import read_ratings
from models.recommender.predict import Recommender

RATED, SHOWN = 50, 4
CHECKED = 1_000
SEED = 7


def made(titles: int, deep: bool, order: np.random.Generator) -> Recommender:
    """A recommender of random weights, shaped like a trained one."""
    near, hidden, rank, size, names = 200, 200, 32, 64, 5_000
    places = order.integers(0, titles, (titles, near), dtype=np.int32)
    ease = sparse.csr_matrix(
        (order.normal(0, 0.1, titles * near).astype(np.float32), places.ravel(),
         np.arange(0, titles * near + 1, near)), (titles, titles)
    ).T.tocsr()  # fmt: skip
    content = sparse.random(titles, names, 14 / names, "csr", np.float32, order)
    arrays = {
        "ease_data": ease.data,
        "ease_indices": ease.indices,
        "ease_indptr": ease.indptr,
        "factors": order.normal(0, 0.1, (titles, size)).astype(np.float32),
        "rarity": order.normal(size=titles).astype(np.float32),
        "matrix_data": content.data,
        "matrix_indices": content.indices,
        "matrix_indptr": content.indptr,
        "quality": order.random(titles).astype(np.float32),
        "popularity": order.random(titles).astype(np.float32),
    }
    if deep:
        arrays |= {
            "dae.encoder": order.normal(0, 0.1, (titles, hidden)).astype(np.float32),
            "dae.encoder_bias": np.zeros(hidden, np.float32),
            "dae.mean": order.normal(0, 0.1, (hidden, rank)).astype(np.float32),
            "dae.decoder": order.normal(0, 0.1, (rank, titles)).astype(np.float32),
            "dae.decoder_bias": np.zeros(titles, np.float32),
        }
    ids = [f"t{i}" for i in range(titles)]
    weights = {"ease": 0.5, "ials": 0.2, "dae": 0.3 if deep else 0.0}
    return Recommender(ids, [f"f{i}" for i in range(names)], ids, weights, 0.5, arrays)


def times(
    recommender: Recommender, order: np.random.Generator, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Milliseconds of processor time of each of `rounds` viewers: folded in, and answered."""
    found = np.zeros((2, rounds))
    for turn in range(rounds):
        chosen = order.choice(len(recommender.titles), RATED, replace=False)
        values = order.integers(1, 11, RATED) / 2
        ratings = {f"t{i}": float(value) for i, value in zip(chosen, values, strict=True)}
        began = time.process_time()
        recommender.score(ratings)
        between = time.process_time()
        recommender.recommend(ratings, exclude=ratings, k=SHOWN)
        found[:, turn] = between - began, time.process_time() - between
    return found[0] * 1000, found[1] * 1000


def reasons(recommender: Recommender, data: Path) -> tuple[int, int, int]:
    """Recommendations with a rating as a reason, and how often the rating named first is the one,
    or one of the two, whose removal lowers the title's score most."""
    ratings = read_ratings(data / "ratings.csv")
    order = np.random.default_rng(SEED)
    places = {title: i for i, title in enumerate(recommender.titles)}
    checked = first = among = 0
    for user in order.permutation(len(ratings.users)):
        row = ratings.values[user]
        some = order.permutation(row.nnz)[:30]
        given = {ratings.items[row.indices[i]]: float(row.data[i]) for i in some}
        for item in recommender.recommend(given, exclude=given, k=SHOWN):
            if item.reason != "liked":
                continue
            place = places[item.title_id]
            scores = {
                left: recommender.score({k: v for k, v in given.items() if k != left})[place]
                for left in given
            }
            least = sorted(scores, key=lambda left: scores[left])
            checked += 1
            first += item.because[0] == least[0]
            among += item.because[0] in least[:2]
        if checked >= CHECKED:
            break
    return checked, first, among


def main() -> int:
    """Print the figures and one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--artefact", type=Path, default=Path("var/models/recommender"))
    options.add_argument("--data", type=Path, default=Path("var/recommender"))
    chosen = options.parse_args()
    bars: dict[str, dict[str, object]] = {}
    for titles, deep, bar in ((10_000, True, (1.0, 5.0)), (60_000, False, (10.0, 10.0))):
        order = np.random.default_rng(SEED)
        recommender = made(titles, deep, order)
        times(recommender, order, 50)
        folded, answered = times(recommender, order, 500)
        for share, limit in zip((50, 99), bar, strict=True):
            figure = float(np.percentile(folded, share))
            name = f"fold_in_p{share}_ms_at_{titles}_titles"
            bars[name] = {"value": round(figure, 2), "bar": limit, "ok": figure <= limit}
            whole = float(np.percentile(answered, share))
            print(
                f"{titles:,} titles, p{share}: folded in {figure:.2f} ms (bar {limit:g}), "
                f"answered with reasons {whole:.2f} ms",
                flush=True,
            )
    try:
        recommender = Recommender.load(chosen.artefact)
        checked, first, among = reasons(recommender, chosen.data)
    except (OSError, ValueError, RuntimeError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    true = among / max(checked, 1)
    print(f"reasons: {checked} checked by removal, the first {first / max(checked, 1):.3f}, "
          f"among the first two {true:.3f}")  # fmt: skip
    bars["true_reasons"] = {"value": round(true, 4), "bar": 0.95, "ok": true >= 0.95}
    print(json.dumps({"bars": bars}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
