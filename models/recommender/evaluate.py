"""Figures of the recommender: `python -m models.recommender.evaluate [--ratings DIR]`.

DIR is in any of MovieLens' forms (see `movielens`). Strong generalisation over five folds of
users (see `protocol`); every choice is made on validation users. Ends in one JSON line.
`--likes-only` gives and masks the likes alone, as Liang et al. (2018) do.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np
from scipy import sparse

from models.recommender import contenders, metrics, protocol
from models.recommender.dataset import DatasetError, features
from models.recommender.movielens import Folder, read_folder
from models.recommender.protocol import Fold, Held

OURS = "mixture, widened"
COLUMNS = ("NDCG@100", "Recall@20", "Recall@50", "coverage", "Gini", "popularity", "novelty",
           "diversity", "miscalibration")  # fmt: skip


@dataclass
class Row:
    """Figures of one model: by user (`users`), and of whole lists, one value a fold (`lists`)."""

    users: dict[str, list[np.ndarray]] = field(default_factory=dict)
    lists: dict[str, list[float]] = field(default_factory=dict)

    def by_user(self, name: str) -> np.ndarray:
        """A figure of every user, fold after fold."""
        return np.concatenate(self.users[name])

    def means(self) -> dict[str, float]:
        """Every figure's mean, over users or over folds."""
        users = {name: float(self.by_user(name).mean()) for name in self.users}
        return users | {name: float(np.mean(values)) for name, values in self.lists.items()}


@dataclass(frozen=True)
class Measure:
    """What lists are measured with: training likes of each item, content, genres."""

    fold: Fold
    popularity: np.ndarray
    content: sparse.csr_matrix
    genres: np.ndarray

    def add(self, row: Row, scores: np.ndarray) -> None:
        """Add the figures of one model's scores (test users × items) to its row."""
        test, users = self.fold.test, self.fold.train.shape[0]
        possible = protocol.masked(scores, test)
        found = {
            "NDCG@100": metrics.ndcg(possible, test.wanted, 100),
            "Recall@20": metrics.recall(possible, test.wanted, 20),
            "Recall@50": metrics.recall(possible, test.wanted, 50),
        }
        for name, values in found.items():
            row.users.setdefault(name, []).append(values)
        lists = {
            "coverage": metrics.coverage(possible, 10),
            "Gini": metrics.gini(possible, 10),
            "popularity": metrics.average_popularity(possible, self.popularity, 10),
            "novelty": metrics.novelty(possible, self.popularity, users, 10),
            "diversity": metrics.diversity(possible, self.content, 10),
            "miscalibration": metrics.miscalibration(possible, test.likes, self.genres, 10),
        }
        for name, value in lists.items():
            row.lists.setdefault(name, []).append(value)


def compare(
    folder: Folder,
    likes_only: bool,
    progress: Callable[[str], None],
    deep: bool = True,
    most: int = protocol.FOLDS,
) -> dict[str, Row]:
    """Figures of every model on the first `most` folds; see `contenders.scored` for `deep`."""
    made_of = features(folder.titles)
    genres = shares_of_genres(folder.titles)
    rows: dict[str, Row] = {}
    for number, fold in enumerate(islice(folds(folder, likes_only), most), start=1):
        progress(f"fold {number} of {most}")
        popularity = np.asarray(protocol.likes(fold.train).sum(axis=0)).ravel()
        measure = Measure(fold, popularity, made_of.matrix, genres)
        for name, scores in contenders.scored(fold, made_of.matrix, progress, deep):
            measure.add(rows.setdefault(name, Row()), scores)
    return rows


def folds(folder: Folder, likes_only: bool) -> Iterator[Fold]:
    """The folds; with `likes_only` nothing but likes is given of validation and test users."""
    for fold in protocol.folds(folder.ratings):
        yield (
            replace(fold, validation=_likes(fold.validation), test=_likes(fold.test))
            if likes_only
            else fold
        )


def _likes(held: Held) -> Held:
    return replace(held, given=held.given * held.likes)


def shares_of_genres(titles: object) -> np.ndarray:
    """Items × genres, rows summing to one; a row of zeros where no genre is known."""
    listed = [tuple(title.get("genres") or ()) for title in titles]  # type: ignore[attr-defined]
    names = sorted({genre for genres in listed for genre in genres}) or ["none"]
    shares = np.zeros((len(listed), len(names)), np.float32)
    for row, genres in enumerate(listed):
        for genre in genres:
            shares[row, names.index(genre)] = 1.0 / len(genres)
    return shares


