"""Finds the title a reference set speaks of, and says whether the two agree.

A field is compared only where other fields say that both mean the same title: the year where
name and people agree, the director where name and year do. So no field vouches for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from benchmarks.reference_sets import Reference, ReferencePerson
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.lexicon import lexicon
from bot.catalogue.spelling import fold, has_ideograph, pinyin, without_article
from bot.catalogue.title import Person, Title

# Two spellings of one name ("沃卓斯基", "沃卓司基") are closer than names of two people.
_SAME_SPELLING = 0.8
RUNTIME_TOLERANCE = 5  # minutes: cuts, and television running faster


@dataclass
class Tally:
    """How often a field was compared, how often it agreed, and where it did not."""

    compared: int = 0
    equal: int = 0
    different: list[str] = field(default_factory=list)

    def note(self, equal: bool, what: str) -> None:
        """Count one comparison; `what` describes it."""
        self.compared += 1
        self.equal += equal
        if not equal:
            self.different.append(what)

    @property
    def share(self) -> float:
        """Agreement from 0 to 1; 0 when nothing was compared."""
        return self.equal / self.compared if self.compared else 0.0


@lru_cache(maxsize=1 << 18)
def person_key(name: str) -> str:
    """A name without the order of its parts: "Wong Kar-wai" and "Kar Wai Wong" are one."""
    if has_ideograph(name):
        return fold(re.split(r"\s+[A-Za-z]", name)[0])
    return " ".join(sorted(fold(part) for part in re.split(r"[\s\-]+", name) if fold(part)))


def same_person(name: str, person: Person) -> bool | None:
    """Whether `name` is one of the names of `person`; None when we lack one in its script."""
    chinese = has_ideograph(name)
    ours = (
        [person.name_zh, *person.aliases_zh]
        if chinese
        else [person.name, *person.aliases, person.name_zh and pinyin(person.name_zh)]
    )
    known = [own for own in ours if own]
    if not known:
        return None
    key = person_key(name)
    if any(key == person_key(own) for own in known):
        return True
    sound = _sound(name)
    return any(_alike(sound, _sound(own)) for own in known)


@lru_cache(maxsize=1 << 18)
def _sound(name: str) -> str:
    return pinyin(name) if has_ideograph(name) else fold(name)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return (
        matcher.real_quick_ratio() >= _SAME_SPELLING
        and matcher.quick_ratio() >= _SAME_SPELLING
        and matcher.ratio() >= _SAME_SPELLING
    )


def any_same(names: Iterable[str], people: Iterable[Person]) -> bool | None:
    """Whether one of `names` is one of `people`; None when it cannot be told."""
    people = list(people)
    answers = [same_person(name, person) for name in names for person in people]
    if True in answers:
        return True
    return None if None in answers or not answers else False


class Matcher:
    """Titles of the catalogue by every name they have."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_name: dict[str, list[Title]] = {}
        for title in catalogue.titles.values():
            names = (title.title, title.title_zh, title.original_title)
            for key in {title_key(n) for n in (*names, *title.aliases, *title.aliases_zh) if n}:
                self._by_name.setdefault(key, []).append(title)
        self._directed: dict[str, list[Title]] = {}
        for title in catalogue.titles.values():
            for person in self.directors(title):
                for key in {person_key(n) for n in (person.name_zh, *person.aliases_zh) if n}:
                    self._directed.setdefault(key, []).append(title)

    def named(self, name: str) -> list[Title]:
        """Titles with this name, the best known first."""
        return self._by_name.get(title_key(name), [])

    def directors(self, title: Title) -> list[Person]:
        """The directors of a title."""
        return [self._catalogue.people[person] for person in title.directors]

    def cast(self, title: Title) -> list[Person]:
        """The cast of a title."""
        return [self._catalogue.people[person] for person in title.cast]

    def by_year(self, reference: Reference) -> Title | None:
        """The title of this name, kind and year (off by one at most; the same year first)."""
        if reference.year is None:
            return None
        near = [
            (abs(title.year - reference.year), place, title)
            for place, title in enumerate(self.named(reference.title))
            if title.year and title.kind == reference.kind
        ]
        near = [found for found in near if found[0] <= 1]
        return min(near)[2] if near else None

    def by_people(self, reference: Reference) -> Title | None:
        """The title of this name and with a director of it, or two of its cast."""
        for title in self.named(reference.title):
            if any_same(reference.directors, self.directors(title)):
                return title
            cast = [name for name in reference.cast if any_same([name], self.cast(title))]
            if len(cast) >= 2:
                return title
        return None

    def by_credits(self, reference: Reference) -> list[Title]:
        """Titles of that year with a director and two of the cast, whatever their names."""
        found = []
        for name in reference.directors:
            for title in self._directed.get(person_key(name), ()):
                people = self.cast(title)
                shared = sum(any_same([member], people) is True for member in reference.cast)
                if title.year == reference.year and shared >= 2:
                    found.append(title)
        return found


