"""Lengths: "under two hours", "90 minutes or less", 两小时以内, 不超过100分钟, "short".

A value is {"min": minutes or none, "max": minutes or none}, both inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found, found
from bot.nlu.numerals import CHINESE_NUMBER, ENGLISH_NUMBER, number

SHORT, LONG = 95, 150  # minutes: what people mean by a short and by a long film
_NEAR = 15  # minutes to either side of a length that is said without "under" or "over"

_MINUTES = r"(?:minutes?|mins?\b|min\b|m\b)"
_HOURS = r"(?:hours?|hrs?|h)\b"
_DURATION = re.compile(
    rf"(?<![\w.])(?:"
    rf"(?P<half>half\s+an\s+hour|an?\s+half\s+hour)"
    rf"|(?P<hours_half>{ENGLISH_NUMBER}|an?)\s+and\s+a\s+half[\s-]*{_HOURS}"
    rf"|(?P<hours>{ENGLISH_NUMBER}|an?\s+couple\s+of|an?|(?=hour\s+and))[\s-]*{_HOURS}"
    rf"(?P<and_half>\s+and\s+a\s+half)?(?:\s*(?:and\s+)?(?P<rest>{ENGLISH_NUMBER})[\s-]*{_MINUTES})?"
    rf"|(?P<compact>\d)h(?P<compact_rest>\d\d)(?:m(?:in)?)?"
    rf"|(?P<minutes>{ENGLISH_NUMBER})[\s-]*{_MINUTES})(?![a-z])"
    rf"|(?P<zh_hours>{CHINESE_NUMBER})\s*(?P<zh_ge_half>个?半)?\s*个?(?:小时|钟头|鐘頭|个钟)"
    rf"(?P<zh_half>半)?(?:零?(?P<zh_rest>{CHINESE_NUMBER})\s*分钟?)?"
    rf"|(?P<zh_only_half>半)个?(?:小时|钟头)"
    rf"|(?P<zh_minutes>{CHINESE_NUMBER})\s*(?:分钟|分鐘|min)"
)
_NOT = r"(?:\bnot|\bno|\bnothing|\bnone|n't|\bnever)(?:\s+\w+){0,2}?\s+"
_UNDER = re.compile(
    rf"(?P<no>{_NOT})?\b(?:(?:under|below|less\s+than|shorter\s+than|within|up\s+to|at\s+most|"
    r"max(?:imum)?(?:\s+of)?|fewer\s+than|beneath|in|i(?:'ve)?\s+(?:only\s+)?(?:have|got)|"
    r"(?:only|just)\s+(?:have|got)|only|doesn't\s+exceed|capped\s+at)\s*(?:about\s+|like\s+)?|<=?\s*)$"
)
_UNDER_SIGN = re.compile(r"[<≤]=?\s*$")
_OVER = re.compile(
    rf"(?P<no>{_NOT})?\b(?:over|above|more\s+than|longer\s+than|at\s+least|exceeding|exceed|"
    r"beyond|min(?:imum)?(?:\s+of)?|past)\s*(?:about\s+|like\s+)?$"
)
_OVER_SIGN = re.compile(r"[>≥]=?\s*$")
_BETWEEN = re.compile(r"\s*(?:to|and|-|~|到|至)\s*")
_BARE_LEFT = re.compile(rf"(?P<left>{ENGLISH_NUMBER}|{CHINESE_NUMBER})\s*(?:to|and|-|~|到|至)\s*$")
_OR_LESS = re.compile(
    r"\s*(?:long\s+)?(?:or\s+(?:less|under|shorter|below|so\s+max)|max(?:imum)?\b|tops\b|at\s+most|"
    r"and\s+under)"
    r"|\s*(?:以内|之内|以下|之下|内|里头?(?=能|看)|不到)的?"
)
_OR_MORE = re.compile(
    r"\s*(?:long\s+)?(?:or\s+(?:more|longer|over|above)|plus\b|\+|minimum\b|at\s+least|and\s+over)"
    r"|\s*(?:以上|之上|往上|起步)的?"
)
_ZH_UNDER = re.compile(
    r"(?:不超过|不要超过|别超过|不能超过|不大于|不多于|不长于|不高于|少于|小于|短于|低于|不到|最多|"
    r"最长|至多|不足|顶多|只有|就|控制在|没超过)(?:大概|大约)?$"
)
_ZH_OVER = re.compile(r"(?:超过|多于|大于|长于|高于|至少|起码|不少于|不低于|不短于|最少|最短)$")
_SHORT = re.compile(
    r"\b(?:something|anything|sth)\s+(?:really\s+|pretty\s+|quite\s+|very\s+)?short\b(?!\s+of)"
    r"|\bshort(?:\s+and\s+sweet|(?=\s+(?:films?|movies?|flicks?|ones?|watch|show|run\s?time)\b))"
    r"|\b(?:a\s+)?quick\s+(?:watch|one)\b|\bshorts\b"
    r"|\b(?:not|isn't|n't\s+be)\s+(?:too|very|so|that|super|overly)\s+long\b|\bnot\s+long\b"
    r"|\bnothing\s+(?:too\s+)?long\b|\b(?:keep|make)\s+it\s+short\b|\bon\s+the\s+short(?:er)?\s+side\b"
    r"|短片|短小(?:精悍)?|(?:不要|别|不想看|不能|不)(?:太|那么|特别)长的?|时长短|片长短(?!一)|时间短(?!一)"
    r"|短的(?=电影|片|就|吧|$)|不长的"
)
_LONG = re.compile(
    r"(?<!how )(?<!too )(?<!so )\blong(?=\s+(?:films?|movies?|flicks?|epics?)\b)"
    r"|\b(?:something|anything)\s+(?:really\s+|pretty\s+|very\s+)?long\b"
    r"|长片(?!长)|(?<!多)(?<!太)(?<!片)(?<!较)(?<!很)长的(?=电影|片)|大长片"
)


def find_runtimes(folded: str) -> list[Found]:
    """Every wish about length in a folded text."""
    return [*_durations(folded), *_words(folded)]


def _words(folded: str) -> Iterator[Found]:
    for match in _SHORT.finditer(folded):
        yield found("runtime", {"min": None, "max": SHORT}, match)
    for match in _LONG.finditer(folded):
        yield found("runtime", {"min": LONG, "max": None}, match)


def _durations(folded: str) -> Iterator[Found]:
    left: tuple[int, int, int] | None = None
    for match in _DURATION.finditer(folded):
        minutes = _minutes(match)
        if minutes is None or not 1 <= minutes <= 1000:
            continue
        start, end, low, high = _bounded(match.start(), match.end(), minutes, folded)
        if left and _BETWEEN.fullmatch(folded, left[1], match.start()):
            start, low, high = left[0], left[2], minutes
        else:
            bare = _BARE_LEFT.search(folded, 0, match.start())
            value = number(bare["left"]) if bare else None
            if bare and value:
                scale = 60 if value < 10 and minutes >= 60 else 1
                start, low, high = bare.start(), round(value * scale), minutes
        left = (start, end, minutes)
        yield Found(start, end, (("runtime", {"min": low, "max": high}),))


def _minutes(match: re.Match[str]) -> int | None:
    """The minutes a duration comes to."""
    if match["half"] or match["zh_only_half"]:
        return 30
    if match["compact"]:
        return int(match["compact"]) * 60 + int(match["compact_rest"])
    if match["minutes"] or match["zh_minutes"]:
        plain = number(match["minutes"] or match["zh_minutes"])
        return None if plain is None else round(plain)
    hours_said = match["hours_half"] or match["hours"] or match["zh_hours"] or "an"
    hours = 2.0 if "couple" in hours_said else _one(hours_said)
    if hours is None:
        return None
    if match["hours_half"] or match["and_half"] or match["zh_half"] or match["zh_ge_half"]:
        hours += 0.5
    rest = match["rest"] or match["zh_rest"]
    return round(hours * 60 + ((number(rest) or 0) if rest else 0))


def _one(said: str) -> float | None:
    return 1.0 if said.strip() in ("a", "an") else number(said)


def _bounded(
    start: int, end: int, minutes: int, folded: str
) -> tuple[int, int, int | None, int | None]:
    """The span with the words around it that make it a bound, and the bound."""
    for pattern, upper in ((_ZH_UNDER, True), (_ZH_OVER, False), (_UNDER, True), (_OVER, False)):
        cue = pattern.search(folded, 0, start)
        if cue:
            if "no" in pattern.groupindex and cue["no"]:
                upper = not upper
            return (cue.start(), end, None, minutes) if upper else (cue.start(), end, minutes, None)
    for pattern, upper in ((_UNDER_SIGN, True), (_OVER_SIGN, False)):
        cue = pattern.search(folded, 0, start)
        if cue:
            return (cue.start(), end, None, minutes) if upper else (cue.start(), end, minutes, None)
    less, more = _OR_LESS.match(folded, end), _OR_MORE.match(folded, end)
    if less:
        return start, less.end(), None, minutes
    if more:
        return start, more.end(), minutes, None
    return start, end, max(minutes - _NEAR, 1), minutes + _NEAR
