"""Opinions in figures, on a scale of 0.5 to 5: "9/10", "4 stars", 七分, "two thumbs up"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found, found
from bot.nlu.numerals import CHINESE_NUMBER, ENGLISH_NUMBER, number

LOWEST, HIGHEST = 0.5, 5.0

_OUT_OF = re.compile(
    rf"(?<![\w./])(?P<n>{ENGLISH_NUMBER})\s*(?P<half>and\s+a\s+half\s*|½\s*|1/2\s+)?"
    rf"(?:/|out\s+of|of|over)\s*(?P<scale>5|five|10|ten|100|a\s+hundred|20)(?![\w/])"
    rf"(?!\s*(?:am|pm|minutes|hours|films?|movies?|them|those|of|stars?\s+films?))(?:\s*stars?)?"
)
_STARS = re.compile(
    rf"(?<![\w.])(?P<n>{ENGLISH_NUMBER})(?P<half>\s*(?:and\s+a\s+half|½|1/2))?[\s-]*(?:stars?|\*)(?!\w)"
    rf"|(?P<zh>{CHINESE_NUMBER}|半)\s*颗?(?P<zh_half1>半)?\s*(?:颗星星?|星(?!期|球|际|战|爷|座|空|级|辰|光|女|云|尘|"
    rf"探|河|海|梦|二代|途|城|巴克|期))(?P<zh_half2>半)?(?:级?好评|评价)?"
)
_SIGNS = re.compile(r"(?P<full>[★⭐🌟]\ufe0f?)+(?:[☆✩]\ufe0f?)*")
_GIVEN = re.compile(
    r"\b(?:rat(?:e|ed|ing)|give|gave|giving|score[ds]?|get|gets|deserves?|worth|call)\s+"
    r"(?:[^.,!?;]{1,40}?\s+)??(?:an?\s+|with\s+an?\s+|at\s+an?\s+|as\s+an?\s+)?(?:solid\s+|strong\s+|weak\s+)?"
    r"(?P<n>\d{1,2}(?:\.\d)?)(?![\w%:/]|\.\d|\s*(?:minutes?|mins?|hours?|years?|films?|movies?|"
    r"suggestions?|recommendations?|more|options?|series|shows?|titles?|good|things|of\s+them))"
    r"|\b(?:a|an)\s+(?:solid|strong|easy|perfect|generous|weak)\s+(?P<solid>\d{1,2}(?:\.\d)?)(?![\w%:/])"
)
_POINTS = re.compile(
    rf"(?P<cue>(?:打|给|评|得|值|给个|打个|给它|评个)(?:了|个|它|到)?\s*)?(?P<n>{CHINESE_NUMBER})\s*分(?P<half>半)?"
    r"(?!钟|鐘|之|类|享|别|析|手|开|支|区|店|钱|米|贝|布|组|期|辨|明|成|数|配|离)"
)
_BARE = re.compile(
    rf"(?:打|评)(?:了|个|它|到)?\s*(?P<n>{CHINESE_NUMBER})(?=\s*(?:$|[,。.!！，吧]))"
)
_SCALE = re.compile(
    rf"(?:满分|总分)(?:是|为)?(?P<scale>{CHINESE_NUMBER})分?|(?P<made>5|五|10|十|100|百)分制"
)
_ASKED = re.compile(r"几|幾|多少|[?？吗]")
_FULL = re.compile(
    r"满分(?!\d|[一二三四五六七八九十百]|是|为)|\b(?:full\s+marks|perfect\s+score|top\s+marks|flawless\s+score)\b"
)
_THUMBS = re.compile(
    r"\b(?P<two>two|2|both)\s+(?:enthusiastic\s+|big\s+)?thumbs?\s+(?P<way2>up|down)\b"
    r"|\b(?:an?\s+|one\s+)?(?:big\s+)?thumbs?[\s-](?P<way>up|down)\b"
    r"|(?P<emoji>[👍👎](?:[\U0001f3fb-\U0001f3ff])?)+"
)


def find_ratings(folded: str) -> list[Found]:
    """Every rating in a folded text."""
    given = [*_fractions(folded), *_stars(folded), *_points(folded), *_words(folded)]
    return given or list(_only_the_most(folded))


def _only_the_most(folded: str) -> Iterator[Found]:
    """满分10分 where nothing else is given and nothing is asked: all of the ten."""
    stated = _SCALE.search(folded)
    if stated and stated["scale"] and not _ASKED.search(folded):
        yield found("rating", HIGHEST, stated)


def _on_five(value: float | None, scale: float) -> float | None:
    """`value` of `scale` on the scale of 5, none when it is off the scale."""
    if value is None or not 0 <= value <= scale:
        return None
    return max(LOWEST, round(value / scale * HIGHEST, 2))


def _scaled(value: float | None, small: float) -> float | None:
    """`value` on a scale it does not name: up to `small` stars, else of 10, else of 100."""
    if value is None:
        return None
    scale = small if value <= small else 10.0 if value <= 10 else 100.0
    return _on_five(value, scale)


def _fractions(folded: str) -> Iterator[Found]:
    for match in _OUT_OF.finditer(folded):
        scale = 100.0 if "hundred" in match["scale"] else number(match["scale"])
        said = number(match["n"])
        value = _on_five(said + 0.5 if said is not None and match["half"] else said, scale or 10.0)
        if value is not None:
            yield found("rating", value, match)


def _stars(folded: str) -> Iterator[Found]:
    for match in _STARS.finditer(folded):
        said = number(match["n"]) if match["n"] else _half(match["zh"])
        if said is not None and (match["half"] or match["zh_half1"] or match["zh_half2"]):
            said += 0.5
        value = _scaled(said, 5.0)
        if value is not None:
            yield found("rating", value, match)
    for match in _SIGNS.finditer(folded):
        full = sum(character in "★⭐🌟" for character in match[0])
        if full <= 5:
            yield found("rating", float(full), match)


def _half(said: str) -> float | None:
    return 0.5 if said == "半" else number(said)


def _points(folded: str) -> Iterator[Found]:
    stated = _SCALE.search(folded)
    scale = _stated_scale(stated)
    for match in _POINTS.finditer(folded):
        if stated and stated.start() <= match.start() < stated.end():
            continue
        if match["n"] == "十" and not match["cue"] and match.end() < len(folded.rstrip("。!！ 吧")):
            continue  # 十分 is also "very"
        said = number(match["n"])
        if said is not None and match["half"]:
            said += 0.5
        value = _on_five(said, scale) if scale else _scaled(said, 10.0)
        if value is not None:
            start = match.start("cue") if match["cue"] else match.start()
            yield Found(start, match.end(), (("rating", value),))
    for match in _BARE.finditer(folded):
        value = _on_five(number(match["n"]), scale) if scale else _scaled(number(match["n"]), 10.0)
        if value is not None:
            yield found("rating", value, match)


def _stated_scale(stated: re.Match[str] | None) -> float | None:
    if stated is None:
        return None
    said = stated["scale"] or stated["made"]
    value = 100.0 if said == "百" else number(said)
    return value if value in (5.0, 10.0, 100.0) else None


def _words(folded: str) -> Iterator[Found]:
    for match in _FULL.finditer(folded):
        yield found("rating", HIGHEST, match)
    for match in _GIVEN.finditer(folded):
        group = "n" if match["n"] else "solid"
        value = _scaled(number(match[group]), 5.0)
        if value is not None:
            yield found("rating", value, match, group)
    for match in _THUMBS.finditer(folded):
        if match["emoji"]:
            up = match[0][0] == "👍"
            two = match[0].count("👍" if up else "👎") > 1
        else:
            up = (match["way"] or match["way2"]) == "up"
            two = bool(match["two"])
        yield found("rating", (HIGHEST if two else 4.5) if up else (LOWEST if two else 1.5), match)
