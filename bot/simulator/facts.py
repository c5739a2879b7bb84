"""The facts that a viewer asks about, and whether a text tells the one in the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.lexicon import label
from bot.catalogue.title import Title

_HOURS = re.compile(
    r"(\d+)\s*(?:h\b|hours?|小时)(?:\D{0,6}?(\d+)\s*(?:m\b|min|分))?", re.IGNORECASE
)
_MINUTES = re.compile(r"(\d+)\s*(?:min|分)", re.IGNORECASE)
Answers = list[str]


def _people(ids: Iterable[str], catalogue: Catalogue) -> Answers:
    people = [person for person in map(catalogue.person, ids) if person is not None]
    return [name for person in people for name in (person.name, person.name_zh) if name]


def _labels(topic: str, values: Iterable[str]) -> Answers:
    return [label(topic, value, language) for value in values for language in ("en", "zh")]


# For each fact, texts of which one must be in the answer; empty when the catalogue has none.
FACTS: dict[str, Callable[[Title, Catalogue], Answers]] = {
    "director": lambda title, catalogue: _people(title.directors, catalogue),
    "cast": lambda title, catalogue: _people(title.cast[:8], catalogue),
    "year": lambda title, _: [str(title.year)] if title.year else [],
    "runtime": lambda title, _: (
        [str(title.runtime)] if title.runtime and title.kind == "film" else []
    ),
    "episode": lambda title, _: (
        [str(title.runtime)] if title.runtime and title.kind == "series" else []
    ),
    "country": lambda title, _: _labels("countries", title.countries),
    "genre": lambda title, _: _labels("genres", title.genres),
    "plot": lambda title, _: [t[:12] for t in (title.synopsis_en, title.synopsis_zh) if t],
    "score": lambda title, _: [f"{title.score:.1f}"] if title.score is not None else [],
    "seasons": lambda title, _: [str(title.seasons)] if title.seasons else [],
}
LENGTHS = ("runtime", "episode")


def known(name: str, title: Title, catalogue: Catalogue) -> bool:
    """Whether the catalogue has the fact."""
    return bool(FACTS[name](title, catalogue))


def told(name: str, title: Title, catalogue: Catalogue, text: str) -> bool:
    """Whether `text` tells the fact as the catalogue has it."""
    if name in LENGTHS:
        return title.runtime in _lengths(text)
    if name in ("seasons", "score", "year"):
        # The title's own digits ("Ocean's 8") are no answer.
        bare = text.replace(title.title, " ").replace(title.title_zh or title.title, " ")
        numbers = re.findall(r"\d+(?:\.\d+)?", bare)
        return any(answer in numbers for answer in FACTS[name](title, catalogue))
    return any(answer.casefold() in text.casefold() for answer in FACTS[name](title, catalogue))


def _lengths(text: str) -> set[int]:
    """Every length in `text`, in minutes."""
    found = {60 * int(hours) + int(minutes or 0) for hours, minutes in _HOURS.findall(text)}
    return found | {int(minutes) for minutes in _MINUTES.findall(text)}
