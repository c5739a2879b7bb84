"""Reads MovieLens 100K as PyPI's recbole carries it (RecBole's atomic files)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.catalogue import vocabulary
from bot.catalogue.facts import RatingFacts, TitleFacts
from bot.catalogue.spelling import natural_title

ITEMS = "ml-100k.item"
RATINGS = "ml-100k.inter"
_BRACKETS = re.compile(r"\s+\((?P<inside>[^()]+)\)")
_YEAR = re.compile(r"^\d{4}$")


def read_items(path: Path) -> Iterator[TitleFacts]:
    """The films of a RecBole item file (id, title, year, genres by spaces; tab-separated)."""
    with path.open(encoding="utf-8") as file:
        next(file, None)
        for line in file:
            key, name, year, genre = [*line.rstrip("\n").split("\t"), "", "", ""][:4]
            if not name or (genre.strip() == "unknown" and not year):  # an empty place in the data
                continue
            title, others = names_of(name)
            yield TitleFacts(
                title=title,
                year=int(year) if year.isdigit() else None,
                kind="film",
                key=key,
                aliases=others,
                genres=vocabulary.genres(genre.split()),
            )


def read_ratings(path: Path) -> Iterator[RatingFacts]:
    """The ratings of a RecBole interaction file (user, item, rating 1 to 5, seconds)."""
    with path.open(encoding="utf-8") as file:
        next(file, None)
        for line in file:
            user, item, value, at = line.split("\t")[:4]
            yield RatingFacts(int(user), item, float(value), int(float(at)))


def names_of(name: str) -> tuple[str, tuple[str, ...]]:
    """A MovieLens name as people write it, and the other names it gives in brackets.

    "Postman, The (Postino, Il)" → ("The Postman", ("Il Postino",)). A year in brackets is
    dropped, and so is "a.k.a.".
    """
    others = []
    for found in _BRACKETS.finditer(name):
        inside = re.sub(r"^a\.?k\.?a\.?\s+", "", found["inside"].strip(), flags=re.IGNORECASE)
        if not _YEAR.match(inside):
            others.append(natural_title(inside))
    title = natural_title(_BRACKETS.sub("", name)) or name.strip()
    return title, tuple(dict.fromkeys(other for other in others if other != title))
