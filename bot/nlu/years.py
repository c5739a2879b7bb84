"""Years, decades and periods: "the nineties", "before 2000", 80年代, 最近两年, 老片.

A value is {"from": year or none, "to": year or none}, both inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.nlu.found import Found
from bot.nlu.numerals import CHINESE_NUMBER, DIGITS, ENGLISH_NUMBER, number

_DECADE_WORDS = {
    "twenties": 1920,
    "thirties": 1930,
    "forties": 1940,
    "fifties": 1950,
    "sixties": 1960,
    "seventies": 1970,
    "eighties": 1980,
    "nineties": 1990,
    "noughties": 2000,
    "aughts": 2000,
}
_PARTS = {
    **dict.fromkeys(("early", "初", "初期", "早期", "前期"), (0, 3)),
    **dict.fromkeys(("mid", "middle", "中", "中期"), (4, 6)),
    **dict.fromkeys(("late", "末", "末期", "后期", "晚期", "中后期"), (6, 9)),
}
_CENTURY = r"(?:(?:上个?世纪|(?:二十|20)世纪)的?)"
_CHINESE_DIGIT = "零〇一二三四五六七八九"

_YEAR = re.compile(
    r"(?<![\d.,$/:#])(?:the\s+year\s+)?(?P<year>1[89]\d\d|20[0-4]\d)(?P<suffix>年)?(?:的时候)?"
    r"(?![\d%]|[.,]\d|'?s\b|\s*年代|\s*(?:min|分|p\b|部|个|元|块|分钟))"
    r"|(?P<spelt>[一二][零〇九八][零〇一二三四五六七八九]{2})年"
    r"|(?<![\d一二三四五六七八九])(?P<short>0\d|[3-9]\d)年(?=的|那|版|拍|上映|出|左右|以|之|前|到|至|后)"
    r"|(?<![\d一二三四五六七八九])(?P<recent_short>[12]\d)年(?=那|版|上映|拍)"
    r"|(?<!\w)'(?P<apostrophe>\d\d)(?![\w'])"
)
_DECADE = re.compile(
    r"(?:\b(?P<part>early|mid|middle|late)[\s-]*(?:of\s+)?(?:the\s+)?)?"
    r"(?:\bthe\s+)?(?<![\w.])'?(?P<century>18|19|20)?(?P<tens>\d)0'?s\b"
    r"|(?:\b(?P<word_part>early|mid|middle|late)[\s-]*(?:of\s+)?(?:the\s+)?)?"
    rf"(?:\bthe\s+)?\b(?:nineteen[\s-]|roaring\s+)?(?P<word>{'|'.join(_DECADE_WORDS)})\b"
    rf"|{_CENTURY}?(?:(?P<zh_century>18|19|20)?(?P<zh_tens>\d)0\s*|(?P<zh_two>[二三四五六七八九])?"
    r"(?P<zh_word>[一二三四五六七八九零〇])[十零〇])(?:年代|后(?=那会|那时|那个年代|的?童年|小时候|时代))"
    r"(?:那会儿?|那时候?)?(?:的?(?P<zh_part>初期?|早期|前期|中期?|中后期|末期?|后期|晚期))?"
    rf"|{_CENTURY}?(?P<zh_some>[一二三四五六七八九零〇])几年(?:代)?"
)
_RELATIVE = re.compile(
    rf"\b(?:in\s+|from\s+|within\s+)?(?:the\s+)?(?:last|past|previous)\s+(?P<n>{ENGLISH_NUMBER}|"
    rf"couple\s+of)\s+(?P<unit>years?|decades?)\b"
    rf"|(?:最近|近|这|过去)(?P<zh_n>{CHINESE_NUMBER})(?P<zh_unit>年|个年代)(?:以?来|内|里|间)?"
)
_JOINED = re.compile(r"\s*(?:to|through|thru|till|until|-|~|到|至|—)+\s*(?:the\s+)?")
_BOTH = re.compile(r"\s*(?:or|and|&|/|or\s+the|,|、|和|或者?|与)\s*(?:the\s+)?")
_BETWEEN = re.compile(r"(?:\bbetween|\bfrom|从|介于|在)\s*(?:the\s+)?$")
_BETWEEN_END = re.compile(r"\s*(?:之间|间|期间)")
_NOT = r"(?:(?:\bnot|\bno|\bnothing|n't|\bnever)(?:\s+\w+){0,2}\s+)?"
_BEFORE = re.compile(
    rf"(?P<no>{_NOT})(?P<word>\b(?:before|prior\s+to|pre|earlier\s+than|older\s+than|"
    r"until|till|up\s+to|by|no\s+later\s+than)|(?P<zh>不晚于|不迟于|(?<!不)早于))[\s-]*(?:the\s+)?(?:year\s+)?$"
)
_AFTER = re.compile(
    rf"(?P<no>{_NOT})(?P<word>\b(?:after|post|later\s+than|newer\s+than|more\s+recent\s+than|"
    r"younger\s+than|since|starting\s+(?:in|from)|as\s+of|no\s+earlier\s+than)|(?P<zh>不早于|(?<!不)晚于))"
    r"[\s-]*(?:the\s+)?(?:year\s+)?$"
)
_AROUND = re.compile(r"\b(?:around|circa|roughly|approximately|about\s+the\s+year)\s+$")
_EARLIER = re.compile(
    r"\s*(?:or|and)\s+(?:earlier|before|older)\b|\s*(?:年)?(?:以前|之前|前(?!后|几))的?"
)
_LATER = re.compile(
    r"\s*(?:or|and)\s+(?:later|newer|after|up|onwards?|beyond|more\s+recent)\b|\s*onwards?\b"
    r"|\s+on\b(?!\s+\w)|\s*\+|\s*(?:年)?(?:以后|之后|往后|以来|至今|后(?!来|期|面|半))的?"
)
_NEARLY = re.compile(r"\s*(?:左右|前后|上下)")


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    first: int | None
    last: int | None
    decade: bool = False

    def value(self) -> dict[str, int | None]:
        return {"from": self.first, "to": self.last}


def find_years(folded: str, this_year: int | None = None) -> list[Found]:
    """Every range of years in a folded text."""
    today = this_year or date.today().year
    spans = sorted([*_years(folded), *_decades(folded)], key=lambda s: (s.start, -s.end))
    spans = [_bounded(span, folded) for span in _merged(spans, folded)]
    spans += _relative(folded, today)
    return [Found(s.start, s.end, (("years", s.value()),)) for s in spans]


def named_period(forms: dict, today: int) -> dict[str, int | None]:
    """The years of a period of data/lexicon/years.yml."""
    first, last = forms.get("from"), forms.get("to")
    if "ago_from" in forms:
        first = today - forms["ago_from"]
    if "ago_to" in forms:
        last = today - forms["ago_to"]
    return {"from": first, "to": last}


def _years(folded: str) -> Iterator[_Span]:
    for match in _YEAR.finditer(folded):
        if match["year"]:
            year = int(match["year"])
        elif match["spelt"]:
            year = int("".join(str(DIGITS[c]) for c in match["spelt"]))
        else:
            two = int(match["short"] or match["recent_short"] or match["apostrophe"])
            year = 2000 + two if two < 30 else 1900 + two
        if 1880 <= year <= 2049:
            yield _Span(match.start(), match.end(), year, year)


def _decades(folded: str) -> Iterator[_Span]:
    for match in _DECADE.finditer(folded):
        earlier = None
        if match["word"]:
            first = _DECADE_WORDS[match["word"]]
        elif match["zh_some"]:
            first = _decade(None, DIGITS[match["zh_some"]])
        elif match["zh_word"]:
            first = _decade(None, DIGITS[match["zh_word"]])
            earlier = _decade(None, DIGITS[match["zh_two"]]) if match["zh_two"] else None
        else:
            tens = int(match["tens"] or match["zh_tens"])
            first = _decade(match["century"] or match["zh_century"], tens)
        low, high = _PARTS.get(
            match["part"] or match["word_part"] or match["zh_part"] or "", (0, 9)
        )
        start = match.start() if earlier is None else min(match.start(), match.start("zh_two"))
        begin = (earlier if earlier is not None else first) + low
        yield _Span(start, match.end(), begin, first + high, decade=True)


def _decade(century: str | None, tens: int) -> int:
    """The first year of a decade; without a century the 00s and 10s are of ours."""
    if century:
        return int(century) * 100 + tens * 10
    return 2000 + tens * 10 if tens < 2 else 1900 + tens * 10


def _merged(spans: list[_Span], folded: str) -> Iterator[_Span]:
    """Two ends of a range as one: "from 1995 to 1999", "80s and 90s", 1995到1999年."""
    waiting: _Span | None = None
    for span in spans:
        if waiting is not None and span.start < waiting.end:
            continue
        if waiting is not None and _belong(waiting, span, folded):
            opening = _BETWEEN.search(folded, 0, waiting.start)
            ending = _BETWEEN_END.match(folded, span.end)
            waiting = _Span(
                opening.start() if opening else waiting.start,
                ending.end() if ending else span.end,
                waiting.first,
                span.last,
                decade=waiting.decade or span.decade,
            )
            continue
        if waiting is not None:
            yield waiting
        waiting = span
    if waiting is not None:
        yield waiting


def _belong(left: _Span, right: _Span, folded: str) -> bool:
    between = folded[left.end : right.start]
    if (left.first or 0) > (right.last or 9999):
        return False
    if _JOINED.fullmatch(between):
        return True
    either = _BOTH.fullmatch(between)
    return bool(either) and (left.decade or bool(_BETWEEN.search(folded, 0, left.start)))


def _bounded(span: _Span, folded: str) -> _Span:
    """`span` opened to one side by "before", "since", 以后 and the like."""
    before, after = _BEFORE.search(folded, 0, span.start), _AFTER.search(folded, 0, span.start)
    if before:
        if before["no"]:
            return replace(span, start=before.start(), last=None)
        inclusive = before["word"].startswith(("un", "till", "up", "by", "no", "不"))
        last = span.last if inclusive else (span.first or 0) - 1
        return replace(span, start=before.start(), first=None, last=last)
    if after:
        if after["no"]:
            return replace(span, start=after.start(), first=None)
        inclusive = after["word"].startswith(("since", "start", "as", "no", "不"))
        first = span.first if inclusive else (span.last or 0) + 1
        return replace(span, start=after.start(), first=first, last=None)
    earlier, later = _EARLIER.match(folded, span.end), _LATER.match(folded, span.end)
    if earlier:
        english = earlier[0].strip()[:1].isascii()
        last = span.last if english else (span.first or 0) - 1
        return replace(span, end=earlier.end(), first=None, last=last)
    if later:
        return replace(span, end=later.end(), last=None)
    around, nearly = _AROUND.search(folded, 0, span.start), _NEARLY.match(folded, span.end)
    if (around or nearly) and not span.decade and span.first and span.last:
        return replace(
            span,
            start=around.start() if around else span.start,
            end=nearly.end() if nearly else span.end,
            first=span.first - 2,
            last=span.last + 2,
        )
    return span


def _relative(folded: str, today: int) -> Iterator[_Span]:
    for match in _RELATIVE.finditer(folded):
        said = match["n"] or match["zh_n"]
        count = 2 if said.startswith("couple") else number(said)
        if count is None or not 0 < count <= 100:
            continue
        years = count * 10 if (match["unit"] or "").startswith("decade") else count
        yield _Span(match.start(), match.end(), today - int(years), None)
