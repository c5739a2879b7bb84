"""One labelled sentence of a reference set, whatever form the set has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """`text[start:end]` of a sentence is a `kind`, in the set's own words for kinds."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Sample:
    """A sentence with what its set says of it.

    `label` is the set's intent or domain; `slots` are the names of what is said in it, and `spans`
    where that is; `title` is the film or programme named, where the set says which.
    """

    text: str
    label: str = ""
    slots: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    title: str = ""
