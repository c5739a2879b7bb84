"""Every way a title or a person may be written, as folded keys."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.ordinary import ordinary
from bot.catalogue.spelling import (
    fold,
    fold_with_offsets,
    has_ideograph,
    pinyin,
    with_digits,
    without_article,
)
from bot.catalogue.title import Person, Title

EXACT, SHORT, ALIAS, PART, PINYIN = range(5)
_WEIGHTS = (1.0, 0.8, 0.7, 0.4, 0.4)
# Readings this much less known than the best one are not meant by somebody who says no more.
_OBSCURE = 20.0
_MOST_READINGS = 8
_SUBTITLE = re.compile(r"\s*(?:[:：]\s*|\s[–—-]\s)\s*")
_ASCII_WORD = re.compile(r"[A-Za-z0-9'.]+|&")
_NUMBERED_ZH = re.compile(r"^(?:第.{1,3}[部章季集卷篇]|[上中下终][部篇集章])$")
_SHORTEST_PINYIN = 8
_FRANCHISE = 3  # titles that make a row
_PINYIN_TITLES = 20_000  # so many of the best known titles are found by pinyin
_FAMOUS = 400.0  # renown from which a surname alone may be enough
_RIVALS = 6  # bearers of a surname that are compared
_AHEAD = 4.0  # how much better known one of them must be
# Words that a surname may begin with.
_PARTICLES = frozenset(("da", "de", "del", "della", "der", "di", "du", "la", "le", "van", "von"))
_ALL_BREAKS = (1 << 64) - 1

TITLE, PERSON = "title", "person"


@dataclass(slots=True)
class Key:
    """One folded name: who may be meant, best first, and where its words may be parted."""

    folded: str
    kind: str
    ids: tuple[str, ...]
    match: int
    breaks: int  # bit i: a word may begin at the i-th character
    name: str  # as it is written
    renown: float


# A folded name being gathered: as it is written, its breaks, then each owner and how the name
# belongs to it. A plain list, since there are hundreds of thousands.
_Gathered = list[Any]
_FIRST_OWNER = 2


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """The keys of all titles and people, each folded name once a kind."""
    yield from _finished(_of_titles(catalogue), TITLE, catalogue.renown)
    yield from _finished(_of_people(catalogue), PERSON, catalogue.renown_of_person)


def breaks_of(name: str) -> int:
    """Bits of the places in the folded `name` where a word begins, but for the first."""
    if name.isalnum():
        return 0
    if name.isascii():
        return _breaks_of_ascii(name)
    folded, offsets = fold_with_offsets(name)
    bits = 0
    for place in range(1, min(len(folded), 64)):
        before, here = offsets[place - 1], offsets[place]
        # An apostrophe or a full stop parts no words ("schindlers", "mr").
        parted = here - before > 1 and name[before + 1 : here].strip("'’.")
        if parted or (here != before and "&" in (name[before], name[here])):
            bits |= 1 << place
    return bits


def _breaks_of_ascii(name: str) -> int:
    bits = place = 0
    for word in _ASCII_WORD.findall(name):
        length = len(fold(word))
        if length and 0 < place < 64:
            bits |= 1 << place
        place += length
    return bits


def _of_titles(catalogue: Catalogue) -> dict[str, _Gathered]:
    found: dict[str, _Gathered] = {}
    franchises: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, title in enumerate(catalogue.titles.values()):
        for name, match in _title_names(title):
            _gather(found, name, title.id, match)
        for part, rest in _franchises(title):
            franchises[part].append((title.id, rest))
        for name_zh in (title.title_zh, *title.aliases_zh) if number < _PINYIN_TITLES else ():
            _gather_pinyin(found, name_zh, title.id)
    for part, owners in franchises.items():
        if len(owners) >= _FRANCHISE:
            for owner, rest in owners:
                _gather(found, part, owner, PART)
                if _is_telling(rest):
                    _gather(found, rest, owner, PART)
    return found


def _franchises(title: Title) -> Iterator[tuple[str, str]]:
    """What may be the name of a row of films, and the rest: "Harry Potter" and the …."""
    for name, word in ((title.title, " and the "), (title.title_zh or "", "与")):
        part, parted, rest = name.partition(word)
        if parted and _is_telling(part):
            yield part, rest


def _title_names(title: Title) -> Iterator[tuple[str, int]]:
    for shown in (title.title, title.title_zh, title.original_title):
        if shown:
            yield from _variants(shown, EXACT)
    for name in (*title.aliases, *title.aliases_zh):
        yield from _variants(name, ALIAS)
    for shown in (title.title, title.title_zh):
        parts = _SUBTITLE.split(shown) if shown else ()
        if len(parts) >= 2:
            for part in {parts[0], parts[-1]}:
                if _is_telling(part):
                    yield from _variants(part, PART)


def _variants(name: str, match: int) -> Iterator[tuple[str, int]]:
    yield name, match
    short = without_article(name)
    if short != name:
        yield short, max(match, SHORT)
    for one in {name, short}:
        for numbered in with_digits(one):
            yield numbered, max(match, ALIAS)


def _is_telling(part: str) -> bool:
    """Whether a part of a title is enough to mean it."""
    key = fold(part)
    if has_ideograph(part):
        return len(key) >= 3 and not _NUMBERED_ZH.match(part)
    words = part.split()
    if fold(words[0] if words else "") in ("part", "vol", "volume", "chapter", "episode", "season"):
        return False
    return len(key) >= 6 and not all(fold(word) in ordinary() or not fold(word) for word in words)


def _of_people(catalogue: Catalogue) -> dict[str, _Gathered]:
    found: dict[str, _Gathered] = {}
    for person in catalogue.people.values():
        for shown in (person.name, person.name_zh):
            if shown:
                _gather(found, shown, person.id, EXACT)
        for name in (*person.aliases, *person.aliases_zh):
            _gather(found, name, person.id, ALIAS)
        _gather_pinyin(found, person.name_zh, person.id)
    for surname, person_id in _surnames(catalogue):
        if fold(surname) not in found:
            _gather(found, surname, person_id, PART)
    return found


def _surnames(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Surnames that by themselves mean one person: somebody famous whom nobody rivals."""
    bearers: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for person in catalogue.people.values():
        surnames = {*_last_words(person), *_first_words(person)}
        renown = catalogue.renown_of_person(person.id) if surnames else 0.0
        for surname in surnames:
            bearers[surname].append((renown, person.id))
    for surname, people in bearers.items():
        people.sort(reverse=True)
        if people[0][0] < _FAMOUS:
            continue
        # Directors are called by their surnames more than those who played beside them.
        rivals = sorted(
            (
                (renown + 3 * _renown_as_director(catalogue, person_id), person_id)
                for renown, person_id in people[:_RIVALS]
            ),
            reverse=True,
        )
        renown, person_id = rivals[0]
        person = catalogue.people[person_id]
        unrivalled = len(rivals) == 1 or renown >= _AHEAD * rivals[1][0]
        if unrivalled and surname in _last_words(person):
            yield surname, person_id


