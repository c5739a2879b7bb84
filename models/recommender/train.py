"""Train the recommender: `python -m models.recommender.train --data DIR --out DIR`.

EASE, Mult-DAE and iALS are fitted on graded ratings, their mixture is chosen on held-out users,
then all are fitted again on everybody. Titles nobody has rated are reached through what they are
made of.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from models.artefact import Artefact, save
from models.recommender import fitting, protocol
from models.recommender.artefact import NAME, VERSION
from models.recommender.dataset import DatasetError, Features, Ratings, features, read_titles
from models.recommender.fitting import Fitted
from models.recommender.movielens import read_ratings


def train(folder: Path, out: Path) -> str:
    """Train on `folder` and write the artefact to `out`; returns a line that says how it went.

    Raises:
        DatasetError: the data is malformed, or too small to hold users out.
        OSError: a file cannot be read or written.
    """
    made_of = features(read_titles(folder / "titles.jsonl"))
    ratings = known_only(read_ratings(folder / "ratings.csv"), made_of)
    values, validation = protocol.held_back(ratings)
    if not len(validation.rows):
        raise DatasetError(
            f"{folder}: too few users with {protocol.LEAST_LIKES} likes to learn from"
        )
    place = {title: i for i, title in enumerate(made_of.titles)}
    facts = made_of.matrix[[place[item] for item in ratings.items]]
    chosen = fitting.fit(values, validation, facts, lambda text: print(text, flush=True))
    save(out, _packed(fitting.again(ratings.values, chosen, facts), ratings, made_of))
    return (
        f"{len(ratings.users)} users, {len(ratings.items)} rated of {len(made_of.titles)} titles, "
        f"NDCG@100 {chosen.validation_ndcg:.3f} on held-out users"
    )


def _packed(made: Fitted, ratings: Ratings, made_of: Features) -> Artefact:
    facts, arrays = packed_titles(made_of)
    facts |= {
        "items": list(ratings.items),
        "weights": made.weights,
        "widening": made.widening,
        "setting": made.setting,
        "epochs": made.epochs,
        "validation_ndcg100": round(made.validation_ndcg, 4),
    }
    return Artefact(NAME, VERSION, facts, made.arrays() | arrays)


def packed_titles(made_of: Features) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Facts and arrays of an artefact that say what the titles are made of."""
    matrix = made_of.matrix
    arrays = {
        "matrix_data": matrix.data,
        "matrix_indices": matrix.indices,
        "matrix_indptr": matrix.indptr,
        "quality": made_of.quality,
        "popularity": made_of.popularity,
    }
    return {"titles": list(made_of.titles), "features": list(made_of.names)}, arrays


def known_only(ratings: Ratings, made_of: Features) -> Ratings:
    """Ratings of titles that the catalogue has."""
    known = set(made_of.titles)
    keep = [i for i, item in enumerate(ratings.items) if item in known]
    items = [ratings.items[i] for i in keep]
    return Ratings(ratings.users, items, ratings.values[:, keep], ratings.times[:, keep])


def main() -> int:
    """Train and print one line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("var/recommender"))
    options.add_argument("--out", type=Path, default=Path("var/models/recommender"))
    chosen = options.parse_args()
    try:
        print(train(chosen.data, chosen.out))
    except (OSError, ValueError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
