"""A made audience for the recommender that conversations are tested with.

Ninety viewers, each fond of one group of genres and cool towards another. What matters in a test
is only that tastes are there to be learned and that everything is the same in every run.
"""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

TASTES = (
    {"Sci-Fi", "Adventure"},
    {"Romance", "Musical"},
    {"Crime", "Thriller"},
    {"Comedy", "Family"},
    {"War", "History"},
    {"Martial-Arts", "Fantasy"},
)
VIEWERS, LIKED, DISLIKED = 90, 14, 5


def write_ratings(titles: Path, out: Path) -> int:
    """Write `ratings.csv` over the titles of `titles.jsonl`; how many ratings there are."""
    shelf = [json.loads(line) for line in titles.read_text(encoding="utf-8").splitlines()]
    shelf.sort(key=lambda title: title["id"])
    order = random.Random(7)
    rows: list[tuple[str, str, str, int]] = []
    for viewer in range(VIEWERS):
        taste = TASTES[viewer % len(TASTES)]
        mine = [title["id"] for title in shelf if taste & set(title["genres"])]
        others = [title["id"] for title in shelf if not taste & set(title["genres"])]
        liked = order.sample(mine, min(LIKED, len(mine)))
        disliked = order.sample(others, DISLIKED)
        rows += [(f"made:{viewer}", id_, order.choice(("4", "4.5", "5")), viewer) for id_ in liked]
        rows += [
            (f"made:{viewer}", id_, order.choice(("1", "2", "2.5")), viewer) for id_ in disliked
        ]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("user", "title_id", "rating", "timestamp"))
        writer.writerows(rows)
    return len(rows)
