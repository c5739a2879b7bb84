"""Reads the public reference sets that our facts are measured against; keeps nothing of them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DOUBAN = "douban_movies/douban_all_movies.csv"
KNOWLEDGE_GRAPH = "kg_demo_movie_zh/kg_demo_movie.sql"
TITLES_ZH = "kg_demo_movie_zh/movie_title.csv"
NETFLIX = "netflix_titles/netflix_titles.csv"
WIKIPEDIA = "wikipedia_movie_data"
_INSERT = re.compile(r"^INSERT INTO `(\w+)` \((.+?)\) VALUES (.+);$")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
Cell = str | None


@dataclass(frozen=True)
class Reference:
    """What a set says of one title; an empty field says nothing. `runtime` is in minutes."""

    title: str
    year: int | None = None
    kind: str | None = None
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    runtime: int | None = None
    seasons: int | None = None


@dataclass(frozen=True)
class ReferencePerson:
    """Somebody's English and Chinese name."""

    name: str
    name_zh: str


def read_douban(folder: Path) -> Iterator[Reference]:
    """Films on Douban: Chinese titles, and people by their Chinese names."""
    for row in _csv(folder / DOUBAN):
        yield Reference(
            title=row["title"].strip(),
            year=_year(row["release_date"]),
            kind="film",
            directors=_list(row["directors"]),
            cast=_list(row["actors"]),
            countries=tuple(re.split(r"\s*[,/]\s*", row["countries"].strip())),
            runtime=_first_number(row["runtime"]),
        )


def read_netflix(folder: Path) -> Iterator[Reference]:
    """What Netflix had in 2021. It dates a series by its latest season: no year is taken."""
    for row in _csv(folder / NETFLIX):
        film = row["type"] == "Movie"
        length = _first_number(row["duration"])
        yield Reference(
            title=row["title"].strip(),
            year=_year(row["release_year"]) if film else None,
            kind="film" if film else "series",
            directors=_list(row["director"]),
            cast=_list(row["cast"]),
            runtime=length if film else None,
            seasons=None if film else length,
        )


def read_wikipedia(folder: Path) -> Iterator[Reference]:
    """American films of Wikipedia since 1970."""
    for path in sorted((folder / WIKIPEDIA).glob("movies-*.json")):
        for film in json.loads(path.read_text(encoding="utf-8")):
            yield Reference(film["title"], film["year"], "film", cast=tuple(film["cast"]))


def read_knowledge_graph(folder: Path) -> tuple[list[Reference], list[ReferencePerson]]:
    """Films of Chinese actors on TMDB, with their casts, and people by both names."""
    tables = read_inserts((folder / KNOWLEDGE_GRAPH).read_text(encoding="utf-8"))
    people = {row["person_id"]: row for row in tables.get("person", [])}
    casts: dict[Cell, list[str]] = {}
    for row in tables.get("person_to_movie", []):
        person = people.get(row["person_id"], {})
        named = person.get("person_english_name") or person.get("person_name")
        if named:
            casts.setdefault(row["movie_id"], []).append(named)
    films = [
        Reference(
            title=row["movie_title"] or "",
            year=_year(row["movie_release_date"] or ""),
            kind="film",
            cast=tuple(casts.get(row["movie_id"], ())),
        )
        for row in tables.get("movie", [])
    ]
    named_twice = [
        ReferencePerson(row["person_english_name"] or "", row["person_name"] or "")
        for row in people.values()
    ]
    return films, [person for person in named_twice if person.name and person.name_zh]


def read_titles_zh(folder: Path) -> list[str]:
    """Titles of the word list of the knowledge graph that have Chinese characters."""
    titles = [row["movie_title"].strip() for row in _csv(folder / TITLES_ZH)]
    return [title for title in titles if re.search("[一-鿿]", title)]


def read_inserts(dump: str) -> dict[str, list[dict[str, Cell]]]:
    """Rows by table of a MySQL dump that has one INSERT a line; NULL is None."""
    tables: dict[str, list[dict[str, Cell]]] = {}
    for line in dump.splitlines():
        found = _INSERT.match(line)
        if found:
            columns = re.findall(r"`(\w+)`", found[2])
            rows = tables.setdefault(found[1], [])
            rows.extend(dict(zip(columns, row, strict=True)) for row in _tuples(found[3]))
    return tables


def _tuples(values: str) -> Iterator[list[Cell]]:
    """The bracketed rows of a VALUES list, quotes and escapes undone."""
    row: list[Cell] = []
    place = 0
    while place < len(values):
        character = values[place]
        if character == "'":
            text, place = _quoted(values, place + 1)
            row.append(text)
        elif character in "(,":
            place += 1
        elif character == ")":
            yield row
            row, place = [], place + 1
        else:
            end = min(e for e in (values.find(c, place) for c in ",)") if e >= 0)
            bare = values[place:end]
            row.append(None if bare == "NULL" else bare)
            place = end


def _quoted(values: str, place: int) -> tuple[str, int]:
    """The string that starts at `place`, and where it is over."""
    kept: list[str] = []
    while values[place] != "'" or values[place + 1] == "'":
        if values[place] == "\\":
            place += 1
            kept.append(_ESCAPES.get(values[place], values[place]))
        else:
            kept.append(values[place])
            place += values[place] == "'"
        place += 1
    return "".join(kept), place + 1


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"\s*[,/|]\s*", cell.strip()) if part)


def _year(text: str) -> int | None:
    found = re.search(r"\b(?:18|19|20)\d\d\b", text)
    return int(found[0]) if found else None


def _first_number(text: str) -> int | None:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else None


READERS: dict[str, tuple[str, Callable[[Path], Iterator[Reference]]]] = {
    "douban": (DOUBAN, read_douban),
    "netflix": (NETFLIX, read_netflix),
    "wikipedia": (WIKIPEDIA, read_wikipedia),
}
