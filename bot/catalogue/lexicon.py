"""The words people use for genres, moods, countries and the like: data/lexicon/*.yml.

Each file maps a canonical value to its words by language, and for display the first word of a
language is shown:

    Comedy:
      en: [comedy, comedies, funny film]
      zh: [喜剧, 喜剧片, 搞笑片]

A mood also has `tastes`, features of the recommender with weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from bot.settings import ROOT

LEXICON_DIR = ROOT / "data" / "lexicon"
TOPICS = (
    "genres",
    "moods",
    "countries",
    "languages",
    "directions",
    "kinds",
    "audiences",
)


@cache
def lexicon(topic: str) -> Mapping[str, Mapping[str, Any]]:
    """Canonical value → {"en": [words], "zh": [words], …} of one topic.

    Raises:
        FileNotFoundError: there is no such topic.
    """
    with (LEXICON_DIR / f"{topic}.yml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader) or {}


def label(topic: str, value: str, language: str) -> str:
    """How `value` is shown in `language`; the value itself where the lexicon has no word."""
    words = lexicon(topic).get(value, {}).get(language) or ()
    return words[0] if words else value


@cache
def mood_tastes(mood: str) -> Mapping[str, float]:
    """Features and weights of a mood; empty for an unknown one."""
    return lexicon("moods").get(mood, {}).get("tastes") or {}
