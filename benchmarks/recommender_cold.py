"""Cold start: how good the answer is with 0, 1, 3, 5 or 10 ratings, or a described taste alone.

    python -m benchmarks.recommender_cold [--data DIR]

A fifth of the users is held out and the recommender trained on the rest, as it is served. Of each
held-out user n ratings are given; the likes among the other ratings must be found in the whole
catalogue (NDCG@100). The taste is the user's two most frequent genres, and what is then wanted
has both. Half of the held-out users choose the weights of the parts, the other half is measured.
Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recommender import metrics
from models.recommender.dataset import LIKED, Ratings, read_titles
from models.recommender.movielens import read_ratings
from models.recommender.predict import Recommender
from models.recommender.train import train

GIVEN = (0, 1, 3, 5, 10)
TASTE = "a taste"
HELD = 5
LEAST = 20
SEED = 7
SCALES = (0.25, 0.5, 1.0, 2.0, 4.0)
ALONE = ("fame", "content", "collaborative", "tastes")


@dataclass(frozen=True)
class Case:
    """Parts of the score of one held-out user (part → titles), what was given, what is wanted."""

    parts: Mapping[str, np.ndarray]
    given: np.ndarray
    wanted: np.ndarray

    def ndcg(self, scales: Mapping[str, float]) -> float:
        """NDCG@100 with each part scaled; a part that is not named is left out."""
        total = np.zeros(len(self.given), np.float32)
        for name, part in self.parts.items():
            total += np.float32(scales.get(name, 0.0)) * part
        scores = np.where(self.given, -np.inf, total)
        return float(metrics.ndcg(scores[None], self.wanted[None], 100)[0])


def cases(
    recommender: Recommender, ratings: Ratings, users: np.ndarray, genres: Mapping[str, list[str]]
) -> dict[str, list[Case]]:
    """How much is known ("3", "a taste" …) → a case for each user."""
    order = np.random.default_rng(SEED)
    place = {title: i for i, title in enumerate(recommender.titles)}
    found: dict[str, list[Case]] = {}
    for user in users:
        row = ratings.values[user]
        shuffled = order.permutation(row.nnz)
        titles = [ratings.items[row.indices[i]] for i in shuffled]
        values = row.data[shuffled]
        liked = [title for title, value in zip(titles, values, strict=True) if value >= LIKED]
        tasted = Counter(genre for title in liked for genre in genres[title])
        described = {genre for genre, _ in tasted.most_common(2)}
        tastes = {f"genre:{genre}": 1.0 for genre in sorted(described)}
        for known in (*GIVEN, TASTE):
            count = 0 if known == TASTE else int(known)
            ratings_ = {t: float(v) for t, v in zip(titles[:count], values[:count], strict=True)}
            given = np.zeros(len(place), bool)
            given[[place[title] for title in ratings_]] = True
            wanted = np.zeros(len(place), np.float32)
            # The same titles are wanted however many ratings are given; of those who describe
            # a taste, the ones that have it.
            late = [place[t] for t in titles[10:] if t in liked]
            if known == TASTE:
                late = [i for i in late if described <= set(genres[recommender.titles[i]])]
            wanted[late] = 1.0
            parts = recommender.parts(ratings_, tastes if known == TASTE else None)
            if late:
                found.setdefault(str(known), []).append(Case(parts, given, wanted))
    return found


def learned(known: Mapping[str, list[Case]]) -> dict[str, float]:
    """Scales of the parts that do best over all amounts of knowledge, fame's being 1."""
    tried = [
        {"fame": 1.0, "content": c, "collaborative": w, "tastes": 1.0}
        for c, w in itertools.product(SCALES, SCALES)
    ]
    some = [case for name in ("1", "3", "5", "10") for case in known[name]]
    best = max(tried, key=lambda scales: np.mean([case.ndcg(scales) for case in some]))
    tastes = known[TASTE]
    best["tastes"] = max(
        SCALES, key=lambda s: np.mean([case.ndcg({**best, "tastes": s}) for case in tastes])
    )
    return best


def prepared(data: Path, scratch: Path) -> tuple[Ratings, np.ndarray]:
    """All ratings, and the users held out of the training folder written to `scratch`."""
    ratings = read_ratings(data / "ratings.csv")
    order = np.random.default_rng(SEED)
    counts = ratings.values.getnnz(axis=1)
    enough = order.permutation(np.flatnonzero(counts >= LEAST))
    held = enough[: max(4, len(enough) // HELD)]
    out = {ratings.users[user] for user in held}
    with (
        (data / "ratings.csv").open(encoding="utf-8", newline="") as file,
        (scratch / "ratings.csv").open("w", encoding="utf-8", newline="") as kept,
    ):
        writer = csv.writer(kept, lineterminator="\n")
        writer.writerows(row for row in csv.reader(file) if row[0] not in out)
    shutil.copy(data / "titles.jsonl", scratch / "titles.jsonl")
    return ratings, held


def main() -> int:
    """Print the curve and one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("var/recommender"))
    data = options.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        try:
            ratings, held = prepared(data, scratch)
            print(train(scratch, scratch / "artefact"), file=sys.stderr, flush=True)
            titles = read_titles(data / "titles.jsonl")
        except (OSError, ValueError) as error:
            print(f"recommender: {error}", file=sys.stderr)
            return 1
        recommender = Recommender.load(scratch / "artefact")
    genres = {title["id"]: list(title.get("genres") or ()) for title in titles}
    half = len(held) // 2
    scales = learned(cases(recommender, ratings, held[:half], genres))
    served = dict.fromkeys(ALONE, 1.0)
    print(f"{len(held) - half} users, seed {SEED}; scales that validate best: {scales}")
    print(
        f"{'NDCG@100':>10}{'fame':>15}{'content':>15}{'collaborative':>15}{'served':>15}{'learned':>15}"
    )
    figures: dict[str, dict[str, float]] = {}
    for known, found in cases(recommender, ratings, held[half:], genres).items():
        ways = {name: {name: 1.0} for name in ALONE[:3]} | {"served": served, "learned": scales}
        row = {n: float(np.mean([case.ndcg(way) for case in found])) for n, way in ways.items()}
        figures[known] = {name: round(value, 4) for name, value in row.items()}
        print(f"{known:>10}" + "".join(f"{value:15.4f}" for value in row.values()), flush=True)
    ok = all(row["served"] >= row["fame"] - 1e-9 for row in figures.values())
    bar = {"value": figures["10"]["served"], "bar": figures["10"]["fame"], "ok": ok}
    print(json.dumps({"bars": {"cold_start_above_popularity": bar}, "figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
