"""Reads a folder of ratings in any of MovieLens' forms.

| ratings | titles | users |
|---|---|---|
| `ratings.csv` (ml-latest-small, ML-25M; ours) | `movies.csv`, or our `titles.jsonl` | – |
| `u.data` (ML-100K) | `u.item` | `u.user` |
| `ratings.dat` (ML-1M, ML-10M) | `movies.dat` | `users.dat` |
| `*.inter` (RecBole's atomic files) | `*.item` | `*.user` |
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from models.recommender.dataset import DatasetError, Ratings, read_titles

_YEAR = re.compile(r"\((\d{4})\)\s*$")
# The genres of `u.item`, one column each, in this order.
_GENRES = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime"),
    *("Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance"),
    *("Sci-Fi", "Thriller", "War", "Western"),
)
_NO_GENRE = {"(no genres listed)", "unknown", ""}


@dataclass(frozen=True)
class Folder:
    """What a folder holds. `titles` stand in the order of `ratings.items`, as `titles.jsonl` has
    them; `groups` maps a kind ("gender", "age") to each user's group, in the order of
    `ratings.users`; it is empty where nothing is known of the users."""

    ratings: Ratings
    titles: Sequence[Mapping[str, Any]]
    groups: Mapping[str, Sequence[str]]


def read_folder(folder: Path, facts: Path | None = None) -> Folder:
    """Read the ratings in `folder`, and what is there about titles and users.

    `facts` is a `titles.jsonl` with IMDb's ids; through the folder's `links.csv` its people,
    countries and languages are added.

    Raises:
        DatasetError: there are no ratings, or a row is malformed; the message names it.
        OSError: a file cannot be read.
    """
    atomic = sorted(folder.glob("*.inter"))
    if (folder / "ratings.csv").exists():
        ratings = read_ratings(folder / "ratings.csv", ",", header=True)
        titles = _own(folder) if (folder / "titles.jsonl").exists() else _movies_csv(folder)
        users: dict[str, dict[str, str]] = {}
    elif (folder / "u.data").exists():
        ratings = read_ratings(folder / "u.data", "\t", header=False)
        titles, users = _u_item(folder / "u.item"), _users(folder / "u.user", "|", age=1, gender=2)
    elif (folder / "ratings.dat").exists():
        ratings = read_ratings(folder / "ratings.dat", "::", header=False)
        titles = _movies_dat(folder / "movies.dat")
        users = _users(folder / "users.dat", "::", age=2, gender=1)
    elif atomic:
        ratings = read_ratings(atomic[0], "\t", header=True)
        titles = _atomic_items(atomic[0].with_suffix(".item"))
        users = _users(atomic[0].with_suffix(".user"), "\t", age=1, gender=2)
    else:
        raise DatasetError(
            f"{folder}: no ratings; expected ratings.csv, u.data, ratings.dat or a .inter file"
        )
    known = [titles.get(item, {"id": item}) for item in ratings.items]
    if facts is not None and (folder / "links.csv").exists():
        known = _joined(known, folder / "links.csv", facts)
    kinds = sorted({kind for user in users.values() for kind in user})
    groups = {
        kind: [users.get(user, {}).get(kind, "unknown") for user in ratings.users] for kind in kinds
    }
    return Folder(ratings, known, groups)


def read_ratings(path: Path, separator: str = ",", header: bool = True) -> Ratings:
    """Read rows of user, item, rating and (where there is one) time; of a pair rated twice the
    last row counts.

    Raises:
        DatasetError: a row is malformed, or there is none; the message names file and line.
        OSError: the file cannot be read.
    """
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    rows, columns, values, times = array("i"), array("i"), array("f"), array("d")
    for number, row in _rows(path, separator, header):
        try:
            user, item, value = row[0], row[1], float(row[2])
            at = float(row[3]) if len(row) > 3 else 0.0
        except (IndexError, ValueError):
            raise DatasetError(f"{path}:{number}: not a rating: {row!r}") from None
        if not 0.5 <= value <= 5:
            raise DatasetError(f"{path}:{number}: rating {value} is not within 0.5 and 5")
        rows.append(users.setdefault(user, len(users)))
        columns.append(items.setdefault(item, len(items)))
        values.append(value)
        times.append(at)
    if not values:
        raise DatasetError(f"{path}: no ratings")
    shape = (len(users), len(items))
    pairs = np.frombuffer(rows, np.int32).astype(np.int64) * shape[1]
    pairs += np.frombuffer(columns, np.int32)
    order = np.argsort(pairs, kind="stable")
    last = order[np.append(np.flatnonzero(np.diff(pairs[order])), len(order) - 1)]
    places = (np.frombuffer(rows, np.int32)[last], np.frombuffer(columns, np.int32)[last])
    return Ratings(
        list(users),
        list(items),
        sparse.csr_matrix((np.frombuffer(values, np.float32)[last], places), shape),
        sparse.csr_matrix((np.frombuffer(times, np.float64)[last], places), shape),
    )


def _rows(path: Path, separator: str, header: bool) -> Iterable[tuple[int, list[str]]]:
    """Number and fields of each line; titles before 2000 were written in Latin-1."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            file.read()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "latin-1"
    with path.open(encoding=encoding, newline="") as file:
        if header:
            next(file, None)
        if separator == ",":
            try:
                yield from enumerate(csv.reader(file), start=1 + header)
            except csv.Error as error:
                raise DatasetError(f"{path}: {error}") from None
            return
        for number, line in enumerate(file, start=1 + header):
            if line.strip():
                yield number, line.rstrip("\r\n").split(separator)


