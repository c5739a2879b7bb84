"""What a viewer wants to see: constraints over the catalogue, and facts to ask about the find.

Whether a title is acceptable is decided here, from the catalogue's facts alone, and not by the
filters of the assistant under test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.simulator.facts import FACTS, known
from bot.simulator.kinds import Kind

# Viewers mostly want what is well known: goals are made around these first titles.
WELL_KNOWN = 2500
LEAST_ACCEPTABLE = 6
# A wish that more of the catalogue meets than this is met by chance.
MOST_ACCEPTABLE = 0.04
ROUND_RUNTIMES = (90, 100, 110, 120, 150)
# Genres that people name, with words of their own in the wording files.
GENRES = frozenset(
    (
        *("Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary"),
        *("Drama", "Fantasy", "History", "Horror", "Martial-Arts", "Musical", "Mystery"),
        *("Romance", "Sci-Fi", "Sport", "Thriller", "War", "Western"),
    )
)
OFTEN_REFUSED = ("Horror", "War", "Romance", "Musical", "Animation", "Western", "Drama", "Crime")
COUNTRIES = frozenset(
    (
        *("United States", "United Kingdom", "France", "Germany", "Italy", "Spain", "Japan"),
        *("South Korea", "China", "Hong Kong", "Taiwan", "Sweden", "Denmark", "Australia"),
    )
)
LANGUAGES = frozenset(("French", "German", "Italian", "Spanish", "Japanese", "Korean"))
NOT_FOR_CHILDREN = frozenset(("Horror", "Thriller", "War", "Crime"))
FOR_CHILDREN = frozenset(("Family", "Animation"))


@dataclass(frozen=True)
class Constraint:
    """One condition on the title sought.

    `value` is a genre, country, language or kind; for "years" (first, last), either may be None;
    for "runtime" the most minutes; for "person" (id, "director" or "cast"); for "like" the id of
    a title with its genres; for "audience" nothing: a child is to watch.
    """

    slot: str
    value: Any = None

    def met_by(self, title: Title) -> bool:
        """Whether `title` meets the condition."""
        return bool(_MET[self.slot](title, self.value))

    @property
    def negative(self) -> bool:
        """Whether it says what is not wanted."""
        return self.slot.startswith("not_")


def _in_years(title: Title, value: tuple[int | None, int | None]) -> bool:
    first, last = value
    return title.year is not None and (first or 0) <= title.year <= (last or 9999)


def _alike(genres: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two genres are shared, or the one there is."""
    return len(set(genres) & set(others)) >= min(2, len(others))


def _for_children(title: Title, value: Any) -> bool:
    genres = set(title.genres)
    return bool(genres & FOR_CHILDREN) and not genres & NOT_FOR_CHILDREN


_MET: dict[str, Callable[[Title, Any], Any]] = {
    "genre": lambda title, genre: genre in title.genres,
    "not_genre": lambda title, genre: genre not in title.genres,
    "country": lambda title, country: country in title.countries,
    "not_country": lambda title, country: country not in title.countries,
    "language": lambda title, language: language in title.languages,
    "kind": lambda title, kind: title.kind == kind,
    "runtime": lambda title, most: title.runtime is not None and title.runtime <= most,
    "person": lambda title, value: value[0] in (*title.directors, *title.cast),
    "years": _in_years,
    "audience": _for_children,
    "like": lambda title, value: title.id != value[0] and _alike(title.genres, value[1]),
}


@dataclass(frozen=True)
class Goal:
    """Constraints, facts to ask, titles seen already, and what the viewer will change once."""

    constraints: tuple[Constraint, ...]
    requests: tuple[str, ...] = ()
    seen: frozenset[str] = field(default=frozenset())
    change: Constraint | None = None

    def fits(self, title: Title) -> bool:
        """Whether `title` meets every constraint."""
        return not self.broken(title)

    def accepts(self, title: Title) -> bool:
        """Whether the viewer would watch `title`: it fits and is new to them."""
        return title.id not in self.seen and self.fits(title)

    def broken(self, title: Title) -> list[Constraint]:
        """The constraints that `title` does not meet."""
        return [each for each in self.constraints if not each.met_by(title)]

    def acceptable(self, catalogue: Catalogue) -> list[Title]:
        """Every acceptable title, the best known first."""
        meeting = [_meeting(each, catalogue) for each in self.constraints]
        found = frozenset.intersection(*meeting) if meeting else frozenset(catalogue.titles)
        return [t for t in catalogue.titles.values() if t.id in found and t.id not in self.seen]

    def changed(self) -> Goal:
        """The goal after the viewer has changed their mind."""
        if self.change is None:
            return self
        kept = [each for each in self.constraints if each.slot != self.change.slot]
        return replace(self, constraints=(*kept, self.change), change=None)


@lru_cache(maxsize=1024)
def _meeting(constraint: Constraint, catalogue: Catalogue) -> frozenset[str]:
    """The ids of the titles that meet a constraint: viewers often share one."""
    return frozenset(t.id for t in catalogue.titles.values() if constraint.met_by(t))


