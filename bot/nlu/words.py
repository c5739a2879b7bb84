"""Words of data/lexicon in a message: genres, moods, countries, languages, kinds and so on.

One Aho-Corasick automaton holds them all. Latin words count on word boundaries only; a word
that often means something else counts only where its neighbours allow it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Any

import ahocorasick

from bot.catalogue.lexicon import lexicon
from bot.nlu.fold import fold
from bot.nlu.found import Found
from bot.nlu.years import named_period

ENTITY_OF_TOPIC = {
    "genres": "genre",
    "moods": "mood",
    "countries": "country",
    "languages": "spoken_language",
    "directions": "direction",
    "kinds": "kind",
    "audiences": "audience",
}
# Where a word cannot mean what the lexicon says: (what stands before it, what stands after).
_NEVER = "$^"
_FEELING = r"(?:\bi'?m|\bi am|\bfeel|\bfeeling|\bbeen|\bso|\ba bit|\ba little)\s+$"
_AMOUNT = r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[2-9]|1[0-4])[\s-]+$"
_NOT_AFTER: dict[str, str] = {
    "show": r"^$|^\W*$|\b(?:you|can|please|pls|to|could|will|would|just|and|don't|not|then|i|now|"
    r"also|only|don't|ok|okay|yes|no|never|let's)\W+$",
    **dict.fromkeys(
        ("history", "adventure"),
        r"\b(?:my|watch|watching|viewing|rating|ratings|search|browsing|your|chat|payment|billing|"
        r"purchase|order|clear|viewed)\s+$",
    ),
    **dict.fromkeys(("sad", "happy", "serious", "cheerful", "tense", "quiet"), _FEELING),
    **dict.fromkeys(("dark", "light"), r"\b(?:the|after|traffic|green|red)\s+$"),
    "reality": r"\bin\s+$",
    **dict.fromkeys(("old film", "old films", "old movie", "old movies"), r"\byears?[\s-]+$"),
    "series": r"\bworld\s+$",
    "历史": r"(?:观看|浏览|观影|播放|搜索|评分|我的|聊天|查看|看过的|记录)$",
    "剧": r"[喜悲编话京闹戏舞歌惨音短默广评杂猴加急]$",
    "逗": r"[不挑]$",
    "虐": r"[暴肆]$",
    "燃": r"[点可]$",
    **dict.fromkeys(("开心", "高兴", "快乐"), r"(?:不|很|好|我|太|真|挺)$"),
    "甜": r"[黑口]$",
    "爽": r"[不凉]$",
    "大陆": r"[新]$",
    "国内": r"$^",
}
_NOT_BEFORE: dict[str, str] = {
    "show": r"\s+(?:me|us|my|them|him|it|some|more|all|what|history|watchlist|only|those|something|"
    r"anything|similar|a|an|titles|films|movies|ratings|the)\b",
    "music": r"(?!\s+(?:genre|category))",
    "light": r"[\s-]*(?:years?|sabers?|speed)\b",
    "历史": r"(?:记录|评分|记彔)",
    "剧": r"[情透本组场烈院照团种作]",
    "逗": r"[号留]",
    "虐": r"待",
    "燃": r"[烧料]",
    "甜": r"[品点饼]",
    "暖": r"[气和]",
    "爽": r"约",
    "家庭": r"(?:账户|账号|套餐|会员|共享|组|成员|版|计划|网)",
    "娃": r"[娃]",
    "成人": r"(?:礼|之美)",
    "动画": r"效果",
    "中文": r"(?:名|字幕|译名|片名)",
    "英文": r"(?:名|字幕|译名|片名)",
    "体育": r"(?:馆|课|直播|频道)",
}
_ONLY_AFTER = dict.fromkeys(("year old", "year-old", "year olds", "years old"), _AMOUNT)
_ONLY_BEFORE = {
    **dict.fromkeys(("开心", "高兴", "快乐"), r"(?:一?点|一?些|的|类|片|电影|剧)"),
    "year old": r"(?!\s+(?:film|movie|series|show|classic))",
    "year-old": r"(?!\s+(?:film|movie|series|show|classic))",
}
# "Not too scary" refuses the scary; it does not say that what was shown was too scary.
_REFUSED = re.compile(
    r"(?:\bnot|\bno|n't|\bdont|\bnothing|\banything|\bnever|\bwithout)(?:\s+\w+){0,2}\s+$"
    r"|(?:别|不要|不想看|不|没|不能|别给我)(?:那么|推荐|来)?$"
)
_CAPITALS_ONLY = frozenset({"chad", "jordan", "mali"})

_LANGUAGE_BEFORE = re.compile(
    r"(?:\bin|\bspeaks?|\bspeaking|\bspoken|\baudio|\bdubbed(?:\s+(?:in|into))?|\blanguage|\bsubtitled|"
    r"\binto|\bonly|\bswitch\s+to|\bswitch|\buse|\btalk|\breply\s+in|\banswer\s+in|\bor\s+in|\bto)\s+(?:the\s+)?(?:original\s+)?$"
)
_LANGUAGE_AFTER = re.compile(
    r"(?:[\s-]+(?:language|speaking|spoken|audio|dub|dubs|dubbed|subtitles?|subs|subbed|track|version)\b)"
)

_Readings = tuple[tuple[str, Any], ...]


@lru_cache(maxsize=1)
def _automaton(this_year: int) -> ahocorasick.Automaton:
    """Folded word → (word, must be capital, readings)."""
    readings: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    capitals: set[str] = set()
    for topic, entity in ENTITY_OF_TOPIC.items():
        for value, forms in lexicon(topic).items():
            for word in (*(forms.get("en") or ()), *(forms.get("zh") or ())):
                readings[fold(word)].append((entity, value))
                if word.isascii() and word.isupper() and len(word) == 2:
                    capitals.add(fold(word))
    for forms in lexicon("years").values():
        for word in (*(forms.get("en") or ()), *(forms.get("zh") or ())):
            readings[fold(word)].append(("years", named_period(dict(forms), this_year)))
    automaton = ahocorasick.Automaton()
    for word, means in readings.items():
        unique = tuple(reading for i, reading in enumerate(means) if reading not in means[:i])
        automaton.add_word(word, (word, word in capitals, unique))
    automaton.make_automaton()
    return automaton


def find_words(folded: str, text: str, this_year: int | None = None) -> list[Found]:
    """Every word of the lexicon in a folded text; `text` is the same before folding."""
    return list(_find(folded, text, this_year or date.today().year))


def _find(folded: str, text: str, this_year: int) -> Iterator[Found]:
    for last, (word, capital, readings) in _automaton(this_year).iter(folded):
        start, end = last + 1 - len(word), last + 1
        if not _whole(folded, start, end) or not _allowed(word, folded, start, end):
            continue
        said = text[start:end]
        if (capital and not said.isupper()) or (word in _CAPITALS_ONLY and said == word):
            continue
        yield Found(start, end, _chosen(readings, folded, start, end))


def _whole(folded: str, start: int, end: int) -> bool:
    """Whether a Latin word stands alone; a Chinese one always does."""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    return not (
        (_latin(folded[start]) and (_latin(before) or before == "'"))
        or (_latin(folded[end - 1]) and _latin(after))
    )


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _allowed(word: str, folded: str, start: int, end: int) -> bool:
    """Whether the neighbours of `word` let it mean what the lexicon says."""
    if word.startswith(("too ", "太")) and _REFUSED.search(folded, 0, start):
        return False
    if word in _NOT_AFTER and _compiled(_NOT_AFTER[word]).search(folded, 0, start):
        return False
    if word in _NOT_BEFORE and _compiled(_NOT_BEFORE[word]).match(folded, end):
        return False
    if word in _ONLY_AFTER and not _compiled(_ONLY_AFTER[word]).search(folded, 0, start):
        return False
    return word not in _ONLY_BEFORE or bool(_compiled(_ONLY_BEFORE[word]).match(folded, end))


def _chosen(readings: _Readings, folded: str, start: int, end: int) -> _Readings:
    """The readings that hold here: "Korean" is a country, "in Korean" a language."""
    if len(readings) == 1:
        return readings
    entities = {entity for entity, _ in readings}
    if {"country", "spoken_language"} <= entities:
        language = _LANGUAGE_BEFORE.search(folded, 0, start) or _LANGUAGE_AFTER.match(folded, end)
        unwanted = "country" if language else "spoken_language"
        return tuple(r for r in readings if r[0] != unwanted)
    if {"genre", "audience"} <= entities:
        return tuple(r for r in readings if r[0] == "audience")
    if {"mood", "genre"} <= entities:
        return tuple(r for r in readings if r[0] == "genre")
    if {"mood", "direction"} <= entities:
        return tuple(r for r in readings if r[0] == "direction")
    return readings
