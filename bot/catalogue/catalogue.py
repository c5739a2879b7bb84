"""Every title and person in memory, read-only: look-up, filmographies, selection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql import Select

from bot.catalogue.filters import Filters
from bot.catalogue.memory import uncollected
from bot.catalogue.selection import Selector
from bot.catalogue.title import Person, Title
from bot.store.catalogue_schema import (
    LIST_SEPARATOR,
    catalogue_sources,
    credits,
    names,
    people,
    titles,
)
from bot.store.database import reading

# A title with a Chinese name is in our own lists of well-known ones, whatever its counts say.
CURATED_RENOWN = 200.0
_RENOWN_OF_MOST = 500.0  # what the most reviewed and the most rated title get for that
_COLUMNS = (
    *("id", "kind", "title", "year", "title_zh", "original_title", "genres", "countries"),
    *("languages", "runtime", "seasons", "synopsis_en", "synopsis_zh", "score", "reviews"),
    "ratings",
)


class Catalogue:
    """Titles and people, the best known titles first."""

    def __init__(
        self, titles: Iterable[Title], people: Iterable[Person] = (), version: str | None = None
    ) -> None:
        unordered = list(titles)
        most_reviews = max((title.reviews for title in unordered), default=0) or 1
        most_ratings = max((title.ratings for title in unordered), default=0) or 1
        renown = {
            title.id: _RENOWN_OF_MOST * (title.reviews / most_reviews)
            + _RENOWN_OF_MOST * (title.ratings / most_ratings)
            + (CURATED_RENOWN if title.title_zh else 0.0)
            for title in unordered
        }
        unordered.sort(key=lambda title: (-renown[title.id], title.id))
        self.titles: dict[str, Title] = {title.id: title for title in unordered}
        self.people: dict[str, Person] = {person.id: person for person in people}
        self.version = version or _content_hash(unordered, self.people.values())
        self._selector = Selector(tuple(self.titles.values()))
        self._renown = np.array([renown[title_id] for title_id in self.titles])

    @classmethod
    def load(cls, engine: Engine) -> Catalogue:
        """Read the whole catalogue from the database.

        Raises:
            DatabaseUnavailable: it cannot be read.
        """
        with uncollected(), reading(engine) as connection:
            everyone, aliases = _people(connection)
            return cls(
                _titles(connection, everyone, aliases), everyone.values(), _version(connection)
            )

    def __len__(self) -> int:
        return len(self.titles)

    def get(self, title_id: str) -> Title | None:
        """The title with this id."""
        return self.titles.get(title_id)

    def person(self, person_id: str) -> Person | None:
        """The person with this id."""
        return self.people.get(person_id)

    def renown(self, title_id: str) -> float:
        """How well known a title is, from reviews and ratings: 0 to 1200; 0 when unknown."""
        place = self._selector.place.get(title_id)
        return 0.0 if place is None else float(self._renown[place])

    def renown_of_person(self, person_id: str) -> float:
        """How well known a person is: half of what their titles are, summed.

        A list of cast names many who only passed through, so one title is not enough.
        """
        return 0.5 * float(self._renown[self._selector.places_of_person(person_id)].sum())

    def filmography(self, person_id: str, role: str | None = None) -> list[Title]:
        """Titles that a person directed ("director"), played in ("cast") or either (none).

        The newest come first, those without a year last.
        """
        found = self._selector.of_person(person_id)
        if role == "director":
            found = [title for title in found if person_id in title.directors]
        elif role == "cast":
            found = [title for title in found if person_id in title.cast]
        return sorted(found, key=_newest_first)

    def together(self, person_ids: Sequence[str]) -> list[Title]:
        """Titles that all these people took part in, the newest first."""
        if not person_ids:
            return []
        return sorted(self.select(Filters(people=tuple(person_ids))), key=_newest_first)

    def select(self, filters: Filters) -> list[Title]:
        """The titles that `filters` admit, the best known first."""
        return self._selector.select(filters)


def _newest_first(title: Title) -> tuple[int, str]:
    return -(title.year or 0), title.id


def _people(connection: Connection) -> tuple[dict[str, Person], dict[tuple[str, str], list[str]]]:
    """Everybody by id, and the other names of titles by (id, language)."""
    of_people: dict[tuple[str, str], list[str]] = {}
    of_titles: dict[tuple[str, str], list[str]] = {}
    what = (names.c.kind, names.c.owner_id, names.c.language, names.c.name)
    query = select(*what).order_by(names.c.kind, names.c.owner_id, names.c.position)
    for kind, owner, language, name in connection.execute(query).all():
        (of_people if kind == "person" else of_titles).setdefault((owner, language), []).append(
            name
        )
    everyone = {}
    columns = (people.c.id, people.c.name, people.c.name_zh)
    for person_id, name, name_zh in connection.execute(select(*columns)).all():
        everyone[person_id] = Person(
            person_id,
            name,
            name_zh,
            tuple(of_people.get((person_id, "en"), ())),
            tuple(of_people.get((person_id, "zh"), ())),
        )
    return everyone, of_titles


def _titles(
    connection: Connection,
    everyone: Mapping[str, Person],
    aliases: Mapping[tuple[str, str], list[str]],
) -> Iterator[Title]:
    """The titles, with their credits read in step, so that those need not be kept."""
    ids = {person_id: person_id for person_id in everyone}
    t, c = titles.c, credits.c
    rows = _stream(connection, select(*(t[name] for name in _COLUMNS)).order_by(t.id))
    order = (c.title_id, c.role, c.position)
    roles_of = select(c.title_id, c.role, c.person_id).order_by(*order)
    by_title = groupby(_stream(connection, roles_of), key=itemgetter(0))
    lists = _Lists()
    credited, group = next(by_title, (None, iter(())))
    for row in rows:
        title_id = row[0]
        roles: dict[str, list[str]] = {"director": [], "cast": []}
        if credited == title_id:
            for _, role, person_id in group:
                known = ids.get(person_id)
                if known is not None:
                    roles[role].append(known)
            credited, group = next(by_title, (None, iter(())))
        yield _title(row, lists, roles, aliases)


def _stream(connection: Connection, query: Select) -> Iterator[tuple[Any, ...]]:
    """Rows by the driver's own cursor: of a million, nothing but plain tuples is wanted."""
    cursor = connection.connection.cursor()
    cursor.execute(str(query.compile(connection.engine)))
    return iter(cursor.fetchone, None)


