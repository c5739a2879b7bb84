"""Pointing at what was shown: "the second one", 第三个, "last one", "that one", 它, 这部.

The value of an ordinal counts from 1; -1 is the last, -2 the one before it. The value of a
reference is "it" for a title and "them" for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found, found
from bot.nlu.numerals import CHINESE_NUMBER, ENGLISH_NUMBER, PLACES, number

_THING = (
    r"(?:ones?|options?|choices?|films?|movies?|titles?|shows?|suggestions?|results?|items?|picks?)"
)
_PLACE = "|".join(sorted(PLACES, key=len, reverse=True))
_ENGLISH = re.compile(
    rf"\b(?:the\s+)?(?:very\s+)?(?P<place>{_PLACE})\s+(?:and\s+(?P<also>{_PLACE})\s+)?(?:good\s+)?{_THING}\b"
    rf"(?!\s+(?:that\s+)?(?:i|he|she|they|we|you)\s+(?:ever|saw|watched|made|directed))"
    rf"|\bthe\s+(?P<bare>{_PLACE})\b(?!\s+(?:of\s+all|time|season|episode|part|thing|half|world|place|"
    r"day|night|week|month|year|few|couple|scene|act|name|person|avenger|blood|samurai|emperor|jedi|"
    r"king|reason|question|actor|actress|director|language|two|three|four|five|"
    r"[a-z]+\s+(?:years|months|weeks|days|minutes|hours))\b)(?!\s+\d)"
    rf"|\bthe\s+(?:first|top)\s+(?P<first>{ENGLISH_NUMBER})\b(?!\s+(?:minutes|hours|years|seasons|"
    r"episodes))"
    rf"|\b(?:number|no\.?|nr\.?|option|choice|pick|answer|title)\s*#?\s*(?P<named>{ENGLISH_NUMBER})\b"
    r"(?!\s*(?:minutes|hours|stars|films|movies|or|/))|(?<!\w)#\s*(?P<hash>\d{1,2})\b"
    r"|\bthe\s+(?P<top>top|upper|former|bottom|latter)(?:\s+one)?(?=\s*(?:$|[?.!,]))"
    r"|\b(?:the\s+)?(?P<middle>middle)\s+one\b"
)
_CHINESE = re.compile(
    rf"倒数第(?P<back>{CHINESE_NUMBER})(?:个|部|条|项|张|片|本|出)?"
    rf"|第(?P<place>{CHINESE_NUMBER})(?!季|集|次|章|期|届|回|代|天|遍|幕|人称|一次)"
    r"(?:个|部|条|项|张|款|种|片子?|本|出|号)?"
    r"|(?P<last>最后|末尾)(?:面?的?)?(?:那|这)?(?:一)?(?:个|部|条|项|张|片)"
    r"|(?P<head>头|首)(?:一)?(?:个|部|条|项)(?!字)"
    rf"|前(?P<first>[两二三四五2-5])(?:个|部|条)"
    r"|(?P<middle>中间)(?:的|那|这)?(?:一)?(?:个|部|条)"
)
_WHOLE = re.compile(
    rf"\s*(?:i(?:'ll)?\s+(?:take|choose|pick|want)\s+|pick\s+|选|要|看|就)?(?:the\s+)?"
    rf"(?:(?P<english>{ENGLISH_NUMBER})|(?P<chinese>{CHINESE_NUMBER})号?|(?P<place>{_PLACE}))"
    rf"(?:\s+(?:please|pls|plz)|吧)?\s*[.!。！)）、]*\s*"
)
_IT = re.compile(
    r"\b(?:that|this)\s+(?:one|film|movie|show|series|title|flick|picture)\b"
    r"|\b(?:the|those|these)\s+(?:same\s+)?(?:film|movie|show|series)\b(?=\s*(?:$|[?.!,]))"
    r"|\b(?<!make )(?<!keep )(?<!how is )(?<!how's )(?<!is )(?<!was )(?<!believe )"
    r"(?<!call )it(?:'s|'d|'ll)?\b"
    r"(?!\s+(?:possible|raining|late|would\s+be|doesn't\s+matter|does\s+not\s+matter|going|ok|okay\s+if|"
    r"short(?:er)?|really\s+matters|all\b|seems|depends))"
    r"|\b(?:is|was)\s+it\b(?!\s+(?:possible|ok|okay|true|raining|going|you|me))"
    r"|\b(?:that|this|those|these)\b(?=\s*(?:$|[?.!,;]|please\b|too\b|again\b|to\s+(?:my|the)\b|from\s+my\b|"
    r"off\s+my\b|on\s+my\b))"
    r"|它们?|(?:这|那|该|此|本|刚才(?:的|那|说的)?|上面?(?:那|这|一)?)(?:一)?(?:部(?:电影|片子?|剧|电视剧|影片|作品)?|"
    r"片子?|电影|剧(?!情)|影片|作品|个片子?|个电影|个剧)"
    r"|(?:这|那)(?:一)?个(?=$|[?。，,!！？吧呢的好不是加给评])"
)
_THEM = re.compile(
    r"\b(?:he|she|him|his|hers?|they|their)\b(?!self)|(?:她|他(?![妈媽]))们?的?|(?:这|那)(?:个|位)?(?:导演|演员|人|影星|明星|女演员|男演员)"
)
# What makes "1" and the like, said alone, an answer to "which one?".
_MOST = 10


def find_pointers(folded: str) -> list[Found]:
    """Every ordinal and reference in a folded text."""
    return [*_alone(folded), *_ordinals(folded), *_references(folded)]


def _alone(folded: str) -> Iterator[Found]:
    match = _WHOLE.fullmatch(folded)
    if match is None:
        return
    group = "english" if match["english"] else "chinese" if match["chinese"] else "place"
    value = PLACES[match["place"]] if group == "place" else number(match[group])
    if value is not None and value == int(value) and 0 < abs(value) <= _MOST:
        yield found("ordinal", int(value), match, group)


def _ordinals(folded: str) -> Iterator[Found]:
    for match in _ENGLISH.finditer(folded):
        if match["first"]:
            yield from _first_few(match, "first")
        elif match["also"]:
            yield found("ordinal", PLACES[match["place"]], match, "place")
            yield found("ordinal", PLACES[match["also"]], match, "also")
        elif match["place"] or match["bare"]:
            yield found("ordinal", PLACES[match["place"] or match["bare"]], match)
        elif match["top"]:
            yield found("ordinal", -1 if match["top"] in ("bottom", "latter") else 1, match)
        elif match["middle"]:
            yield found("ordinal", 2, match)
        else:
            value = number(match["named"] or match["hash"])
            if value is not None and 0 < value <= _MOST and value == int(value):
                yield found("ordinal", int(value), match)
    for match in _CHINESE.finditer(folded):
        if match["first"]:
            yield from _first_few(match, "first")
            continue
        if match["last"]:
            value = -1.0
        elif match["head"]:
            value = 1.0
        elif match["middle"]:
            value = 2.0
        else:
            said = number(match["place"] or match["back"])
            if said is None:
                continue
            value = -said if match["back"] else said
        if 0 < abs(value) <= _MOST and value == int(value):
            yield found("ordinal", int(value), match)


def _first_few(match: re.Match[str], group: str) -> Iterator[Found]:
    """ "The first two" points at 1 and at 2."""
    count = number(match[group])
    if count is not None and 2 <= count <= _MOST:
        readings = tuple(("ordinal", place) for place in range(1, int(count) + 1))
        yield Found(match.start(), match.end(), readings)


def _references(folded: str) -> Iterator[Found]:
    for match in _IT.finditer(folded):
        yield found("reference", "it", match)
    for match in _THEM.finditer(folded):
        yield found("reference", "them", match)
