"""Titles and people as the rest of Usher sees them."""

from __future__ import annotations

from dataclasses import dataclass

GENRES = (
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "History",
    "Horror",
    "Martial-Arts",
    "Music",
    "Musical",
    "Mystery",
    "Reality",
    "Romance",
    "Sci-Fi",
    "Sport",
    "Thriller",
    "War",
    "Western",
)


@dataclass(frozen=True, slots=True)
class Title:
    """A film or a series.

    `runtime` is in minutes (a series: a typical episode); `score` is the critics' mean on a
    scale of 0 to 10; `reviews` counts what that mean rests on; `ratings` counts viewers'
    ratings known for it. `directors` and `cast` hold ids of people, most important first.
    """

    id: str
    kind: str  # "film" or "series"
    title: str
    year: int | None = None
    title_zh: str | None = None
    original_title: str | None = None
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    runtime: int | None = None
    seasons: int | None = None
    synopsis_en: str | None = None
    synopsis_zh: str | None = None
    aliases: tuple[str, ...] = ()
    aliases_zh: tuple[str, ...] = ()
    score: float | None = None
    reviews: int = 0
    ratings: int = 0

    def name(self, language: str) -> str:
        """The title to show a reader of `language` ("en" or "zh")."""
        if language == "zh" and self.title_zh:
            return self.title_zh
        return self.title


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who directed or played in a title."""

    id: str
    name: str
    name_zh: str | None = None
    aliases: tuple[str, ...] = ()
    aliases_zh: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The name to show a reader of `language` ("en" or "zh")."""
        if language == "zh" and self.name_zh:
            return self.name_zh
        return self.name
