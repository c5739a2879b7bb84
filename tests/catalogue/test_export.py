"""What the recommender is given to learn from."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.catalogue.export import export
from bot.catalogue.importing import import_source


def test_ratings_and_titles_are_written(database: Engine, folder: Path, tmp_path: Path) -> None:
    (folder / "movies.csv").write_text(
        "movieId,title,genres\n1,Loved (1995),Comedy\n2,Hated (1996),Horror\n3,Alone (1997),Drama\n"
    )
    rows = [f"{user},1,5.0,10\n{user},2,1.0,20\n" for user in range(30)]
    (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + "".join(rows))
    import_source("movielens", folder, database, 0, scratch_dir=tmp_path / "scratch")
    more = folder / "more.csv"
    more.write_text(
        "title,year,directors,cast,countries\nLoved,1995,Ann Lee,Bob Ray|Cid Fox,France\n"
    )
    import_source("csv", more, database, 0, scratch_dir=tmp_path / "scratch")
    out = tmp_path / "out"
    assert export(database, out) == (60, 3)
    with (out / "ratings.csv").open(encoding="utf-8", newline="") as file:
        ratings = list(csv.DictReader(file))
    assert len(ratings) == 60
    assert ratings[0]["title_id"] == "hated-1996"
    assert (ratings[0]["rating"], ratings[0]["timestamp"]) == ("1", "20")
    lines = (out / "titles.jsonl").read_text(encoding="utf-8").splitlines()
    titles = {row["id"]: row for row in map(json.loads, lines)}
    loved, hated, alone = (titles[i] for i in ("loved-1995", "hated-1996", "alone-1997"))
    assert loved["people"] == ["d:ann-lee", "c:bob-ray", "c:cid-fox"]
    assert loved["quality"] > alone["quality"] > hated["quality"]
    assert loved["popularity"] == hated["popularity"] == 1.0
    assert alone["popularity"] == 0.0
    assert (loved["genres"], loved["countries"], loved["year"]) == (["Comedy"], ["France"], 1995)
    assert {path.name for path in out.iterdir()} == {"ratings.csv", "titles.jsonl"}
