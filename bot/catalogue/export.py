"""Writes what the recommender learns from: ratings.csv and titles.jsonl.

    python -m bot.catalogue.export FOLDER

ratings.csv: user,title_id,rating,timestamp (ratings 0.5 to 5, seconds since 1970).
titles.jsonl, one object a line: id, genres, people (directors as "d:" + id, cast as "c:" + id),
year, countries, languages, kind, quality and popularity (0 to 1).
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.store.catalogue_schema import catalogue_ratings
from bot.store.database import reading

RATINGS = "ratings.csv"
TITLES = "titles.jsonl"
# How many opinions the mean of all titles weighs against a title's own (a Bayesian mean).
_PRIOR = 20.0
_CURATED = 50  # opinions that a title of our own lists has, though nobody counted them
_BATCH = 50_000


def export(engine: Engine, folder: Path) -> tuple[int, int]:
    """Write both files to `folder`, each in one piece; how many ratings and titles there are.

    Raises:
        DatabaseUnavailable: the database cannot be read.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue.load(engine)
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    partial = folder / (RATINGS + ".part")
    written = 0
    with partial.open("w", encoding="utf-8", newline="") as file, reading(engine) as connection:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("user", "title_id", "rating", "timestamp"))
        table = catalogue_ratings.c
        query = select(table.source, table.user, table.title_id, table.value, table.rated_at)
        result = connection.execution_options(stream_results=True).execute(
            query.order_by(table.source, table.user, table.title_id)
        )
        for rows in result.partitions(_BATCH):
            for source, user, title_id, value, at in rows:
                if title_id not in catalogue.titles:
                    continue
                writer.writerow((f"{source}:{user}", title_id, f"{value:g}", at))
                sums[title_id] += value
                counts[title_id] += 1
                written += 1
    partial.replace(folder / RATINGS)
    _write_titles(catalogue, sums, counts, folder)
    return written, len(catalogue)


def _write_titles(
    catalogue: Catalogue, sums: Mapping[str, float], counts: Mapping[str, int], folder: Path
) -> None:
    titles = catalogue.titles.values()
    critics = _weighted_mean((title.score or 0.0, title.reviews) for title in titles if title.score)
    viewers = sum(sums.values()) / max(1, sum(counts.values())) if sums else 0.0
    most = max((_opinions(title, counts) for title in titles), default=0)
    partial = folder / (TITLES + ".part")
    with partial.open("w", encoding="utf-8") as file:
        for title in titles:
            known = counts.get(title.id, 0)
            weight = (title.reviews if title.score is not None else 0) + known
            own = (title.score or 0.0) / 10 * (title.reviews if title.score is not None else 0)
            own += sums.get(title.id, 0.0) / 5
            prior = (critics / 10 + viewers / 5) / 2 if viewers else critics / 10
            quality = (own + _PRIOR * prior) / (weight + _PRIOR)
            popularity = math.log1p(_opinions(title, counts)) / math.log1p(most) if most else 0.0
            row = {
                "id": title.id,
                "kind": title.kind,
                "year": title.year,
                "genres": title.genres,
                "countries": title.countries,
                "languages": title.languages,
                "people": [f"d:{p}" for p in title.directors] + [f"c:{p}" for p in title.cast],
                "quality": round(min(1.0, max(0.0, quality)), 4),
                "popularity": round(popularity, 4),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    partial.replace(folder / TITLES)


def _opinions(title: Title, counts: Mapping[str, int]) -> int:
    """How many opinions are known; a title of our own lists has some that nobody counted."""
    return title.reviews + counts.get(title.id, 0) + (_CURATED if title.title_zh else 0)


def _weighted_mean(pairs: Iterable[tuple[float, int]]) -> float:
    total = weight = 0.0
    for value, count in pairs:
        total += value * count
        weight += count
    return total / weight if weight else 5.0


def main() -> None:
    """Export the settings' database to the folder named on the command line."""
    from bot.store.database import engine

    ratings, titles = export(engine(), Path(sys.argv[1]))
    print(f"{ratings:,} ratings, {titles:,} titles")


if __name__ == "__main__":
    main()