def _renown_as_director(catalogue: Catalogue, person_id: str) -> float:
    return 0.5 * sum(catalogue.renown(t.id) for t in catalogue.filmography(person_id, "director"))


def _last_words(person: Person) -> list[str]:
    names = [person.name, *(person.name_zh or "").split("·")[1:][-1:]]
    return [
        word
        for name in names
        for word in (name if has_ideograph(name) else _surname(name),)
        if len(word) >= (2 if has_ideograph(word) else 5) and fold(word) not in ordinary()
    ]


def _surname(name: str) -> str:
    """The surname in a Latin name of several words: "De Niro" of "Robert De Niro"."""
    _, *words = name.split()
    particle = next((i for i, word in enumerate(words) if word.lower() in _PARTICLES), len(words))
    return " ".join(words[min(particle, len(words) - 1) :]) if words else ""


def _first_words(person: Person) -> list[str]:
    """First names, which rival surnames."""
    first_zh = (person.name_zh or "").split("·")
    return [person.name.split()[0], *(first_zh[:1] if len(first_zh) > 1 else ())]


def _gather(found: dict[str, _Gathered], name: str, owner: str, match: int) -> None:
    key = fold(name)
    if not key:
        return
    gathered = found.get(key)
    if gathered is None:
        found[key] = [name, breaks_of(name), owner, match]
        return
    gathered[1] |= breaks_of(name)
    _add_owner(gathered, owner, match)


def _add_owner(gathered: _Gathered, owner: str, match: int) -> None:
    for place in range(_FIRST_OWNER, len(gathered), 2):
        if gathered[place] == owner:
            gathered[place + 1] = min(match, gathered[place + 1])
            return
    gathered += (owner, match)


def _gather_pinyin(found: dict[str, _Gathered], name: str | None, owner: str) -> None:
    key = pinyin(name) if name else ""
    if len(key) < _SHORTEST_PINYIN or not key.isascii():
        return
    gathered = found.setdefault(key, [key, _ALL_BREAKS])
    gathered[1] = _ALL_BREAKS
    _add_owner(gathered, owner, PINYIN)


def _finished(
    found: dict[str, _Gathered], kind: str, renown_of: Callable[[str], float]
) -> Iterator[Key]:
    while found:  # emptied on the way, since it is large
        key, (name, breaks, *owners) = found.popitem()
        if len(owners) == 2:
            owner, match = owners
            yield Key(key, kind, (owner,), match, breaks, name, renown_of(owner))
            continue
        readings: dict[str, int] = dict(zip(owners[::2], owners[1::2], strict=True))
        whole = {owner: match for owner, match in readings.items() if match <= ALIAS}
        # A part of a title is no rival of a whole name, unless far better known ("The Lord of
        # the Rings" is the trilogy before it is the cartoon).
        if whole and _WEIGHTS[PART] * max(map(renown_of, readings)) <= max(map(renown_of, whole)):
            readings = whole
        # "Heat" is Heat, though there is The Heat; but "Avengers" is The Avengers.
        exact = max((renown_of(o) for o, match in readings.items() if match == EXACT), default=-1)
        readings = {
            owner: match
            for owner, match in readings.items()
            if match != SHORT or renown_of(owner) > 2 * exact
        }
        weighed = sorted(
            (
                (-_WEIGHTS[match] * (renown_of(owner) + 1.0), owner)
                for owner, match in readings.items()
            )
        )
        kept = [owner for weight, owner in weighed if weight * _OBSCURE <= weighed[0][0]]
        ids = tuple(kept[:_MOST_READINGS])
        renown = renown_of(ids[0])
        yield Key(key, kind, ids, readings[ids[0]], breaks, name, renown)
