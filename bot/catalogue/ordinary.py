"""Which names are ordinary words too, so that the sentence must say that the name is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.catalogue.lexicon import LEXICON_DIR
from bot.catalogue.spelling import fold, has_ideograph

FUNCTION, REPLY, EVERYDAY = "function", "replies", "everyday"
# A first name that many have: everyday, and with a capital letter a title in talk of films only.
GIVEN = "given"
# Below this renown a lone word is more likely just a word that our lists lack.
WELL_KNOWN = 120.0
_FAMOUS = 300.0  # from which a Chinese name of two characters is known as one
_ENDINGS = ("s", "es", "ies", "d", "ed", "ing", "r", "er", "ers", "est", "ly", "ish", "y", "less")
_ARTICLES = frozenset(("the", "a", "an"))
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")


@dataclass(frozen=True)
class Ordinary:
    """Folded words of both languages, by how much a sentence must do to make a name of them."""

    function: frozenset[str]
    replies: frozenset[str]
    everyday: frozenset[str]
    rarer: frozenset[str]
    phrases: frozenset[str]
    capitals: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        return (
            word in self.everyday
            or word in self.function
            or word in self.rarer
            or word in self.replies
        )

    def has_form(self, word: str) -> bool:
        """Whether `word` is one of the words, or one with an ending ("changing", "films")."""
        return word in self or any(
            word.endswith(ending) and (word[: -len(ending)] + rest) in self
            for ending in _ENDINGS
            for rest in ("", "e", "y")
        )

    def level(
        self, name: str, renown: float, *, person: bool = False, short: bool = False
    ) -> str | None:
        """How ordinary `name` is: "function", "replies", "everyday", or none: it is just a name.

        `person`: somebody's name; `short`: a title without its article.

        Names of several words are ordinary when all their words are, unless they are well known
        and say enough ("Star Wars", "Catch Me If You Can").
        """
        key = fold(name)
        if key in self.replies or (key.isdigit() and len(key) <= 2):
            return REPLY
        if key in self.function or key.isdigit() or (len(key) <= 2 and key.isascii()):
            return FUNCTION
        if has_ideograph(name):
            if len(key) == 1:
                return FUNCTION
            little_known = person and len(key) == 2 and renown < _FAMOUS
            return EVERYDAY if little_known or key in self.everyday or key in self.phrases else None
        if key in self.phrases or key in self.everyday or key in self.rarer:
            return EVERYDAY
        words = [fold(word) for word in _WORD.findall(name)]
        content = [word for word in words if word not in _ARTICLES]
        if len(content) <= 1:
            if "".join(content) in self.function:
                return FUNCTION
            lone = len(words) == 1 and (person or short or len(key) <= 3)
            usual = any(word in self.everyday or word in self.replies for word in content)
            return EVERYDAY if lone or usual or renown < WELL_KNOWN else None
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
        words("rarer"),
        frozenset(map(fold, phrases)) - {""},
        words("capitals"),
    )
