"""Titles being put together from several sources, and the rows they become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from bot.catalogue.facts import TitleFacts
from bot.catalogue.joining import Joiner, Known
from bot.catalogue.register import Register
from bot.catalogue.spelling import has_ideograph
from bot.store.catalogue_schema import LIST_SEPARATOR

NAME_LIMIT = 400
_LISTS = ("aliases", "aliases_zh", "cast")
_KEPT = ("title", "key", "imdb_id")
Row = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """One title: its id, and all that was said about it so far."""

    id: str
    facts: TitleFacts

    def correct(self, facts: TitleFacts) -> None:
        """Take over `facts` where they say something; they are better than what is here.

        Their cast comes first, in their order. A full row (one with a kind) also decides how
        the title is displayed.
        """
        mine = self.facts
        if facts.title_zh and mine.title_zh and facts.title_zh != mine.title_zh:
            mine.aliases_zh = _joined(mine.aliases_zh, (mine.title_zh,))
        if facts.kind and facts.title != mine.title:
            mine.title, old = facts.title, mine.title
            mine.aliases = _joined(mine.aliases, (old,))
        mine.aliases = _joined(mine.aliases, (facts.title,))
        for name in _fields():
            value = getattr(facts, name)
            if name in _LISTS:
                value = _joined(value, getattr(mine, name))
            if value and name not in _KEPT:
                setattr(mine, name, value)
        mine.imdb_id = mine.imdb_id or facts.imdb_id

    def fill(self, facts: TitleFacts) -> None:
        """Take over what `facts` know and we do not, and their names."""
        mine = self.facts
        mine.aliases = _joined(mine.aliases, (facts.title,))
        for name in _fields():
            if name in ("aliases", "aliases_zh"):
                setattr(mine, name, _joined(getattr(mine, name), getattr(facts, name)))
            elif not getattr(mine, name):
                setattr(mine, name, getattr(facts, name))

    def names(self) -> Iterator[str]:
        """Every name of it, the displayed one first."""
        facts = self.facts
        for name in (facts.title, facts.title_zh, facts.original_title):
            if name:
                yield name
        yield from facts.aliases
        yield from facts.aliases_zh


@dataclass
class Drafts:
    """The drafts of one build, joined by `joiner`; people by `register`."""

    register: Register
    joiner: Joiner = field(default_factory=Joiner)
    by_id: dict[str, Draft] = field(default_factory=dict)

    def find(self, facts: TitleFacts) -> Draft | None:
        """The draft that `facts` are about."""
        found = self.joiner.find(facts, frozenset(self.register.ids_of(facts.directors)))
        return self.by_id[found] if found else None

    def add(self, facts: TitleFacts) -> Draft:
        """A new draft, which owns `facts` from now on."""
        facts.kind = facts.kind or "film"
        draft = Draft(self.joiner.new_id(facts, facts.kind), facts)
        self.by_id[draft.id] = draft
        directors = frozenset(self.register.ids_of(facts.directors))
        known = Known(draft.id, facts.kind, facts.year, facts.imdb_id, directors, facts.reviews)
        self.joiner.add(known, draft.names())
        return draft

    def correct(self, facts: TitleFacts) -> bool:
        """Correct the draft that `facts` are about, or add one; whether there was one."""
        draft = self.find(facts)
        if draft is None:
            self.add(facts)
            return False
        had_id = draft.facts.imdb_id
        draft.correct(facts)
        if draft.facts.imdb_id and not had_id:
            self.joiner.learn_imdb_id(draft.id, draft.facts.imdb_id)
        self.joiner.add_names(draft.id, draft.names())
        return True


def title_row(title_id: str, facts: TitleFacts, sources: str) -> Row:
    """The row of table titles for a title with these facts."""
    return {
        "id": title_id,
        "imdb_id": facts.imdb_id,
        "kind": facts.kind or "film",
        "title": facts.title,
        "year": facts.year,
        "title_zh": facts.title_zh,
        "original_title": facts.original_title,
        "genres": LIST_SEPARATOR.join(facts.genres),
        "countries": LIST_SEPARATOR.join(facts.countries),
        "languages": LIST_SEPARATOR.join(facts.languages),
        "runtime": facts.runtime,
        "seasons": facts.seasons,
        "synopsis_en": facts.synopsis_en,
        "synopsis_zh": facts.synopsis_zh,
        "score": facts.score,
        "reviews": facts.reviews,
        "sources": sources,
    }


def name_rows(
    kind: str, owner: str, shown: Iterable[str | None], others: Iterable[str], source: str
) -> list[Row]:
    """Rows of table names for `others`, less the names that are `shown` anyway."""
    left = dict.fromkeys(name[:NAME_LIMIT] for name in others if name)
    for name in shown:
        left.pop(name or "", None)
    return [
        {
            "kind": kind,
            "owner_id": owner,
            "language": "zh" if has_ideograph(name) else "en",
            "name": name,
            "position": position,
            "source": source,
        }
        for position, name in enumerate(left)
    ]


def title_name_rows(title_id: str, facts: TitleFacts, source: str) -> list[Row]:
    """Rows of table names for the aliases of a title."""
    shown = (facts.title, facts.title_zh, facts.original_title)
    return name_rows("title", title_id, shown, (*facts.aliases, *facts.aliases_zh), source)


def credit_rows(title_id: str, role: str, person_ids: Iterable[str]) -> list[Row]:
    """Rows of table credits for one role of a title."""
    return [
        {"title_id": title_id, "role": role, "position": position, "person_id": person}
        for position, person in enumerate(person_ids)
    ]


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _fields() -> list[str]:
    return [one.name for one in fields(TitleFacts)]
