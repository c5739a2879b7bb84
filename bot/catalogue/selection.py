"""Filters over all titles at once. The meaning is that of `Filters.admits`, and tested so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from bot.catalogue.filters import (
    FOR_CHILDREN,
    FOR_FAMILY,
    NOT_FOR_CHILDREN,
    NOT_FOR_FAMILY,
    Filters,
)
from bot.catalogue.title import Title

Places = dict[str, np.ndarray]


class Selector:
    """Where in the list of titles each genre, country, language, kind and person is found."""

    def __init__(self, titles: Sequence[Title]) -> None:
        self.titles = titles
        self.place = {title.id: place for place, title in enumerate(titles)}
        self._kinds = _places((title.kind,) for title in titles)
        self._genres = _places(title.genres for title in titles)
        self._countries = _places(title.countries for title in titles)
        self._languages = _places(title.languages for title in titles)
        people = _places((*title.directors, *title.cast) for title in titles)
        # Of many thousand people most took part in one title: one array is smaller than theirs.
        self._person = {person: number for number, person in enumerate(people)}
        self._of_people = np.concatenate([*people.values(), np.empty(0, dtype=np.int32)])
        self._starts = np.cumsum([0, *map(len, people.values())])
        self._years = _numbers(title.year for title in titles)
        self._runtimes = _numbers(title.runtime for title in titles)
        self._scores = _numbers(title.score for title in titles)

    def of_person(self, person_id: str) -> list[Title]:
        """The titles a person took part in, in the order of the list."""
        return [self.titles[place] for place in self.places_of_person(person_id).tolist()]

    def places_of_person(self, person_id: str) -> np.ndarray:
        """Where in the list the titles of a person are, ascending: (titles,) int32."""
        number = self._person.get(person_id)
        if number is None:
            return self._of_people[:0]
        return self._of_people[self._starts[number] : self._starts[number + 1]]

    def select(self, filters: Filters) -> list[Title]:
        """The titles that `filters` admit, in the order of the list."""
        kept = np.ones(len(self.titles), dtype=bool)
        for wanted, places in (
            (filters.kinds, self._kinds),
            (filters.genres_any, self._genres),
            (filters.countries, self._countries),
            (filters.languages, self._languages),
        ):
            if wanted:
                kept &= self._any(places, wanted)
        for genre in filters.genres:
            kept &= self._any(self._genres, (genre,))
        for person in filters.people:
            kept &= self._marked([self.places_of_person(person)])
        for refused, places in (
            (filters.not_genres, self._genres),
            (filters.not_countries, self._countries),
            (filters.not_languages, self._languages),
        ):
            if refused:
                kept &= ~self._any(places, refused)
        if filters.not_people:
            kept &= ~self._marked(map(self.places_of_person, filters.not_people))
        _keep_within(kept, self._years, filters.year_from, filters.year_to)
        _keep_within(kept, self._runtimes, filters.runtime_min, filters.runtime_max)
        _keep_within(kept, self._scores, filters.score_min, None)
        for title_id in filters.exclude:
            place = self.place.get(title_id)
            if place is not None:
                kept[place] = False
        if filters.audience == "children":
            kept &= self._any(self._genres, FOR_CHILDREN)
            kept &= ~self._any(self._genres, NOT_FOR_CHILDREN)
        elif filters.audience == "family":
            kept &= self._any(self._genres, FOR_FAMILY)
            kept &= ~self._any(self._genres, NOT_FOR_FAMILY)
        return [self.titles[place] for place in np.flatnonzero(kept).tolist()]

    def _any(self, places: Places, words: Iterable[str]) -> np.ndarray:
        return self._marked(places[word] for word in words if word in places)

    def _marked(self, places: Iterable[np.ndarray]) -> np.ndarray:
        found = np.zeros(len(self.titles), dtype=bool)
        for where in places:
            found[where] = True
        return found


def _places(words_of_titles: Iterable[Iterable[str]]) -> Places:
    """Word → the places of the titles that have it, ascending, each once."""
    found: dict[str, list[int]] = {}
    for place, words in enumerate(words_of_titles):
        for word in words:
            places = found.setdefault(word, [])
            if not places or places[-1] != place:
                places.append(place)
    return {word: np.array(places, dtype=np.int32) for word, places in found.items()}


def _numbers(values: Iterable[float | None]) -> np.ndarray:
    """Values as an array; an unknown one is NaN, which meets no condition."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _keep_within(
    kept: np.ndarray, values: np.ndarray, low: float | None, high: float | None
) -> None:
    if low is not None:
        kept &= values >= low
    if high is not None:
        kept &= values <= high
