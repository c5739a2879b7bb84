"""Finds the titles and people that a message names, in both languages.

One automaton (Aho-Corasick) over all folded names reads a message once, whatever the size of the
catalogue; a second, fuzzy pass looks for names with a typo in what is left.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import ahocorasick

from bot.catalogue import beside, evidence
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.frames import framed_title, is_framed
from bot.catalogue.fuzzy import FuzzyIndex
from bot.catalogue.homophones import sounding_like
from bot.catalogue.memory import uncollected
from bot.catalogue.name_keys import PART, PERSON, PINYIN, SHORT, TITLE, Key, keys
from bot.catalogue.near_company import misspelt
from bot.catalogue.ordinary import EVERYDAY, FUNCTION, GIVEN, REPLY, ordinary
from bot.catalogue.readings import Company, Readings, given_names
from bot.catalogue.spelling import fold_with_offsets
from bot.catalogue.title import Title
from bot.catalogue.typos import TypoFinder
from bot.catalogue.words import is_bounded, is_parted_well

_LEVELS = ("", FUNCTION, REPLY, EVERYDAY, GIVEN)
_SCORES = {"exact": 1.0, "alias": 0.95, "pinyin": 0.9}
_LONGEST_TEXT = 4000
_LONG_NAME = 9  # letters of a person's name that may have a typo

_Span = tuple[int, int, int]  # start, end, key

# Likeness (0 to 100) of a name that is offered for one not known.
_NEAR, _BEHIND = 65, 15


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in a message: `text[start:end]` may mean the titles or people `ids`, best first.

    `match` is "exact", "alias", "fuzzy" or "pinyin"; `score` is 1 for an exact match and less
    for others. `common`: it is an ordinary word too, and the sentence says that a name is meant.
    """

    start: int
    end: int
    kind: str
    ids: tuple[str, ...]
    match: str
    score: float
    common: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """`text[start:end]` is written like a name of the `kind`, meant or not.

    `level`: how ordinary these words are (see `bot.catalogue.ordinary`), "" when they are not.
    """

    start: int
    end: int
    kind: str
    level: str


