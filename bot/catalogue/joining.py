"""Finds the title that facts are about: by IMDb id, else by name, year and director."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.catalogue.facts import TitleFacts
from bot.catalogue.spelling import fold, slug, without_article


@dataclass(slots=True)
class Known:
    """What is compared of a title: `directors` are ids of people, `renown` decides a draw."""

    id: str
    kind: str
    year: int | None
    imdb_id: str | None
    directors: frozenset[str]
    renown: int = 0


class Joiner:
    """Titles by every name they have."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self._by_imdb: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}

    def __contains__(self, title_id: str) -> bool:
        return title_id in self.known

    def add(self, known: Known, names: Iterable[str]) -> None:
        """Make a title findable under `names` and its IMDb id."""
        self.known[known.id] = known
        if known.imdb_id:
            self._by_imdb[known.imdb_id] = known.id
        self.add_names(known.id, names)

    def add_names(self, title_id: str, names: Iterable[str]) -> None:
        """Make a title known by more names."""
        for name in names:
            key = _key(name)
            if key:
                holders = self._by_name.setdefault(key, [])
                if title_id not in holders:
                    holders.append(title_id)

    def learn_imdb_id(self, title_id: str, imdb_id: str) -> None:
        """Note the IMDb id of a title known by name so far."""
        self.known[title_id].imdb_id = imdb_id
        self._by_imdb[imdb_id] = title_id

    def find(self, facts: TitleFacts, directors: frozenset[str] = frozenset()) -> str | None:
        """The id of the title that `facts` are about; `directors` are ids of people.

        The year may be off by one, since sources date a film by festival or by release.
        """
        if facts.imdb_id in self._by_imdb:
            return self._by_imdb[facts.imdb_id]
        best: tuple[tuple[int, int, int], str] | None = None
        names = [facts.title, *facts.aliases, facts.title_zh or "", facts.original_title or ""]
        for rank, name in enumerate(names):
            for title_id in self._by_name.get(_key(name), ()):
                known = self.known[title_id]
                if not _agree(facts, directors, known):
                    continue
                gap = abs((facts.year or 0) - (known.year or 0))
                order = (gap, min(rank, 1), -known.renown)
                if best is None or order < best[0]:
                    best = (order, title_id)
        return best[1] if best else None

    def new_id(self, facts: TitleFacts, kind: str) -> str:
        """An id for a title not known yet: its IMDb id, else name and year."""
        if facts.imdb_id and facts.imdb_id not in self.known:
            return facts.imdb_id
        parts = [slug(facts.title)[:120], str(facts.year) if facts.year else "", kind[:1]]
        base = "-".join(part for part in parts[: 3 if kind == "series" else 2] if part)
        number, title_id = 1, base
        while title_id in self.known:
            number += 1
            title_id = f"{base}-{number}"
        return title_id


def _agree(facts: TitleFacts, directors: frozenset[str], known: Known) -> bool:
    if facts.kind and facts.kind != known.kind:
        return False
    if facts.imdb_id and known.imdb_id:  # find() has looked for the same id
        return False
    if facts.year is None or known.year is None or abs(facts.year - known.year) > 1:
        return False
    return not (directors and known.directors and not directors & known.directors)


def _key(name: str) -> str:
    return fold(without_article(name))
