"""Which of its readings a name has in a message: by year, by the people named with it, by kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.ordinary import ordinary
from bot.catalogue.spelling import fold
from bot.catalogue.title import Person, Title

_YEAR_BESIDE = re.compile(r"^\W{0,3}((?:19|20)\d\d)\b|^\W{0,2}((?:19|20)\d\d)年?版?")
_YEAR_BEFORE = re.compile(
    r"\b((?:19|20)\d\d)\s*$|((?:19|20)\d\d)年?版?(?:的|那部|那版)?[《「\"“]?$"
)
_SERIES = re.compile(
    r"\b(?:seasons?|episodes?|eps?|sitcom)\b|第.{1,3}[季集]|[几幾多少]+[季集]|[\d一二三四五六七八九十两]+[季集]|电视剧|剧集",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SHORTEST_WORD = 4  # letters of a part of a name that tells whose it is
_MOST_BEARERS = 12  # people who share it
_LEAST_NAMESAKES = 15  # people who make a first name a common one


@dataclass(frozen=True, slots=True)
class Company:
    """Whom a message names: people by id, and words that are a part of somebody's name."""

    people: frozenset[str]
    words: tuple[tuple[str, int, int], ...]  # folded, and where it stands


def given_names(catalogue: Catalogue) -> frozenset[str]:
    """Folded first names that are common among the people of a catalogue."""
    names = (person.name.partition(" ") for person in catalogue.people.values())
    counts = Counter(fold(first) for first, _, others in names if others)
    return frozenset(name for name, count in counts.items() if count >= _LEAST_NAMESAKES)


class Readings:
    """The titles of a catalogue, told apart by what else a message says."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        bearers = Counter(w for person in catalogue.people.values() for w in _words_of(person))
        self._telling = frozenset(
            word
            for word, count in bearers.items()
            if count <= _MOST_BEARERS and len(word) >= _SHORTEST_WORD and word not in ordinary()
        )

    def company(
        self, text: str, people: Iterable[str], titles: Sequence[tuple[int, int]]
    ) -> Company:
        """The `people` found in `text`, and others named by a word outside of the `titles`."""
        words = ((fold(w.group()), w.start(), w.end()) for w in _WORD.finditer(text))
        telling = tuple(
            (word, start, end)
            for word, start, end in words
            if word in self._telling and all(end <= a or b <= start for a, b in titles)
        )
        return Company(frozenset(people), telling)

    def accompanied(
        self, ids: tuple[str, ...], start: int, end: int, company: Company
    ) -> tuple[str, ...]:
        """Those of the titles `ids`, named at `start` to `end`, that somebody named made."""
        words = {word for word, first, last in company.words if last <= start or end <= first}
        if not words and not company.people:
            return ()
        return tuple(i for i in ids if self._is_of(i, company.people, words))

    def titles_of(self, company: Company) -> list[Title]:
        """The titles of the people named, the best known first."""
        titles = {t.id: t for person in company.people for t in self._catalogue.filmography(person)}
        return sorted(titles.values(), key=lambda title: -self._catalogue.renown(title.id))

    def _is_of(self, title_id: str, people: frozenset[str], words: set[str]) -> bool:
        title = self._catalogue.titles[title_id]
        for person_id in (*title.directors, *title.cast):
            if person_id in people:
                return True
            person = self._catalogue.people.get(person_id) if words else None
            if person and not words.isdisjoint(_words_of(person)):
                return True
        return False

    def narrowed(
        self, text: str, start: int, end: int, ids: tuple[str, ...], company: Company
    ) -> tuple[str, ...]:
        """`ids` without those that a year beside the name or somebody named rules out."""
        if len(ids) == 1:
            return ids
        found = _YEAR_BESIDE.match(text[end : end + 9].lstrip('》」"”')) or _YEAR_BEFORE.search(
            text[:start][-9:]
        )
        if found:
            year = int(next(group for group in found.groups() if group))
            right = tuple(i for i in ids if self._catalogue.titles[i].year == year)
            if right:
                return right
        made = self.accompanied(ids, start, end, company)
        if made or not _SERIES.search(text):
            return made or ids
        return tuple(sorted(ids, key=lambda i: self._catalogue.titles[i].kind != "series"))


def _words_of(person: Person) -> list[str]:
    return [fold(word) for word in person.name.split()]
