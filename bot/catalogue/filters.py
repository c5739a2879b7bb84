"""What a title must be like to be offered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.catalogue.title import Title

# Genres kept from children, and those that a family evening is chosen from.
NOT_FOR_CHILDREN = frozenset({"Horror", "Thriller", "War", "Crime"})
FOR_CHILDREN = frozenset({"Family", "Animation"})
NOT_FOR_FAMILY = frozenset({"Horror", "War", "Crime", "Thriller"})
FOR_FAMILY = frozenset({"Family", "Animation", "Adventure", "Comedy", "Musical", "Fantasy"})


@dataclass(frozen=True)
class Filters:
    """Conditions a title must meet; an empty one is no condition.

    `genres`, `people` must all hold; of `genres_any`, `countries`, `languages`, `kinds` one must.
    Years and runtimes (minutes) are inclusive. A title whose year, runtime or score is unknown
    does not meet a condition on it.
    """

    kinds: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    genres_any: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    countries: tuple[str, ...] = ()
    not_countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    not_languages: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    not_people: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    audience: str | None = None
    score_min: float | None = None

    def admits(self, title: Title) -> bool:
        """Whether `title` meets every condition."""
        genres = title.genres
        return (
            _one_of(self.kinds, (title.kind,))
            and all(genre in genres for genre in self.genres)
            and _one_of(self.genres_any, genres)
            and not any(genre in genres for genre in self.not_genres)
            and _within(title.year, self.year_from, self.year_to)
            and _within(title.runtime, self.runtime_min, self.runtime_max)
            and _within(title.score, self.score_min, None)
            and _one_of(self.countries, title.countries)
            and not any(country in title.countries for country in self.not_countries)
            and _one_of(self.languages, title.languages)
            and not any(language in title.languages for language in self.not_languages)
            and all(p in title.directors or p in title.cast for p in self.people)
            and not any(p in title.directors or p in title.cast for p in self.not_people)
            and title.id not in self.exclude
            and self._suits_audience(genres)
        )

    def _suits_audience(self, genres: tuple[str, ...]) -> bool:
        if self.audience == "children":
            return not NOT_FOR_CHILDREN.intersection(genres) and bool(
                FOR_CHILDREN.intersection(genres)
            )
        if self.audience == "family":
            return not NOT_FOR_FAMILY.intersection(genres) and bool(FOR_FAMILY.intersection(genres))
        return True


def _one_of(wanted: tuple[str, ...], have: tuple[str, ...]) -> bool:
    return not wanted or any(value in have for value in wanted)


def _within(value: float | None, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    if value is None:
        return False
    return (low is None or value >= low) and (high is None or value <= high)
