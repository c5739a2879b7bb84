"""Which names are ordinary words too, so that the sentence must say that the name is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.catalogue.lexicon import LEXICON_DIR
from bot.catalogue.spelling import fold, has_ideograph

FUNCTION, REPLY, EVERYDAY = "function", "replies", "everyday"
# Below this renown a lone word is more likely just a word that our lists lack.
WELL_KNOWN = 120.0
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")


@dataclass(frozen=True)
class Ordinary:
    """Folded words of both languages, by how much a sentence must do to make a name of them."""

    function: frozenset[str]
    replies: frozenset[str]
    everyday: frozenset[str]
    phrases: frozenset[str]
    capitals: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        return word in self.function or word in self.replies or word in self.everyday

    def level(self, name: str, renown: float, *, person: bool = False) -> str | None:
        """How ordinary `name` is: "function", "replies", "everyday", or none: it is just a name.

        Names of several words are ordinary when all their words are, unless they are well known
        and say enough ("Star Wars", "Catch Me If You Can").
        """
        key = fold(name)
        if key in self.replies:
            return REPLY
        if key in self.function or (len(key) <= 2 and key.isascii() and not key.isdigit()):
            return FUNCTION
        if key in self.phrases or key in self.everyday or key.isdigit():
            return EVERYDAY
        if has_ideograph(name):
            return FUNCTION if len(key) == 1 else None
        words = [fold(word) for word in _WORD.findall(name)]
        if len(words) <= 1:
            short = len(key) <= (4 if person else 3)
            return EVERYDAY if short or renown < WELL_KNOWN else None
        if not all(word in self for word in words):
            return None
        telling = sum(word not in self.function for word in words)
        if renown >= WELL_KNOWN and (telling >= 2 or len(words) >= 4):
            return None
        return FUNCTION if telling == 0 and len(words) <= 3 else EVERYDAY


@lru_cache(maxsize=1)
def ordinary() -> Ordinary:
    """The words of data/lexicon/ordinary_words.yml."""
    with (LEXICON_DIR / "ordinary_words.yml").open(encoding="utf-8") as file:
        lists = yaml.load(file, Loader=yaml.CSafeLoader)

    def words(name: str) -> frozenset[str]:
        return frozenset(fold(w) for group in lists.values() for w in group.get(name, "").split())

    phrases = (p for group in lists.values() for p in group.get("phrases", "").split(";"))
    return Ordinary(
        words(FUNCTION),
        words(REPLY),
        words(EVERYDAY),
        frozenset(map(fold, phrases)) - {""},
        words("capitals"),
    )
