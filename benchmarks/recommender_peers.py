"""Other people's recommenders on our folds: `python -m benchmarks.recommender_peers DIR OUT`.

Runs in the environment of `recommender_peers.txt`, on the folds of `models.recommender.protocol`.
Each model has the same number of settings to choose from, by NDCG@100 on the validation users of
each fold, and the same minutes on a data set: it goes on to the next fold while that is likely to
be done in time, and has one fold in any case. OUT gets one JSON file, written anew after each fold:
model → figure → value of each user (coverage: of each fold), fold after fold.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recommender_peer_models import TRIED, WATCHED, Scores, fitted, settings
from models.recommender import metrics, protocol
from models.recommender.dataset import DatasetError
from models.recommender.movielens import read_folder
from models.recommender.protocol import Fold, Held

MINUTES = 5.0
"""Of each model on a data set."""


def measured(fold: Fold, most: int, name: str) -> dict[str, list[float]]:
    """Figures of every test user with the best of a model's first `most` settings."""
    watched = name.endswith(WATCHED)
    whole = protocol.graded(fold.train, np.sign) if watched else protocol.likes(fold.train)
    # An item without a single value can be learned by none of them.
    known = np.flatnonzero(whole.getnnz(axis=0))

    def scores(model: Scores, held: Held) -> Any:
        given = np.sign(held.given) if watched else held.likes
        found = np.asarray(model(np.ascontiguousarray(given[:, known])))
        made = np.tile(found.min(axis=1, keepdims=True), (1, given.shape[1]))
        made[:, known] = found
        return made

    def check(model: Scores) -> float:
        return protocol.ndcg(scores(model, fold.validation), fold.validation)

    values = whole[:, known]
    models = [fitted(name, values, options, check) for options in settings()[name][:most]]
    possible = protocol.masked(scores(max(models, key=check), fold.test), fold.test)
    return {
        "NDCG@100": metrics.ndcg(possible, fold.test.wanted, 100).tolist(),
        "Recall@20": metrics.recall(possible, fold.test.wanted, 20).tolist(),
        "coverage": [metrics.coverage(possible, 10)],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--model", action="append", choices=settings(), help="all by default")
    options.add_argument("--tried", type=int, default=TRIED, help="settings of each model")
    options.add_argument("--folds", type=int, default=protocol.FOLDS, help="at most")
    options.add_argument("--minutes", type=float, default=MINUTES, help="of each model")
    chosen = options.parse_args(arguments)
    warnings.simplefilter("ignore")
    try:
        folds = list(protocol.folds(read_folder(chosen.folder).ratings))[: chosen.folds]
    except (DatasetError, OSError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    found: dict[str, dict[str, list[float]]] = {}
    for name in chosen.model or settings():
        began = time.monotonic()
        for number, fold in enumerate(folds, start=1):
            try:
                figures = measured(fold, chosen.tried, name)
            except ImportError as error:
                print(f"no peer {name}: {error}", file=sys.stderr, flush=True)
                break
            for figure, values in figures.items():
                found.setdefault(name, {}).setdefault(figure, []).extend(values)
            chosen.out.write_text(json.dumps(found), encoding="utf-8")
            spent = (time.monotonic() - began) / 60
            mean = np.mean(found[name]["NDCG@100"])
            print(
                f"peer {name}: {number} of {len(folds)} folds, NDCG@100 {mean:.4f}, "
                f"{spent:.1f} minutes",
                file=sys.stderr,
                flush=True,
            )
            if spent * (number + 1) / number > chosen.minutes:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
