"""Reads the films of `movies.db` (PyPI bokeh_sampledata; facts from Wikidata, CC0)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.catalogue import vocabulary
from bot.catalogue.facts import TitleFacts

_QUERY = """
    SELECT o.imdbID, o.Title, o.Year, o.Runtime, o.Genre, o.Director, o."Cast", o.Language,
           o.Country, t.Rating, t.Reviews
    FROM omdb AS o LEFT JOIN tomatoes AS t ON t.ID = o.ID
    ORDER BY t.Reviews DESC, o.ID
"""
# A film that is there twice (Apocalypse Now and its later cut) is taken at its first year.
_FIRST_YEARS = "SELECT imdbID, min(Year) FROM omdb GROUP BY imdbID HAVING count(*) > 1"
# "Godspell (film)", "Faust (2011 film)": how an encyclopedia tells pages apart.
_QUALIFIER = re.compile(r"\s*\((?:\d{4}\s+)?(?:[a-z]+\s+)?film\)$", re.IGNORECASE)
_SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|IV|M\.?D|Esq)\.?$", re.IGNORECASE)


def read(path: Path) -> Iterator[TitleFacts]:
    """The films of the database at `path`, the most reviewed first, each IMDb id once.

    Raises:
        sqlite3.DatabaseError: it is not such a database.
    """
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    seen: set[str] = set()
    try:
        first_years = dict(connection.execute(_FIRST_YEARS).fetchall())
        for (
            imdb_id,
            title,
            year,
            runtime,
            genre,
            director,
            cast,
            language,
            country,
            score,
            n,
        ) in connection.execute(_QUERY):
            if not title or (imdb_id and imdb_id in seen):
                continue
            seen.add(imdb_id)
            countries = vocabulary.countries((country or "").split(","))
            yield TitleFacts(
                title=_QUALIFIER.sub("", title.strip()),
                year=int(first_years.get(imdb_id, year)) if year else None,
                kind="film",
                imdb_id=imdb_id or None,
                key=imdb_id or "",
                genres=vocabulary.genres((genre or "").split(",")),
                directors=split_names(director or ""),
                cast=split_names(cast or ""),
                countries=countries,
                languages=vocabulary.languages((language or "").split(","), countries),
                runtime=int(runtime) if runtime and runtime >= 1 else None,
                score=float(score) if score is not None else None,
                reviews=int(n or 0),
            )
    finally:
        connection.close()


def split_names(text: str) -> tuple[str, ...]:
    """Names of a comma-separated list; "Robert Downey, Jr." is one, "Robert Downey Jr."."""
    names: list[str] = []
    for part in (piece.strip() for piece in text.split(",")):
        if names and _SUFFIX.match(part):
            names[-1] = f"{names[-1]} {part}"
        elif part:
            names.append(part)
    return tuple(dict.fromkeys(names))