def table(rows: Mapping[str, Row]) -> str:
    """The figures as text, a line a model."""
    widths = {name: max(11, len(name) + 2) for name in COLUMNS}
    lines = [f"{'':24}" + "".join(f"{name:>{width}}" for name, width in widths.items())]
    for name, row in rows.items():
        means = row.means()
        digits = {column: 1 if column == "popularity" else 4 for column in COLUMNS}
        cells = [f"{means[c]:{width}.{digits[c]}f}" for c, width in widths.items()]
        lines.append(f"{name:24}" + "".join(cells))
    return "\n".join(lines)


def fairness(row: Row, folder: Folder) -> dict[str, dict[str, float]]:
    """NDCG@100 by viewer group, where groups are known: kind → group → mean."""
    values = row.by_user("NDCG@100")
    measured = islice(protocol.folds(folder.ratings), len(row.users["NDCG@100"]))
    users = np.concatenate([fold.test.rows for fold in measured])
    found: dict[str, dict[str, float]] = {}
    for kind, groups in folder.groups.items():
        of = np.array([groups[user] for user in users])
        found[kind] = {str(g): round(float(values[of == g].mean()), 4) for g in np.unique(of)}
    return found


def main() -> int:
    """Print a table and, last, one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ratings", type=Path, default=Path("var/recommender"))
    options.add_argument("--facts", type=Path, help="titles.jsonl to join by IMDb id")
    options.add_argument("--likes-only", action="store_true")
    options.add_argument("--quick", action="store_true", help="leave compared autoencoders out")
    options.add_argument("--folds", type=int, default=protocol.FOLDS, help="at most")
    chosen = options.parse_args()
    try:
        folder = read_folder(chosen.ratings, chosen.facts)
        rows = compare(
            folder,
            chosen.likes_only,
            lambda text: print(text, file=sys.stderr, flush=True),
            not chosen.quick,
            chosen.folds,
        )
    except (OSError, DatasetError) as error:
        print(f"recommender: {error}", file=sys.stderr)
        return 1
    values = folder.ratings.values
    users, items = values.shape
    print(f"{users} users, {items} items, {values.nnz} ratings, seed {protocol.SEED}")
    print(table(rows))
    groups = fairness(rows[OURS], folder)
    for kind, found in groups.items():
        print(f"NDCG@100 by {kind}: " + ", ".join(f"{g} {v:.4f}" for g, v in found.items()))
    figures = {name: {k: round(v, 4) for k, v in row.means().items()} for name, row in rows.items()}
    print(json.dumps({"bars": bars(rows), "figures": figures, "groups": groups}))
    return 0


def bars(
    rows: Mapping[str, Row], others: Mapping[str, Mapping[str, list[float]]] | None = None
) -> dict[str, dict[str, object]]:
    """Ours against the best single model on likes, `others` (peers: figure → values) included.

    NDCG@100 and Recall@20 must be 1 % above it (p over users), coverage that of Mult-DAE at least.
    A peer may have fewer folds than ours: it is compared on those that it has.
    """
    peers = others or {}
    made: dict[str, dict[str, object]] = {}
    for figure in ("NDCG@100", "Recall@20"):
        single = {n: row.by_user(figure) for n, row in rows.items() if n.endswith("on likes")}
        single |= {f"peer {name}": np.array(found[figure]) for name, found in peers.items()}
        ours = rows[OURS].by_user(figure)
        leads = {name: _lead(ours, theirs) for name, theirs in single.items()}
        best = min(leads, key=leads.__getitem__)
        count = min(len(ours), len(single[best]))
        p = metrics.paired(ours[:count], single[best][:count])
        ok = leads[best] >= 1.01 and p < 0.05
        made[figure] = {"value": round(leads[best], 4), "bar": 1.01, "ok": ok}
        made[figure] |= {"best": best, "users": count, "p": p}
    deep = [row.lists["coverage"] for name, row in rows.items() if name.startswith("Mult-DAE")]
    deep += [list(found["coverage"]) for name, found in peers.items() if name == "MultiDAE"]
    wide = rows[OURS].lists["coverage"]
    least = min((float(np.mean(wide[: len(d)]) - np.mean(d[: len(wide)])) for d in deep), default=0)
    value = float(np.mean(wide))
    made["coverage"] = {"value": round(value, 4), "bar": round(value - least, 4), "ok": least >= 0}
    return made


def _lead(ours: np.ndarray, theirs: np.ndarray) -> float:
    """How many times their mean ours is, on the users that both were measured on."""
    count = min(len(ours), len(theirs))
    return float(ours[:count].mean() / max(theirs[:count].mean(), 1e-9))


if __name__ == "__main__":
    sys.exit(main())
