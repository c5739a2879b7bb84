"""What re-ranking costs and gains: `python -m benchmarks.recommender_rerank [--out FILE.svg]`.

The mixture that is served, on five folds of users (seed 7); the ten shown of each test user's best
60 are chosen by MMR (Carbonell & Goldstein 1998) or towards the genres of the history (Steck 2018),
with a growing weight. Prints a line for each weight and one JSON line last; `--out` draws the two
curves.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from models.recommender import evaluate, fitting, metrics, mixture, protocol, rerank
from models.recommender.dataset import features, grade
from models.recommender.movielens import read_folder

POOL, SHOWN = 60, 10
MMR = (0.0, 0.2, 0.4, 0.8, 1.2, 1.6)
CALIBRATION = (0.0, 0.1, 0.3, 0.6, 1.0, 2.0)
FIGURES = ("NDCG@10", "diversity", "miscalibration")


def shown_lists(
    scores: np.ndarray, way: str, weight: float, content: sparse.csr_matrix, shares: np.ndarray,
    history: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The items shown (users × SHOWN).

    Args:
        scores: users × items, of what may be shown.
        content: items × features, rows of length one.
        shares: items × genres.
        history: users × genres, shares in what each has liked.
    """
    best = metrics.top(scores, POOL)
    lists = []
    for row, pool in enumerate(best):
        values = scores[row, pool].astype(np.float64)
        if way == "MMR":
            rows = content[pool]
            alike = np.asarray((rows @ rows.T).todense())
            order = rerank.marginal(values, alike.__getitem__, weight, SHOWN)
        else:
            order = rerank.calibrated(values, shares[pool], history[row], weight, SHOWN)
        lists.append(pool[order])
    return np.array(lists)


def figures(
    lists: np.ndarray, wanted: np.ndarray, content: sparse.csr_matrix, shares: np.ndarray,
    liked: np.ndarray,
) -> tuple[float, float, float]:  # fmt: skip
    """NDCG@10, intra-list diversity and miscalibration of the `lists` (users × SHOWN)."""
    order = np.full(wanted.shape, -np.inf, np.float32)
    np.put_along_axis(order, lists, -np.arange(SHOWN, dtype=np.float32)[None], axis=1)
    return (
        float(metrics.ndcg_of(lists, wanted).mean()),
        metrics.diversity(order, content, SHOWN),
        metrics.miscalibration(order, liked, shares, SHOWN),
    )


def measure(folder: Path, facts: Path | None) -> dict[str, dict[float, np.ndarray]]:
    """Way → weight → mean figures over the folds."""
    data = read_folder(folder, facts)
    content, shares = features(data.titles).matrix, evaluate.shares_of_genres(data.titles)
    found: dict[str, dict[float, list[tuple[float, float, float]]]] = {"MMR": {}, "calibrated": {}}
    for number, fold in enumerate(protocol.folds(data.ratings), start=1):
        print(f"fold {number} of {protocol.FOLDS}", file=sys.stderr, flush=True)
        made = fitting.fit(fold.train, fold.validation, content)
        scores = mixture.mixed(made.parts(grade(fold.test.given)), made.weights)
        possible = protocol.masked(scores, fold.test)
        history = fold.test.likes @ shares
        history = history / np.maximum(history.sum(axis=1, keepdims=True), 1e-9)
        for way, weights in (("MMR", MMR), ("calibrated", CALIBRATION)):
            for weight in weights:
                lists = shown_lists(possible, way, weight, content, shares, history)
                row = figures(lists, fold.test.wanted, content, shares, fold.test.likes)
                found[way].setdefault(weight, []).append(row)
    return {way: {w: np.mean(r, axis=0) for w, r in rows.items()} for way, rows in found.items()}


def draw(found: dict[str, dict[float, np.ndarray]], out: Path) -> None:
    """Both curves as a picture."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, sides = pyplot.subplots(1, 2, figsize=(9, 3.6), sharey=True)
    for side, (way, column, name) in zip(
        sides,
        (
            ("MMR", 1, "intra-list diversity"),
            ("calibrated", 2, "miscalibration (bits, less is better)"),
        ),
        strict=True,
    ):
        points = [(row[column], row[0], weight) for weight, row in found[way].items()]
        side.plot([p[0] for p in points], [p[1] for p in points], "o-", color="#3b6ea8")
        for x, y, weight in points:
            side.annotate(f"{weight:g}", (x, y), textcoords="offset points", xytext=(4, 5))
        side.set(title=way, xlabel=name)
        side.grid(alpha=0.3)
    sides[0].set_ylabel("NDCG@10")
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and draw where it is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ratings", type=Path, default=Path("var/raw"))
    options.add_argument("--facts", type=Path, default=Path("var/recommender/titles.jsonl"))
    options.add_argument("--out", type=Path, help="an SVG file to draw")
    chosen = options.parse_args(arguments)
    try:
        found = measure(chosen.ratings, chosen.facts if chosen.facts.exists() else None)
    except (OSError, ValueError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    for way, rows in found.items():
        for weight, row in rows.items():
            cells = "  ".join(f"{n} {v:.4f}" for n, v in zip(FIGURES, row, strict=True))
            print(f"{way:12} weight {weight:<5g}{cells}")
    if chosen.out:
        draw(found, chosen.out)
    made = {way: {str(w): row.round(4).tolist() for w, row in rows.items()}
            for way, rows in found.items()}  # fmt: skip
    print(json.dumps({"figures": made}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
