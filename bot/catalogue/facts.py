"""What one source says about one title or person, before it is joined with the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class TitleFacts:
    """Facts about one title; an empty field says nothing. People are given by name."""

    title: str
    year: int | None = None
    kind: str | None = None  # "film" or "series"; unknown: either
    imdb_id: str | None = None
    key: str = ""  # the source's own id of it
    title_zh: str | None = None
    original_title: str | None = None
    aliases: tuple[str, ...] = ()
    aliases_zh: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    runtime: int | None = None
    seasons: int | None = None
    synopsis_en: str | None = None
    synopsis_zh: str | None = None
    score: float | None = None
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person's names."""

    name: str
    name_zh: str | None = None
    aliases: tuple[str, ...] = ()
    aliases_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """One person's rating (0.5 to 5) of the title that its source calls `key`."""

    user: int
    key: str
    value: float
    rated_at: int
