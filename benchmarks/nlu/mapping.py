"""Mappings of a set's labels to our skills, written as YAML in `mappings/`.

    about: what the set is, and what was decided
    source: the set's name in tables
    rules:                   # the first that holds for a sentence says what is right for it
      - name: facts of a title
        label: [FindMovies]  # one of these is the label
        slots: [TITLE]       # all of these are among its slots
        any_slot: [ACTOR]    # one of these is
        no_slot: [PLOT]      # none of these is
        words: 'who|when'    # found in the sentence, in small letters
        no_words: 'like'     # not found in it
        right: [title_facts] # skills and intents that answer it; "cant" is an honest can't
        aside: true          # shown, but not part of the figure beside the bar
      - name: …
        skip: true           # not measured at all; `why` says why
    spans:                   # kinds of spans → [our entity, others of ours that say the same]
      GENRE: [genre, mood]
    edges: [the, a]          # words that do not count at the ends of spans
    several: true            # not the first rule alone: all that hold say what is right

    last_clause: true        # the clause of the question is measured alone, too

A sentence whose title the catalogue has gets the slot "known title" before the rules are asked.
A name that is both a skill and an intent (recommend, refine) means the intent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from benchmarks.nlu.samples import Sample
from models.nlu_examples import nlu_examples

FOLDER = Path(__file__).parent / "mappings"
CANT = "cant"
FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
KNOWN_TITLE = "known title"
_CONDITIONS = ("label", "slots", "any_slot", "no_slot", "words", "no_words")
_FIELDS = frozenset(("name", *_CONDITIONS, "right", "aside", "skip", "why"))


class MappingError(ValueError):
    """A mapping cannot be used; the message says which and why."""


@lru_cache(maxsize=1)
def skills() -> dict[str, str]:
    """Our intents → their skills, by data/nlu/<skill>.yml; the fallback is a skill of its own."""
    return {example.intent: example.skill for example in nlu_examples()} | {FALLBACK: FALLBACK}


def intents_of(right: Sequence[str]) -> frozenset[str]:
    """The intents that are meant by names of skills, of intents, and by "cant".

    Raises:
        MappingError: a name is neither.
    """
    known = skills()
    found: set[str] = set()
    for name in right:
        intents = {intent for intent, skill in known.items() if name == skill}
        if name in known:
            intents = {name}
        elif name == CANT:
            intents = {OUT_OF_SCOPE, FALLBACK}
        if not intents:
            raise MappingError(f"{name!r} is no skill, no intent and not {CANT!r}")
        found |= intents
    return frozenset(found)


@dataclass(frozen=True)
class Rule:
    """Which sentences it is about, and the intents that are right for them."""

    name: str
    labels: frozenset[str]
    slots: frozenset[str]
    any_slot: frozenset[str]
    no_slot: frozenset[str]
    words: re.Pattern[str] | None
    no_words: re.Pattern[str] | None
    right: frozenset[str]
    aside: bool
    skip: bool

    def holds(self, sample: Sample) -> bool:
        """Whether this rule is about `sample`."""
        text = sample.text.lower()
        return (
            (not self.labels or sample.label in self.labels)
            and self.slots <= sample.slots
            and (not self.any_slot or bool(self.any_slot & sample.slots))
            and not self.no_slot & sample.slots
            and (self.words is None or self.words.search(text) is not None)
            and (self.no_words is None or self.no_words.search(text) is None)
        )


@dataclass(frozen=True)
class Mapping:
    """The rules of one set, in their order, and what its spans are to us."""

    source: str
    rules: tuple[Rule, ...]
    spans: AbstractMapping[str, tuple[str, ...]]
    edges: frozenset[str]
    several: bool = False
    last_clause: bool = False

    def rule(self, sample: Sample) -> Rule:
        """What holds for `sample`: the first rule, or with `several` all that do as one.

        Raises:
            MappingError: none does.
        """
        holding = [rule for rule in self.rules if rule.holds(sample)]
        if not holding:
            raise MappingError(f"{self.source}: no rule for {sample.text!r} ({sample.label})")
        first = holding[0]
        if self.several and not first.skip:
            return replace(first, right=frozenset().union(*(rule.right for rule in holding)))
        return first


def read(name: str, folder: Path = FOLDER) -> Mapping:
    """The mapping `folder`/`name`.yml.

    Raises:
        MappingError: it is missing or not in the form that the module describes.
    """
    path = folder / f"{name}.yml"
    try:
        with path.open(encoding="utf-8") as file:
            data: Any = yaml.safe_load(file)
        return Mapping(
            source=str(data["source"]),
            rules=tuple(_rule(row) for row in data["rules"]),
            spans={kind: tuple(ours) for kind, ours in (data.get("spans") or {}).items()},
            edges=frozenset(str(word) for word in data.get("edges") or ()),
            several=bool(data.get("several")),
            last_clause=bool(data.get("last_clause")),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise MappingError(f"{path}: {error!r}") from error
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from error


def _rule(row: dict[str, Any]) -> Rule:
    unknown = set(row) - _FIELDS
    if unknown:
        raise MappingError(f"rule {row.get('name')!r}: unknown {', '.join(sorted(unknown))}")
    skip = bool(row.get("skip"))
    if skip and not row.get("why"):
        raise MappingError(f"rule {row['name']!r} skips without saying why")
    return Rule(
        name=str(row["name"]),
        labels=_names(row, "label"),
        slots=_names(row, "slots"),
        any_slot=_names(row, "any_slot"),
        no_slot=_names(row, "no_slot"),
        words=_pattern(row.get("words")),
        no_words=_pattern(row.get("no_words")),
        right=frozenset() if skip else intents_of(row["right"]),
        aside=bool(row.get("aside")),
        skip=skip,
    )


def _names(row: dict[str, Any], field: str) -> frozenset[str]:
    names = row.get(field) or ()
    if isinstance(names, str):
        raise MappingError(f"rule {row['name']!r}: {field} must be a list")
    return frozenset(str(name) for name in names)


def _pattern(words: str | None) -> re.Pattern[str] | None:
    return re.compile(words) if words else None