def _own(folder: Path) -> dict[str, Mapping[str, Any]]:
    return {title["id"]: title for title in read_titles(folder / "titles.jsonl")}


def _joined(titles: list[Any], links: Path, facts: Path) -> list[Any]:
    ours = {title["id"]: title for title in read_titles(facts)}
    ids = {row[0]: f"tt{row[1]}" for _, row in _rows(links, ",", header=True) if len(row) > 1}
    kinds = ("people", "countries", "languages")
    known = [ours.get(ids.get(title["id"], ""), {}) for title in titles]
    return [
        {**title, **{kind: own[kind] for kind in kinds if own.get(kind)}}
        for title, own in zip(titles, known, strict=True)
    ]


def _movies_csv(folder: Path) -> dict[str, Mapping[str, Any]]:
    return _named(folder / "movies.csv", ",", header=True)


def _movies_dat(path: Path) -> dict[str, Mapping[str, Any]]:
    return _named(path, "::", header=False)


def _named(path: Path, separator: str, header: bool) -> dict[str, Mapping[str, Any]]:
    """Titles of the form id, name (year), genres with bars between."""
    if not path.exists():
        return {}
    return {
        row[0]: _title(row[0], row[1], row[2].split("|"))
        for _, row in _rows(path, separator, header)
        if len(row) > 2
    }


def _u_item(path: Path) -> dict[str, Mapping[str, Any]]:
    if not path.exists():
        return {}
    rows = [row for _, row in _rows(path, "|", header=False) if len(row) >= 5 + len(_GENRES)]
    return {
        row[0]: _title(
            row[0], row[1], [g for g, x in zip(_GENRES, row[5:], strict=False) if x == "1"]
        )
        for row in rows
    }


def _atomic_items(path: Path) -> dict[str, Mapping[str, Any]]:
    if not path.exists():
        return {}
    rows = [row for _, row in _rows(path, "\t", header=True) if len(row) > 3]
    return {row[0]: _title(row[0], f"{row[1]} ({row[2]})", row[3].split(" ")) for row in rows}


def _title(item: str, name: str, genres: Iterable[str]) -> dict[str, Any]:
    year = _YEAR.search(name)
    kept = [genre for genre in genres if genre not in _NO_GENRE]
    return {"id": item, "genres": kept, "year": int(year.group(1)) if year else None}


def _users(path: Path, separator: str, age: int, gender: int) -> dict[str, dict[str, str]]:
    """Each user's groups; none where the file is not there."""
    if not path.exists():
        return {}
    users = {}
    for _, row in _rows(path, separator, header=separator == "\t"):
        if len(row) > max(age, gender) and row[age].isdigit():
            users[row[0]] = {"age": _age_group(int(row[age])), "gender": row[gender]}
    return users


def _age_group(age: int) -> str:
    return "under 25" if age < 25 else "25 to 44" if age < 45 else "45 and over"
