"""Slips of the keyboard: letters swapped, dropped, doubled or hit beside, and wrong characters."""

from __future__ import annotations

import re
from random import Random

MOST_SLIPS = 2
_WORD = re.compile(r"[a-zA-Z]{4,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# What an input method offers beside the right word: sounds alike or nearly so.
_SOUNDS_LIKE = {
    "想看": "像看", "电影": "点影", "推荐": "推见", "导演": "到演", "喜剧": "喜聚", "恐怖": "恐布",
    "科幻": "科换", "爱情": "爱清", "以内": "已内", "以后": "已后", "演员": "演元", "多少": "多小",
    "分钟": "分中", "有没有": "有梅有", "第二": "地二", "第三": "地三", "片单": "骗单",
    "动作": "东作", "什么": "甚么", "主演": "主眼",
    "故事": "故是", "再": "在", "上映": "上印",
    "悬疑": "悬移", "年代": "年带", "今晚": "金晚", "时长": "市长",
}  # fmt: skip


def misspell(text: str, share: float, rng: Random) -> str:
    """`text` with at most `MOST_SLIPS` slips, each of its words being hit with chance `share`."""
    places = [match.span() for match in _WORD.finditer(text) if rng.random() < share]
    for start, end in sorted(rng.sample(places, min(MOST_SLIPS, len(places))), reverse=True):
        text = text[:start] + _slip(text[start:end], rng) + text[end:]
    found = [word for word in _SOUNDS_LIKE if word in text and rng.random() < share]
    for word in rng.sample(found, min(MOST_SLIPS, len(found))):
        text = text.replace(word, _SOUNDS_LIKE[word], 1)
    return text


def _slip(word: str, rng: Random) -> str:
    place = rng.randrange(1, len(word) - 1)
    how = rng.choice(("swap", "drop", "double", "beside"))
    if how == "swap":
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if how == "drop":
        return word[:place] + word[place + 1 :]
    if how == "double":
        return word[:place] + word[place] + word[place:]
    return word[:place] + _beside(word[place], rng) + word[place + 1 :]


def _beside(letter: str, rng: Random) -> str:
    for row in _ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            return rng.choice([row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)])
    return letter
