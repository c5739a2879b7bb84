"""Disguise abusive words the way people do, to train on and to measure against."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from models.moderation.disguises import STRONG
from models.moderation.normalise import HAN

_STRONG_ZH_WORDS = """
    傻逼 操你妈 他妈 妈的 你妈 去死 垃圾 废物 脑残 智障 贱人 婊子 畜生 白痴 滚蛋 自杀
    裸照 约炮 蠢货 混蛋 王八蛋 狗东西 神经病 变态 恶心 杀了你 弄死你 弱智 鸡巴 强奸
    做爱 骚货 贱货 死全家 人渣 狗屎 蠢猪 丑八怪 黑鬼 死胖子 绿茶婊 小三 母狗 舔狗 臭傻
    砍死 不想活 想死 割腕 跳楼 杀你 闭嘴 有病
"""
STRONG_ZH = _STRONG_ZH_WORDS.split()
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_ZH = re.compile("|".join(sorted(STRONG_ZH, key=len, reverse=True)))
_LEET = str.maketrans({"a": "@", "e": "3", "i": "1", "o": "0", "s": "$", "t": "7"})
_SHAPES = str.maketrans("aceiopsxyujhkm", "асеіорѕхуυјһкм")
_EMOJI = {
    "妈": "🐎",
    "狗": "🐶",
    "猪": "🐷",
    "鸡": "🐔",
    "屎": "💩",
    "龟": "🐢",
    "鸭": "🦆",
    "马": "🐎",
}
ZERO_WIDTH = "\u200b"

Rule = Callable[[str, random.Random], str]


@lru_cache(maxsize=1)
def homophones() -> Mapping[str, Sequence[str]]:
    """Common characters that share a character's syllable (tones aside), to that character."""
    from pypinyin import Style, lazy_pinyin

    common = [
        bytes((high, low)).decode("gb2312")
        for high in range(0xB0, 0xD8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)
    ]
    by_sound: dict[str, list[str]] = {}
    for character in common:
        by_sound.setdefault(lazy_pinyin(character, style=Style.NORMAL)[0], []).append(character)
    return {
        character: [other for other in group if other != character]
        for group in by_sound.values()
        for character in group
    }


def _mask(word: str, chance: random.Random) -> str:
    if len(word) < 4:
        return word[0] + "*" * (len(word) - 1)
    start = chance.randrange(1, len(word) - 2)
    end = chance.randrange(start + 1, len(word))
    return word[:start] + "*" * (end - start) + word[end:]


def _stretch(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randrange(3, 6) + word[at + 1 :]


def _wide(word: str, _: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def _homophone(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    others = homophones().get(word[at])
    return word[:at] + chance.choice(others) + word[at + 1 :] if others else word


def _pinyin(word: str, chance: random.Random) -> str:
    from pypinyin import lazy_pinyin

    at = chance.randrange(len(word))
    return word[:at] + lazy_pinyin(word[at])[0] + word[at + 1 :]


ENGLISH: Mapping[str, Rule] = {
    "spaced": lambda word, _: " ".join(word),
    "dotted": lambda word, chance: chance.choice(".-_").join(word),
    "leet": lambda word, _: word.translate(_LEET),
    "masked": _mask,
    "homoglyph": lambda word, _: word.translate(_SHAPES),
    "zero_width": lambda word, _: ZERO_WIDTH.join(word),
    "repeated": _stretch,
    "full_width": _wide,
}
CHINESE: Mapping[str, Rule] = {
    "spaced": lambda word, _: " ".join(word),
    "starred": lambda word, chance: chance.choice("*-._/").join(word),
    "zero_width": lambda word, _: ZERO_WIDTH.join(word),
    "homophone": _homophone,
    "pinyin": _pinyin,
    "emoji": lambda word, _: "".join(_EMOJI.get(c, c) for c in word),
    "repeated": lambda word, _: word + word[-1] * 3,
    "mixed": lambda word, chance: _homophone(word, chance)[:1] + chance.choice("* -") + word[1:],
}


def obfuscate(text: str, kind: str, chance: random.Random) -> str:
    """Disguise the strong words of `text`, or one word of it when it has none.

    Raises:
        KeyError: no such kind for the language of the text.
    """
    if re.search(f"[{HAN}]", text):
        rule = CHINESE[kind]
        if _ZH.search(text):
            return _ZH.sub(lambda match: rule(match[0], chance), text)
        at = chance.randrange(max(1, len(text) - 1))
        return text[:at] + rule(text[at : at + 2], chance) + text[at + 2 :]
    rule = ENGLISH[kind]
    words = list(_WORD.finditer(text))
    chosen = {m.start() for m in words if m[0].lower() in STRONG}
    if not chosen and words:
        chosen = {max(words, key=lambda match: len(match[0])).start()}
    return _WORD.sub(lambda m: rule(m[0], chance) if m.start() in chosen else m[0], text)


def any_kind(text: str, chance: random.Random) -> str:
    """`text` disguised in a way drawn by `chance`."""
    kinds = CHINESE if re.search(f"[{HAN}]", text) else ENGLISH
    return obfuscate(text, chance.choice(sorted(kinds)), chance)