def title_key(name: str) -> str:
    """A title without article, case, accents, spaces and punctuation."""
    return fold(without_article(name))


def compare(references: Iterable[Reference], matcher: Matcher) -> dict[str, Tally]:
    """Agreement by field. Fields without anything to compare are left out."""
    tallies: dict[str, Tally] = {}

    def note(name: str, equal: bool | None, title: Title, ours: object, theirs: object) -> None:
        if equal is not None:
            what = f"{title.id}\t{title.title} ({title.year})\tours: {ours}\ttheirs: {theirs}"
            tallies.setdefault(name, Tally()).note(equal, what)

    for reference in references:
        title = matcher.by_people(reference)
        if title:
            if reference.year and title.year:
                gap = abs(title.year - reference.year)
                note("year, same", gap == 0, title, title.year, reference.year)
                note("year, off by one at most", gap <= 1, title, title.year, reference.year)
            note("kind", title.kind == reference.kind, title, title.kind, reference.kind)
            if title.kind == reference.kind:
                _lengths(reference, title, note)
        title = matcher.by_year(reference)
        if title:
            directors, cast = matcher.directors(title), matcher.cast(title)
            for name, people, theirs in (
                ("director", directors, reference.directors),
                ("cast, one in common", cast, reference.cast),
            ):
                shown = [person.name_zh or person.name for person in people[:6]]
                note(name, any_same(theirs, people), title, shown, list(theirs[:6]))
    return tallies


def _lengths(
    reference: Reference, title: Title, note: Callable[[str, bool, Title, object, object], None]
) -> None:
    if reference.runtime and title.runtime:
        close = abs(reference.runtime - title.runtime) <= RUNTIME_TOLERANCE
        note(f"runtime, ±{RUNTIME_TOLERANCE} min", close, title, title.runtime, reference.runtime)
    if reference.seasons and title.seasons:
        same = reference.seasons == title.seasons
        note("seasons", same, title, title.seasons, reference.seasons)
    theirs = countries(reference.countries)
    if theirs and title.countries:
        common = bool(theirs & set(title.countries))
        note("country, one in common", common, title, title.countries, sorted(theirs))


def countries(names: Iterable[str]) -> set[str]:
    """Countries under our names for them; those that our lexicon lacks are left out."""
    words = {word: name for name, by in lexicon("countries").items() for word in by["zh"][:2]}
    plain = (name.removeprefix("中国") if len(name) == 4 else name for name in names)
    known = dict.fromkeys(("大陆", "中国大陆"), "China") | words
    return {known[name] for name in plain if name in known}


def compare_chinese_titles(references: Iterable[Reference], matcher: Matcher) -> Tally:
    """Chinese titles of films found by director, cast and year."""
    tally = Tally()
    for reference in references:
        found = [title for title in matcher.by_credits(reference) if title.title_zh]
        if found and has_ideograph(reference.title):
            ours = [name for t in found for name in (t.title_zh, *t.aliases_zh) if name]
            equal = title_key(reference.title) in map(title_key, ours)
            tally.note(equal, f"{found[0].id}\tours: {ours}\ttheirs: {reference.title}")
    return tally


def compare_people(people: Iterable[ReferencePerson], catalogue: Catalogue) -> Tally:
    """Chinese names of people found by their English ones."""
    tally = Tally()
    keys: dict[str, list[Person]] = {}
    for own in catalogue.people.values():
        if own.name_zh:
            for key in {person_key(name) for name in (own.name, *own.aliases)}:
                keys.setdefault(key, []).append(own)
    for other in people:
        found = keys.get(person_key(other.name), [])
        if found and has_ideograph(other.name_zh):
            shown = "|".join(f"{own.name_zh}" for own in found)
            equal = any(same_person(other.name_zh, own) for own in found)
            tally.note(equal, f"{other.name}\tours: {shown}\ttheirs: {other.name_zh}")
    return tally
