"""Every title and person in memory, read-only: look-up, filmographies, selection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from bot.catalogue.filters import Filters
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
_BATCH = 20_000


class Catalogue:
    """Titles and people, the best known titles first."""

    def __init__(
        self, titles: Iterable[Title], people: Iterable[Person] = (), version: str | None = None
    ) -> None:
        unordered = list(titles)
        most_reviews = max((title.reviews for title in unordered), default=0) or 1
        most_ratings = max((title.ratings for title in unordered), default=0) or 1
        self._renown = {
            title.id: _RENOWN_OF_MOST * (title.reviews / most_reviews)
            + _RENOWN_OF_MOST * (title.ratings / most_ratings)
            + (CURATED_RENOWN if title.title_zh else 0.0)
            for title in unordered
        }
        unordered.sort(key=lambda title: (-self._renown[title.id], title.id))
        self.titles: dict[str, Title] = {title.id: title for title in unordered}
        self.people: dict[str, Person] = {person.id: person for person in people}
        self.version = version or _content_hash(unordered, self.people.values())
        self._selector = Selector(tuple(self.titles.values()))
        renown = np.array([self._renown[title_id] for title_id in self.titles])
        self._renown_of_people = {
            person_id: 0.5 * float(renown[places].sum())
            for person_id, places in self._selector.people.items()
        }

    @classmethod
    def load(cls, engine: Engine) -> Catalogue:
        """Read the whole catalogue from the database.

        Raises:
            DatabaseUnavailable: it cannot be read.
        """
        with reading(engine) as connection:
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
        return self._renown.get(title_id, 0.0)

    def renown_of_person(self, person_id: str) -> float:
        """How well known a person is: half of what their titles are, summed.

        A list of cast names many who only passed through, so one title is not enough.
        """
        return self._renown_of_people.get(person_id, 0.0)

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
) -> list[Title]:
    ids = {person_id: person_id for person_id in everyone}
    roles: dict[tuple[str, str], list[str]] = {}
    columns = (credits.c.title_id, credits.c.role, credits.c.person_id)
    order = (credits.c.title_id, credits.c.role, credits.c.position)
    result = connection.execute(select(*columns).order_by(*order))
    for rows in result.partitions(_BATCH):
        for title_id, role, person_id in rows:
            known = ids.get(person_id)
            if known is not None:
                roles.setdefault((title_id, role), []).append(known)
    lists = _Lists()
    return [
        _title(row, lists, roles, aliases)
        for row in connection.execute(select(titles)).mappings().all()
    ]


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
    row: Mapping[str, Any],
    lists: _Lists,
    roles: Mapping[tuple[str, str], list[str]],
    aliases: Mapping[tuple[str, str], list[str]],
) -> Title:
    title_id = row["id"]
    return Title(
        id=title_id,
        kind="series" if row["kind"] == "series" else "film",
        title=row["title"],
        year=row["year"],
        title_zh=row["title_zh"],
        original_title=row["original_title"],
        genres=lists(row["genres"]),
        directors=tuple(roles.get((title_id, "director"), ())),
        cast=tuple(roles.get((title_id, "cast"), ())),
        countries=lists(row["countries"]),
        languages=lists(row["languages"]),
        runtime=row["runtime"],
        seasons=row["seasons"],
        synopsis_en=row["synopsis_en"],
        synopsis_zh=row["synopsis_zh"],
        aliases=tuple(aliases.get((title_id, "en"), ())),
        aliases_zh=tuple(aliases.get((title_id, "zh"), ())),
        score=row["score"],
        reviews=row["reviews"],
        ratings=row["ratings"],
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