class _Lists:
    """Splits list columns; equal lists are one tuple, which saves most of their memory."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {"": ()}
        self._words: dict[str, str] = {}

    def __call__(self, cell: str) -> tuple[str, ...]:
        found = self._known.get(cell)
        if found is None:
            words = (self._words.setdefault(word, word) for word in cell.split(LIST_SEPARATOR))
            found = self._known[cell] = tuple(words)
        return found


def _title(
    row: Sequence[Any],
    lists: _Lists,
    roles: Mapping[str, list[str]],
    aliases: Mapping[tuple[str, str], list[str]],
) -> Title:
    title_id, kind, title, year, title_zh, original, genres, countries, languages, *rest = row
    runtime, seasons, synopsis_en, synopsis_zh, score, reviews, ratings = rest
    return Title(
        id=title_id,
        kind="series" if kind == "series" else "film",
        title=title,
        year=year,
        title_zh=title_zh,
        original_title=original,
        genres=lists(genres),
        directors=tuple(roles["director"]),
        cast=tuple(roles["cast"]),
        countries=lists(countries),
        languages=lists(languages),
        runtime=runtime,
        seasons=seasons,
        synopsis_en=synopsis_en,
        synopsis_zh=synopsis_zh,
        aliases=tuple(aliases.get((title_id, "en"), ())),
        aliases_zh=tuple(aliases.get((title_id, "zh"), ())),
        score=score,
        reviews=reviews,
        ratings=ratings,
    )


def _version(connection: Connection) -> str | None:
    columns = (catalogue_sources.c.source, catalogue_sources.c.digest)
    sources = connection.execute(select(*columns).order_by(columns[0])).all()
    if not sources:
        return None
    return hashlib.sha256(repr([tuple(row) for row in sources]).encode()).hexdigest()[:16]


def _content_hash(titles: Iterable[Title], people: Iterable[Person]) -> str:
    digest = hashlib.sha256()
    for thing in (*titles, *people):
        digest.update(repr(thing).encode())
    return digest.hexdigest()[:16]
