"""Words that could be a name or a phrase: "a heist movie" names no film called Heist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.catalogue import evidence
from bot.catalogue.spelling import is_ideograph
from bot.nlu.found import Found

# What a single word is likelier to mean than the title that it also is.
_LIKELIER = frozenset(
    {
        "genre",
        "country",
        "spoken_language",
        "kind",
        "direction",
        "mood",
        "number",
        "ordinal",
        "audience",
    }
)
# What makes 2012 the year rather than the film.
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|from|of|the|year|circa|films?|movies?|shows?|series)|[,(]|的|部|片|电影)\s*$", re.I
)
_YEAR_AFTER = re.compile(
    r"\s*(?:年|(?:ones?|version|films?|movies?|remake|original)\b|那|版|的)", re.I
)


def standing_names(
    text: str, names: Sequence[Mapping[str, Any]], finds: Iterable[Found]
) -> list[Mapping[str, Any]]:
    """The entities of `names` that no find in `text` has the better claim to.

    A name in quotation marks always stands, and so does one annotated by hand (without
    "match"). A find beats a name that is a part of it, and one of the same words unless the
    sentence announces a title there ("who directed Heist").
    """
    finds = list(finds)
    return [name for name in names if not any(_beats(find, name, text) for find in finds)]


def without_kinds_of_named(
    text: str, finds: Sequence[Found], names: Sequence[Mapping[str, Any]]
) -> list[Found]:
    """`finds` less the kinds that only say what a Chinese title is: the film of "蓝精灵电影"."""
    unknown = [
        name
        for name in names
        if name.get("match") == "unknown"
        and any(map(is_ideograph, text[name["start"] : name["end"]]))
    ]
    said = [
        find
        for find in finds
        if find.readings[0][0] == "kind"
        and any(find.start == name["end"] or find.end == name["start"] for name in unknown)
    ]
    return [find for find in finds if not any(s.start <= find.start < s.end for s in said)]


def _beats(find: Found, name: Mapping[str, Any], text: str) -> bool:
    start, end = name["start"], name["end"]
    if not (find.start <= start and end <= find.end):
        return False
    if not name.get("match") or evidence.is_quoted(text, start, end):
        return False
    if (find.start, find.end) != (start, end) or name["match"] == "fuzzy":
        return True
    if find.readings[0][0] == "years":
        return bool(_YEAR_BEFORE.search(text[:start]) or _YEAR_AFTER.match(text[end:]))
    if all(entity not in _LIKELIER for entity, _ in find.readings):
        return evidence.is_whole(text, start, end)
    return evidence.is_whole(text, start, end) or not evidence.has_cue(text, start, end)
