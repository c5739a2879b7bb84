"""What conversations are looked for by: a form's fields, read and checked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bot.desk.sequence import Sequence, SequenceError, compile_sequence
from bot.desk.words import Term, parse
from bot.store import storable

SORTS = ("newest", "active", "unsure", "longest")
STATUSES = ("live", "waiting", "taken", "over")
FEEDBACK = ("up", "down", "any")
_MARKS = ("skill", "intent", "action", "entity", "slot", "category")
_LONGEST = 120
_TEXTS = ("language", "channel", "version", "viewer", "flag", "assignee")


@dataclass(frozen=True)
class Filters:
    """What a conversation must be like; every field that is set must hold.

    `marks` are pairs of kind and value as in `conversation_marks`; times are in seconds since
    1970, `until` is exclusive; `below` is a confidence from 0 to 1; `wrong` names the fields that
    could not be read and are left out.
    """

    query: str = ""
    terms: tuple[Term, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    sequence: Sequence | None = None
    since: float | None = None
    until: float | None = None
    language: str = ""
    channel: str = ""
    version: str = ""
    viewer: str = ""
    shortest: int | None = None
    longest: int | None = None
    fallback: bool | None = None
    below: float | None = None
    feedback: str = ""
    rating: int | None = None
    flag: str = ""
    status: str = ""
    assignee: str = ""
    sort: str = SORTS[0]
    wrong: tuple[str, ...] = field(default=(), compare=False)

    @property
    def empty(self) -> bool:
        """Whether every conversation is looked for."""
        plain = Filters()
        return all(
            getattr(self, each.name) == getattr(plain, each.name)
            for each in fields(self)
            if each.name not in ("sort", "wrong", "query")
        )


def read(form: Mapping[str, Any]) -> Filters:
    """Read a form; what is not understood is left out and named in `wrong`."""
    values: dict[str, Any] = {}
    wrong: list[str] = []

    def given(name: str) -> str:
        return storable.text(str(form.get(name) or "")).strip()

    def number(name: str, least: float, most: float, kind: type = int) -> Any:
        text = given(name)
        if not text:
            return None
        try:
            value = kind(text)
        except ValueError:
            value = most + 1
        if not least <= value <= most:
            wrong.append(name)
            return None
        return value

    def choice(name: str, known: Iterable[str]) -> str:
        text = given(name)
        if text and text not in known:
            wrong.append(name)
            return ""
        return text

    values["query"] = given("q")[:200]
    values["terms"] = tuple(parse(values["query"]))
    if values["query"] and all(term.absent for term in values["terms"]):
        wrong.append("q")
        values["terms"] = ()
    values["marks"] = tuple((kind, given(kind)[:_LONGEST]) for kind in _MARKS if given(kind))
    try:
        values["sequence"] = compile_sequence(given("sequence")) if given("sequence") else None
    except SequenceError:
        wrong.append("sequence")
    for name, late in (("since", False), ("until", True)):
        if given(name):
            values[name] = day(given(name), late)
            if values[name] is None:
                wrong.append(name)
    values |= {name: given(name)[:200] for name in _TEXTS}
    values["shortest"] = number("shortest", 0, 100_000)
    values["longest"] = number("longest", 0, 100_000)
    percent = number("below", 0, 100, float)
    values["below"] = None if percent is None else percent / 100
    values["rating"] = number("rating", 1, 5)
    fallback = choice("fallback", ("yes", "no"))
    values["fallback"] = {"yes": True, "no": False}.get(fallback)
    values["feedback"] = choice("feedback", FEEDBACK)
    values["status"] = choice("status", STATUSES)
    values["sort"] = choice("sort", SORTS) or SORTS[0]
    return Filters(**values, wrong=tuple(wrong))


def day(text: str, end: bool = False) -> float | None:
    """The beginning (or end) of a day such as 2026-11-26, in seconds since 1970 (UTC); None when
    it is none."""
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    midnight = datetime.datetime.combine(found, datetime.time(), datetime.timezone.utc)
    return midnight.timestamp() + (86_400 if end else 0)