def draw(kind: Kind, catalogue: Catalogue, language: str, rng: Random) -> Goal:
    """A goal that titles of the catalogue meet, for a viewer of `kind`.

    It is made around a well-known title, so that wishes go together as they do in real films.

    Raises:
        ValueError: no title of the catalogue will do for this kind.
    """
    pool = _seeds(kind, catalogue, language)
    for _ in range(400):
        if not pool:
            break
        seed = rng.choice(pool)
        constraints = [_around(slot, seed, catalogue, rng) for slot in kind.slots(rng)]
        if any(each is None for each in constraints) or len(set(constraints)) < len(constraints):
            continue
        goal = Goal(tuple(each for each in constraints if each is not None))
        goal = replace(goal, requests=_requests(kind, rng))
        if kind.changes_mind:
            goal = replace(goal, change=_another(goal, pool, catalogue, rng))
            if goal.change is None:
                continue
        goal = replace(goal, seen=_seen(kind, goal, catalogue, rng))
        found = [len(each.acceptable(catalogue)) for each in (goal, goal.changed())]
        if LEAST_ACCEPTABLE <= min(found) <= max(found) <= MOST_ACCEPTABLE * len(catalogue):
            return goal
    raise ValueError(f"no goal for a viewer of kind {kind.name!r} in this catalogue")


def _seeds(kind: Kind, catalogue: Catalogue, language: str) -> list[Title]:
    titles = list(catalogue.titles.values())
    if kind.series:
        return [title for title in titles if title.kind == "series"]
    films = [title for title in titles if title.kind == "film"][:WELL_KNOWN]
    # Somebody who writes Chinese has mostly heard of what has a Chinese name.
    return films if language == "en" else [title for title in films if title.title_zh] or films


def _around(slot: str, seed: Title, catalogue: Catalogue, rng: Random) -> Constraint | None:
    """A constraint on `slot` that `seed` meets; none when it has no such fact."""
    value = _AROUND[slot](seed, catalogue, rng)
    name = "genre" if slot == "genre_too" else slot
    found = Constraint(name, value) if value is not None else None
    return found if found is not None and (slot == "like" or found.met_by(seed)) else None


def _any(values: Sequence[Any], rng: Random) -> Any:
    return rng.choice(values) if values else None


def _years(seed: Title, catalogue: Catalogue, rng: Random) -> tuple[int | None, int | None] | None:
    if seed.year is None or seed.year < 1930:
        return None
    decade = seed.year // 10 * 10
    return rng.choice([(decade, decade + 9), (decade, decade + 9), (decade, None), (None, decade)])


def _runtime(seed: Title, catalogue: Catalogue, rng: Random) -> int | None:
    if seed.runtime is None or seed.kind == "series":
        return None
    return next((most for most in ROUND_RUNTIMES if most >= seed.runtime), None)


def _person(seed: Title, catalogue: Catalogue, rng: Random) -> tuple[str, str] | None:
    people = [(person, "director") for person in seed.directors[:1]]
    people += [(person, "cast") for person in seed.cast[:2]]
    return _any([each for each in people if len(catalogue.filmography(each[0])) >= 8], rng)


def _refused_genre(seed: Title, catalogue: Catalogue, rng: Random) -> str | None:
    return _any([genre for genre in OFTEN_REFUSED if genre not in seed.genres], rng)


_AROUND: dict[str, Callable[[Title, Catalogue, Random], Any]] = {
    "genre": lambda seed, _, rng: _any([g for g in seed.genres if g in GENRES], rng),
    "genre_too": lambda seed, _, rng: _any([g for g in seed.genres if g in GENRES], rng),
    "not_genre": _refused_genre,
    "country": lambda seed, _, rng: _any([c for c in seed.countries[:1] if c in COUNTRIES], rng),
    "not_country": lambda seed, _, rng: _any(["United States", "Japan", "United Kingdom"], rng),
    "language": lambda seed, _, rng: _any([x for x in seed.languages[:1] if x in LANGUAGES], rng),
    "kind": lambda seed, _, rng: seed.kind,
    "runtime": _runtime,
    "person": _person,
    "years": _years,
    "audience": lambda seed, _, rng: True,
    "like": lambda seed, _, rng: (seed.id, seed.genres) if GENRES & set(seed.genres) else None,
}


def _another(
    goal: Goal, pool: Sequence[Title], catalogue: Catalogue, rng: Random
) -> Constraint | None:
    """Another value for one of the constraints that people change their mind about."""
    changing = [each for each in goal.constraints if each.slot in ("genre", "years", "country")]
    if not changing:
        return None
    old = rng.choice(changing)
    new = _around(old.slot, rng.choice(pool), catalogue, rng)
    return new if new is not None and new != old else None


def _requests(kind: Kind, rng: Random) -> tuple[str, ...]:
    least, most = kind.facts
    names = [name for name in (kind.asks or FACTS) if name in FACTS]
    return tuple(rng.sample(names, min(rng.randint(least, most), len(names))))


def _seen(kind: Kind, goal: Goal, catalogue: Catalogue, rng: Random) -> frozenset[str]:
    """Part of the best known titles that fit: the more a viewer has seen, the pickier they are."""
    best = goal.acceptable(catalogue)[:20]
    return frozenset(title.id for title in best if rng.random() < kind.seen)


def askable(goal: Goal, title: Title, catalogue: Catalogue) -> tuple[str, ...]:
    """The facts of the goal that the catalogue knows about `title`."""
    return tuple(name for name in goal.requests if known(name, title, catalogue))
