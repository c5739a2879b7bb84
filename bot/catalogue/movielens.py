"""Reads MovieLens folders: today's CSV layout, 1M and 10M (`.dat`), and the original 100K."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.catalogue import vocabulary
from bot.catalogue.bad_rows import RowError
from bot.catalogue.facts import RatingFacts, TitleFacts
from bot.catalogue.ml100k import names_of
from bot.catalogue.progress import Silent
from bot.catalogue.staging import Staging

_YEAR = re.compile(r"\s*\((?P<year>\d{4})(?:[-–]\d{0,4})?\)\s*$")
# Genres of u.item's 19 columns of 0 and 1, in their order.
_FLAGS = (
    *("", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary"),
    *("Drama", "Fantasy", "", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller"),
    *("War", "Western"),
)
Cells = list[str]


def files(folder: Path) -> list[Path]:
    """The files of the folder that are read.

    Raises:
        RowError: it is no MovieLens folder.
    """
    for titles, ratings in (
        ("movies.csv", "ratings.csv"),
        ("movies.dat", "ratings.dat"),
        ("u.item", "u.data"),
    ):
        if (folder / titles).is_file():
            found = [folder / titles, folder / ratings, folder / "links.csv"]
            return [path for path in found if path.is_file()]
    raise RowError(f"{folder} holds no movies.csv, movies.dat or u.item")


def stage(folder: Path, staging: Staging, progress: Silent) -> None:
    """Read the folder into `staging`."""
    paths = {path.name: path for path in files(folder)}
    links: dict[str, str] = {}
    if "links.csv" in paths:
        path = paths["links.csv"]
        # Small enough for memory, and read again by a second try, since titles need it.
        for line, row in _csv_rows(path, 2):
            if len(row) > 1 and row[1].isdigit():
                links[row[0]] = f"tt{row[1]:0>7}"
            elif len(row) < 2 or row[1]:
                staging.bad.report(path, line, f"IMDb number expected, not {','.join(row)!r}")
    for name, path in paths.items():
        shown = progress.track(_rows(path), name)
        if name in ("movies.csv", "movies.dat"):
            staging.read(name, path, shown, lambda row: _title(row, links), staging.put_titles)
        elif name == "u.item":
            staging.read(name, path, shown, _old_title, staging.put_titles)
        elif name != "links.csv":
            staging.read(name, path, shown, _rating, staging.put_ratings)


def _rows(path: Path) -> Iterator[tuple[int, Cells]]:
    if path.suffix == ".csv":
        return _csv_rows(path, 3)
    separator = {".dat": "::", ".item": "|", ".data": "\t"}[path.suffix]
    return _split_rows(path, separator)


def _csv_rows(path: Path, least: int) -> Iterator[tuple[int, Cells]]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if len(header) < least:
            raise RowError(f"{path}:1: {least} columns expected, not {','.join(header)!r}")
        for row in reader:
            yield reader.line_num, row


def _split_rows(path: Path, separator: str) -> Iterator[tuple[int, Cells]]:
    with path.open(encoding="latin-1") as file:
        for line, text in enumerate(file, 1):
            yield line, text.rstrip("\r\n").split(separator)


def _title(row: Cells, links: dict[str, str]) -> TitleFacts:
    if len(row) != 3 or not row[0].isdigit():
        raise RowError(f"movie, title and genres expected, not {','.join(row)!r}")
    return _facts(row[0], row[1], row[2].split("|"), links.get(row[0]))


def _old_title(row: Cells) -> TitleFacts | None:
    if len(row) < 24 or not row[0].isdigit():
        raise RowError(f"24 cells expected, not {len(row)}")
    if row[1] == "unknown":
        return None
    flags = zip(_FLAGS, row[5:24], strict=True)
    return _facts(row[0], row[1], [genre for genre, flag in flags if flag == "1"], None)


def _facts(key: str, name: str, genres: Iterable[str], imdb_id: str | None) -> TitleFacts:
    found = _YEAR.search(name)
    title, others = names_of(_YEAR.sub("", name))
    if not title.strip():
        raise RowError("no title")
    return TitleFacts(
        title=title,
        year=int(found["year"]) if found else None,
        key=key,
        imdb_id=imdb_id,
        aliases=others,
        genres=vocabulary.genres(genres),
    )


def _rating(row: Cells) -> RatingFacts:
    try:
        user, key, value, at = row
        rating = RatingFacts(int(user), str(int(key)), float(value), int(float(at)))
    except (ValueError, OverflowError):
        said = ",".join(row)
        raise RowError(f"user, movie, rating and time expected, not {said!r}") from None
    if not 0.5 <= rating.value <= 5:
        raise RowError(f"rating {value} is not within 0.5 and 5")
    return rating
