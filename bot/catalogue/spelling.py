"""Names reduced to what people agree on when they type them.

"Spider-Man", "spider man" and "SPIDERMAN" are one name; so are 《臥虎藏龍》 and "卧虎藏龙".
A folded name has only lower-case letters without accents, digits and simplified characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from bot.settings import ROOT

TRADITIONAL = ROOT / "data" / "lexicon" / "traditional_characters.txt"
# Letters that Unicode does not take apart into a base and an accent.
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
ARTICLES = (
    *("the", "a", "an", "le", "la", "les", "l'", "il", "lo", "gli", "i", "el", "los", "las"),
    *("der", "die", "das", "ein", "eine", "un", "une", "una", "den", "det", "o", "os"),
)
_TRAILING_ARTICLE = re.compile(r"^(?P<rest>.+),\s+(?P<article>[A-Za-z]{1,4}'?)$")
_SEQUEL = re.compile(
    r"^(?P<head>.*?\S)[\s:,]*(?P<part>\b(?:part|vol\.?|volume|chapter|episode)\s+)?"
    r"(?P<number>[ivx]+|\d)$",
    re.IGNORECASE,
)
_NUMERALS = "零一二三四五六七八九"
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    pairs = (
        pair
        for line in TRADITIONAL.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for pair in line.split()
    )
    return {pair[0]: pair[1] for pair in pairs}


@lru_cache(maxsize=65536)
def fold_character(character: str) -> str:
    """What is left of one character in a folded name: usually one character, or none."""
    if character == "&":
        return "and"
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    kept = (
        _LETTERS.get(c, _simplified().get(c, c))
        for c in unicodedata.normalize("NFKC", "".join(_base_letters(decomposed)))
        if c.isalnum()
    )
    return "".join(kept)


def _base_letters(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) != "Mn"]


_ASCII = {code: fold_character(chr(code)) for code in range(128)}


def fold(text: str) -> str:
    """`text` folded; empty when it has neither letters nor digits."""
    if text.isascii():
        return text.translate(_ASCII)
    return "".join(map(fold_character, text))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """`text` folded, and for each folded character the index in `text` it came from."""
    folded: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        for c in fold_character(character):
            folded.append(c)
            offsets.append(index)
    return "".join(folded), offsets


_IDEOGRAPH = re.compile("[㐀-鿿豈-﫿〇]")


def is_ideograph(character: str) -> bool:
    """Whether `character` is a Chinese character."""
    return "㐀" <= character <= "鿿" or "豈" <= character <= "﫿" or character == "〇"


def has_ideograph(text: str) -> bool:
    """Whether there is a Chinese character in `text`."""
    return not text.isascii() and _IDEOGRAPH.search(text) is not None


def without_article(name: str) -> str:
    """`name` without a leading English article; unchanged when nothing else would be left."""
    first, _, rest = name.partition(" ")
    return rest if first.casefold() in ("the", "a", "an") and rest.strip() else name


def natural_title(title: str) -> str:
    """ "Shawshank Redemption, The" as people write it: "The Shawshank Redemption"."""
    found = _TRAILING_ARTICLE.match(title.strip())
    if found and found["article"].casefold() in ARTICLES:
        glue = "" if found["article"].endswith("'") else " "
        return f"{found['article']}{glue}{found['rest']}"
    return title.strip()


def slug(text: str) -> str:
    """An ASCII id: words in lower case joined by hyphens, Chinese as pinyin."""
    words: list[str] = []
    for piece in lazy_pinyin(text, style=Style.NORMAL) if has_ideograph(text) else [text]:
        spaced = "".join(fold_character(c) or " " for c in piece.replace("'", ""))
        words.extend(re.findall(r"[a-z0-9]+", spaced))
    return "-".join(words) or f"u{'-'.join(f'{ord(c):x}' for c in text[:8])}"


def pinyin(name: str) -> str:
    """The pinyin of a Chinese name without tones, folded; empty when it has no ideograph."""
    return fold("".join(lazy_pinyin(name, style=Style.NORMAL))) if has_ideograph(name) else ""


def with_digits(name: str) -> list[str]:
    """Other ways to number a sequel: "Part II" → "Part 2", "2"; "教父II" → "教父 2", "教父二"."""
    found = _SEQUEL.match(name)
    if not found:
        return []
    head, part, number = found["head"], found["part"] or "", found["number"]
    digits = _ROMAN.get(number.casefold(), number)
    if not digits.isdigit() or (head[-1:].isdigit() and not part):
        return []
    if not part and head[-1:].isascii() and name[len(head)].isalnum():
        return []  # "Dovi" ends in no number
    others = dict.fromkeys([f"{head} {part}{digits}", f"{head} {digits}"])
    if has_ideograph(head[-1:]):
        others[f"{head}{_NUMERALS[int(digits)]}"] = None
    return [other for other in others if fold(other) != fold(name)]
