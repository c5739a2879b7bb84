"""Train the recommender: `python -m models.recommender.train --data DIR --out DIR`.

EASE and Mult-DAE are fitted on the likes, their mixture is chosen on held-out users, then both
are fitted again on everybody. Titles nobody has rated are reached through what they are made of.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.artefact import Artefact, save
from models.recommender import autoencoder, ease, evaluate
from models.recommender.artefact import NAME, VERSION
from models.recommender.dataset import Features, Ratings, features, read_ratings, read_titles


def train(folder: Path, out: Path) -> str:
    """Train on `folder` and write the artefact to `out`; returns a line that says how it went.

    Raises:
        DatasetError: the data is malformed or empty.
        OSError: a file cannot be read or written.
    """
    ratings = read_ratings(folder / "ratings.csv")
    made_of = features(read_titles(folder / "titles.jsonl"))
    ratings = known_only(ratings, made_of)
    likes = ratings.likes()
    train_likes, validation, _ = next(evaluate.folds(likes))
    given = validation.given
    linear, regularisation = evaluate.best_ease(train_likes, validation)
    deep, epochs = autoencoder.train(
        train_likes,
        lambda score: evaluate.figure(score, validation),
        progress=lambda text: print(text, flush=True),
    )
    by_ease, by_autoencoder = given @ linear, autoencoder.score(deep, given)
    share = evaluate.best_mix(by_ease, by_autoencoder, validation)
    both = (1 - share) * evaluate.z(by_ease) + share * evaluate.z(by_autoencoder)
    mixed = evaluate.figure(lambda _: both, validation)
    final, _ = autoencoder.train(likes, None, epochs=epochs)
    matrix = made_of.matrix
    artefact = Artefact(
        NAME,
        VERSION,
        {
            "titles": list(made_of.titles),
            "features": list(made_of.names),
            "items": list(ratings.items),
            "share": share,
            "regularisation": regularisation,
            "epochs": epochs,
            "validation_ndcg100": round(mixed, 4),
        },
        {
            "ease": ease.weights(likes, regularisation),
            **final,
            "matrix_data": matrix.data,
            "matrix_indices": matrix.indices,
            "matrix_indptr": matrix.indptr,
            "quality": made_of.quality,
            "popularity": made_of.popularity,
        },
    )
    save(out, artefact)
    return (
        f"{len(ratings.users)} users, {len(ratings.items)} rated of {len(made_of.titles)} titles, "
        f"NDCG@100 {mixed:.3f} on held-out users"
    )


def known_only(ratings: Ratings, made_of: Features) -> Ratings:
    """Ratings of titles that the catalogue has."""
    known = set(made_of.titles)
    keep = [i for i, item in enumerate(ratings.items) if item in known]
    return Ratings(ratings.users, [ratings.items[i] for i in keep], ratings.values[:, keep])


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
