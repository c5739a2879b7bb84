"""The console's words: `words/<language>.json` and `words/<group>.<language>.json`.

A word is named "group.what". Those that count have the forms "….one" and "….other" and are asked
for with `n`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "words"
LANGUAGES = ("en", "zh")
NAMES = {"en": "English", "zh": "中文"}
_HASH = re.compile(r"[0-9a-f]{32,64}")
TAGS = {"en": "en", "zh": "zh-CN"}


class Words:
    """The words of one language."""

    def __init__(self, language: str, words: dict[str, str]) -> None:
        self.language = language
        self._words = words

    def __call__(self, name: str, /, **values: Any) -> str:
        """The word `name` with its places filled.

        Raises:
            KeyError: there is no such word.
        """
        if "n" in values and f"{name}.one" in self._words:
            one = values["n"] == 1 and self.language == "en"
            name = f"{name}.one" if one else f"{name}.other"
            values["n"] = f"{values['n']:,}"
        text = self._words[name]
        return text.format_map(values) if values else text

    def get(self, name: str, default: str = "") -> str:
        """A word that may be missing, such as that of a kind which comes from data."""
        return self._words.get(name, default or name)

    def __contains__(self, name: str) -> bool:
        return name in self._words


def called(t: Words, group: str, value: str) -> str:
    """What a value that comes from data is called: its word, or itself; of a hash the beginning."""
    return t.get(f"{group}{value}", value[:8] if _HASH.fullmatch(value) else value)


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> Words:
    """The words of `language`, read once.

    Raises:
        ValueError: two files hold the same name.
    """
    found: dict[str, str] = {}
    for path in sorted([*FOLDER.glob(f"{language}.json"), *FOLDER.glob(f"*.{language}.json")]):
        mine = json.loads(path.read_text(encoding="utf-8"))
        twice = found.keys() & mine.keys()
        if twice:
            raise ValueError(f"{path.name} repeats {', '.join(sorted(twice))}")
        found |= mine
    return Words(language, found)


def preferred(header: str) -> str:
    """The language to speak, from an Accept-Language header."""
    for part in header.split(","):
        tag = part.split(";")[0].strip().casefold().split("-")[0]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]
