"""Whether a title stands beside another name as one: "Heat with Al Pacino", "Heat or Ran"."""

from __future__ import annotations

import re

_WITH_PERSON = re.compile(
    r"\s*,?\s*(?:(?:the\s+(?:one|film|movie)\s+)?(?:with|w/|by|starring|from|directed\s+by)\s+)"
    r"|[，,]?\s*(?:是|这部|那部)\s*|[，,]\s*",
    re.I,
)
_JOINT = re.compile(
    r"\s*(?:[/&+、]|和|跟|与|與|还是|還是|或者?|比|\s(?:or|vs\.?|versus|over|than)\s)\s*(?:the\s+)?",
    re.I,
)
_PAIR_START = re.compile(r"(?:^|[,.!?;:，。！？；：])\s*(?:the\s+)?$", re.I)
_PAIR_END = re.compile(
    r"\s*(?:$|[,.!?;:，。！？；：、和与與跟哪谁更]|(?:for|first|tonight|today|which|next|please|pls|or|and)\b)",
    re.I,
)
_OF_PERSON = re.compile(
    r"\s*(?:的|(?:导演|执导|拍|演|主演|出演)(?:的|过的?|了)?|'s|’s|')\s*[《\"“]?"
)


def announces_person(text: str, end: int, person_start: int) -> bool:
    """Whether what ends at `end` is said to be with or by the person named after it."""
    return bool(_WITH_PERSON.fullmatch(text[end:person_start]))


def is_named_beside(text: str, start: int, end: int, first: int, last: int) -> bool:
    """Whether `text[start:end]` stands beside the title `text[first:last]` as another one.

    "Twister or Volcano?", 霸王别姬和活着: nothing else comes before the two, or after them.
    """
    if last <= start:
        return bool(_JOINT.fullmatch(text[last:start]) and _PAIR_END.match(text, end))
    return bool(_JOINT.fullmatch(text[end:first]) and _PAIR_START.search(text[:start]))


def follows_person(text: str, person_end: int, start: int) -> bool:
    """Whether the name at `start` is said to be a work of the person named up to `person_end`."""
    return bool(_OF_PERSON.fullmatch(text[person_end:start]))