class NameIndex:
    """The names of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._readings = Readings(catalogue)
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self._folded: list[str] = []
        self._ids: list[str | tuple[str, ...]] = []  # most names have one owner
        self._kinds = bytearray()  # 1: a person
        self._matches = bytearray()
        self._levels = bytearray()  # index into _LEVELS
        self._breaks = array("Q")
        self._renown = array("f")
        self._person_too: dict[int, int] = {}  # a title's key → the same key as a person's
        self._given = given_names(catalogue)
        with uncollected():
            for key in keys(catalogue):
                self._add(key)
            self._automaton.make_automaton()
            self._fuzzy = FuzzyIndex(self._folded)
        self._typos = TypoFinder(
            self._fuzzy, self._may_have_typos, lambda number: not self._kinds[number], self._renown
        )

    def __len__(self) -> int:
        return len(self._folded)

    def _add(self, key: Key) -> None:
        number = len(self._folded)
        level = ordinary().level(
            key.name, key.renown, person=key.kind == PERSON, short=key.match == SHORT
        )
        if key.kind == TITLE and level in (None, EVERYDAY) and key.folded in self._given:
            level = GIVEN
        self._folded.append(key.folded)
        self._ids.append(key.ids if len(key.ids) > 1 else key.ids[0])
        self._kinds.append(key.kind == PERSON)
        self._matches.append(key.match)
        self._levels.append(_LEVELS.index(level or ""))
        self._breaks.append(key.breaks)
        self._renown.append(key.renown)
        earlier = self._automaton.get(key.folded, -1)
        if earlier >= 0:
            self._person_too[earlier] = number
        else:
            self._automaton.add_word(key.folded, number)

    def _may_have_typos(self, number: int) -> bool:
        """Whether a name is long enough, and not ordinary, so that something like it is it."""
        name = self._folded[number]
        if self._matches[number] == PART:
            return False
        if self._levels[number]:
            # Ordinary words of which there are several, and long enough: "Strangr Things".
            return (
                self._is_everyday(number)
                and bool(self._breaks[number])
                and len(name) >= _LONG_NAME + 1
            )
        if not self._kinds[number] or not name.isascii():
            return True
        return bool(self._breaks[number]) and len(name) >= _LONG_NAME

    def _is_everyday(self, number: int) -> bool:
        return _LEVELS[self._levels[number]] in (EVERYDAY, GIVEN)

    def find(self, text: str) -> list[NameMatch]:
        """The names in `text`, in order, none overlapping; of several the longest is taken."""
        text = text[:_LONGEST_TEXT]
        found, company = self._longest(text)
        found += self._homophones(text, company, [(match.start, match.end) for match in found])
        # One ordinary word may belong to a longer name with a typo: "Game" of "Game of Throns".
        firm = [(match.start, match.end) for match in found if not self._is_weak(text, match)]
        for near in self._typos.find(text, firm):
            start, end = near.start, near.end
            if evidence.cuts_word(text, start, end) or text[start] == "第":
                continue  # 第三个 is no typo of 第三人
            inside = [m for m in found if m.start < end and start < m.end]
            if evidence.is_topic(text, start, end) or (inside and " " not in text[start:end]):
                continue
            found = [match for match in found if match not in inside]
            score = round(max(0.1, 1 - near.typos / len(self._folded[near.number])) * 0.9, 3)
            kind = PERSON if self._kinds[near.number] else TITLE
            ids = self._ids_meant(text, start, end, near.number, company)
            found.append(NameMatch(start, end, kind, ids, "fuzzy", score, False))
        return sorted(found, key=lambda match: match.start)

    def candidates(self, text: str) -> Iterator[Candidate]:
        """Every place in `text` where a name could stand, overlapping ones too."""
        folded, offsets = fold_with_offsets(text[:_LONGEST_TEXT])
        for start, end, number in self._spans(text, folded, offsets):
            kind = PERSON if self._kinds[number] else TITLE
            yield Candidate(start, end, kind, _LEVELS[self._levels[number]])

    def called(self, text: str, kind: str) -> NameMatch | None:
        """The titles or people that are called `text`, as a whole."""
        folded, offsets = fold_with_offsets(text)
        for start, end, number in self._spans(text, folded, offsets):
            number = self._person_too.get(number, number) if kind == PERSON else number
            if (start, end) == (0, len(text)) and (kind == PERSON) == bool(self._kinds[number]):
                return self._match(text, start, end, number, self._company(text, [], []))
        return None

    @staticmethod
    def _is_weak(text: str, match: NameMatch) -> bool:
        """Whether a match is one ordinary Latin word, not in quotation marks."""
        said = text[match.start : match.end]
        lone = match.common and said.isascii() and " " not in said
        return lone and not evidence.is_quoted(text, match.start, match.end)

    def _homophones(
        self, text: str, company: Company, taken: list[tuple[int, int]]
    ) -> Iterator[NameMatch]:
        for start, end, sound in sounding_like(text, self._chinese_names, taken):
            ids = self._owners(self._automaton.get(sound))
            taken = [*taken, (start, end)]
            yield NameMatch(start, end, TITLE, ids, "fuzzy", _SCORES["pinyin"], False)
        if company.people:
            for start, end, title in misspelt(text, self._readings.titles_of(company), taken):
                taken.append((start, end))
                yield NameMatch(start, end, TITLE, (title,), "fuzzy", _SCORES["pinyin"], False)

    def _chinese_names(self, sound: str) -> list[str]:
        """The Chinese names of the titles that are found by this pinyin."""
        number = self._automaton.get(sound, -1)
        if number < 0 or self._kinds[number]:
            return []
        titles = [self._catalogue.titles[owner] for owner in self._owners(number)]
        return [name for title in titles for name in (title.title_zh, *title.aliases_zh) if name]

    def nearest(self, text: str, k: int = 3) -> list[Title]:
        """Up to `k` titles whose names are nearest to `text`, the nearest first."""
        near = self._fuzzy.nearest(text, limit=20 * k)
        # Far behind the nearest, or far from everything: not what anybody meant.
        least = max(_NEAR, near[0][1] - _BEHIND) if near else _NEAR
        near = [one for one in near if one[1] >= least]
        near.sort(key=lambda one: (-round(one[1] / 5), -self._renown[one[0]]))
        ids = dict.fromkeys(self._owners(n)[0] for n, _ in near if not self._kinds[n])
        return [self._catalogue.titles[title_id] for title_id in list(ids)[:k]]

    def _owners(self, number: int) -> tuple[str, ...]:
        ids = self._ids[number]
        return (ids,) if isinstance(ids, str) else ids

    def _longest(self, text: str) -> tuple[list[NameMatch], Company]:
        folded, offsets = fold_with_offsets(text)
        spans = sorted(
            self._spans(text, folded, offsets), key=lambda span: (span[0] - span[1], span[0])
        )
        frame = framed_title(text)
        taken = bytearray(len(text))
        firm: list[_Span] = []
        doubtful: list[_Span] = []
        for start, end, number in spans:
            if any(taken[start:end]) or any(s <= start and end <= e for s, e, _ in doubtful):
                continue
            number = self._meant(text, start, end, number)
            if evidence.cuts_word(text, start, end) and not evidence.is_quoted(text, start, end):
                continue
            level = _LEVELS[self._levels[number]]
            person = bool(self._kinds[number])
            if not person and evidence.is_topic(text, start, end):
                continue
            framed = (
                level in (EVERYDAY, GIVEN) and not person and is_framed(text, start, end, frame)
            )
            if level and not framed and not evidence.is_meant(text, start, end, level, person):
                doubtful.append((start, end, number))
                continue
            taken[start:end] = b"\1" * (end - start)
            firm.append((start, end, number))
        company = self._company(text, firm, doubtful)
        named = list(firm)
        for start, end, number in doubtful:
            if self._kinds[number] or any(taken[start:end]):
                continue
            if self._is_made_out(text, start, end, number, named, company):
                taken[start:end] = b"\1" * (end - start)
                firm.append((start, end, number))
        return [
            self._match(text, start, end, number, company) for start, end, number in firm
        ], company

    def _company(self, text: str, firm: list[_Span], doubtful: list[_Span]) -> Company:
        people = {o for _, _, n in (*firm, *doubtful) if self._kinds[n] for o in self._owners(n)}
        titles = [(start, end) for start, end, number in firm if not self._kinds[number]]
        return self._readings.company(text, people, titles)

    def _is_made_out(
        self,
        text: str,
        start: int,
        end: int,
        number: int,
        named: list[_Span],
        company: Company,
    ) -> bool:
        """Whether an ordinary word is made a title by the names beside it, or by film talk."""
        if evidence.opens_film_talk(text, start, end):
            return True
        everyday = self._is_everyday(number)
        strange = end - start > 2 and (text[start].isupper() or text[start].isdigit())
        if (everyday or strange) and self._readings.accompanied(
            self._owners(number), start, end, company
        ):
            return True
        return any(
            everyday and beside.is_named_beside(text, start, end, first, last)
            if not self._kinds[other]
            else beside.follows_person(text, last, start)
            if last <= start
            else everyday and beside.announces_person(text, end, first)
            for first, last, other in named
        )

    def _spans(self, text: str, folded: str, offsets: list[int]) -> Iterator[tuple[int, int, int]]:
        """(start, end, key) of every key that stands on word boundaries in `text`."""
        for last, number in self._automaton.iter(folded):
            first = last - len(self._folded[number]) + 1
            start, end = offsets[first], offsets[last] + 1
            if first > 0 and offsets[first - 1] == start:
                continue  # inside what one character was folded to
            if last + 1 < len(folded) and offsets[last + 1] == offsets[last]:
                continue
            places = offsets[first : last + 1]
            if is_bounded(text, start, end) and is_parted_well(text, places, self._breaks[number]):
                yield start, end, number

    def _meant(self, text: str, start: int, end: int, number: int) -> int:
        """The key meant: a title's, or the same name as somebody's."""
        person = self._person_too.get(number)
        if person is not None and self._prefers_person(text, start, end, number, person):
            return person
        return number

    def _match(self, text: str, start: int, end: int, number: int, company: Company) -> NameMatch:
        match = self._matches[number]
        name = "exact" if match <= SHORT else "pinyin" if match == PINYIN else "alias"
        ids = self._ids_meant(text, start, end, number, company)
        kind = PERSON if self._kinds[number] else TITLE
        return NameMatch(start, end, kind, ids, name, _SCORES[name], bool(self._levels[number]))

    def _prefers_person(self, text: str, start: int, end: int, title: int, person: int) -> bool:
        """Whether a name that both a title and somebody has means the person here."""
        if evidence.is_quoted(text, start, end):
            return False
        if evidence.has_person_cue(text, start, end):
            return True
        return self._renown[person] > 4 * self._renown[title]

    def _ids_meant(
        self, text: str, start: int, end: int, number: int, company: Company
    ) -> tuple[str, ...]:
        ids = self._owners(number)
        if self._kinds[number]:
            return ids
        return self._readings.narrowed(text, start, end, ids, company)
