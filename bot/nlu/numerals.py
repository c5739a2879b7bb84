"""Numbers as people write them: 90, ninety, a hundred and twenty, 九十, 一百二十, 八点五."""

from __future__ import annotations

import re

from bot.catalogue.lexicon import lexicon


def _words(form: str) -> dict[str, int]:
    return {
        word: int(value)
        for value, forms in lexicon("numbers").items()
        for word in forms.get(form) or ()
    }


ENGLISH = _words("en")
DIGITS = _words("zh")
PLACES = _words("en_place")
CHINESE_PLACES = _words("zh_place")

_UNITS = "|".join(word for word, value in ENGLISH.items() if 0 < value < 10)
_TENS = "|".join(word for word, value in ENGLISH.items() if value >= 20)
_SINGLE = "|".join(sorted(ENGLISH, key=len, reverse=True))
_BELOW_HUNDRED = rf"(?:(?:{_TENS})[\s-](?:{_UNITS})|{_SINGLE})"
_HUNDRED = rf"(?:an?|{_UNITS})\s+hundred"
ENGLISH_NUMBER = (
    rf"(?:[0-9]+(?:\.[0-9]+)?|{_HUNDRED}(?:\s+(?:and\s+)?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
)
_CHARACTERS = "".join(DIGITS) + "百"
CHINESE_NUMBER = rf"(?:[0-9]+(?:\.[0-9]+)?|[{_CHARACTERS}]+(?:点[{_CHARACTERS}]+)?)"
_DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_HUNDREDS = re.compile(rf"(?P<times>an?|{_UNITS})\s+hundred\s*(?:and\s+)?(?P<rest>.*)")


def number(text: str) -> float | None:
    """The number that `text`, folded, spells; none when it is not one.

    Two digits in a row stand for "two or three" (两三部): the larger counts.
    """
    text = text.strip()
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _english(text) if text.isascii() else _chinese(text)


def _english(text: str) -> float | None:
    hundreds = _HUNDREDS.fullmatch(text)
    if hundreds:
        times = ENGLISH.get(hundreds["times"], 1)
        rest = _english(hundreds["rest"]) if hundreds["rest"] else 0
        return None if rest is None else 100 * times + rest
    if text in ENGLISH:
        return float(ENGLISH[text])
    tens, _, unit = text.replace("-", " ").partition(" ")
    if tens in ENGLISH and unit.strip() in ENGLISH:
        return float(ENGLISH[tens] + ENGLISH[unit.strip()])
    return None


def _chinese(text: str) -> float | None:
    whole, point, decimals = text.partition("点")
    value = _chinese_whole(whole)
    if value is None or not point:
        return value
    digits = "".join(str(DIGITS.get(c, "")) for c in decimals)
    return float(f"{value:.0f}.{digits}") if digits.isdigit() else None


def _chinese_whole(text: str) -> float | None:
    if not text or any(c not in DIGITS and c != "百" for c in text):
        return None
    if "百" not in text and "十" not in text:
        digits = [DIGITS[c] for c in text]
        if len(digits) == 1:
            return float(digits[0])
        if (len(digits) == 2 and digits[1] == digits[0] + 1) or text == "三五":
            return float(digits[1])
        return float("".join(map(str, digits)))
    hundreds, cut, rest = text.rpartition("百")
    total = 100 * DIGITS.get(hundreds, 1) if cut else 0
    tens, cut, units = rest.rpartition("十")
    if cut:
        total += 10 * DIGITS.get(tens.lstrip("零〇"), 1) + DIGITS.get(units, 0)
    elif rest:
        # 一百二 is 120, 一百零二 is 102.
        total += DIGITS.get(rest[-1], 0) * (1 if rest[0] in "零〇" else 10)
    return float(total)
