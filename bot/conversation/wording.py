"""The domain's responses as text, for the parts that an answer is put together from.

Whole answers are uttered by name and chosen by Rasa; the label of a button or the reason on a
card is inside a payload that Rasa does not look into, so it is read from the same domain here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT

DOMAIN = ROOT / "domain.yml"


class UnknownResponseError(KeyError):
    """No response of that name in that language."""


@lru_cache(maxsize=1)
def _responses() -> Mapping[str, Mapping[str, Sequence[str]]]:
    with DOMAIN.open(encoding="utf-8") as file:
        domain = yaml.load(file, Loader=yaml.CSafeLoader)
    texts: dict[str, dict[str, list[str]]] = {}
    for name, variations in domain["responses"].items():
        for variation in variations:
            for condition in variation.get("condition") or ():
                if condition["name"] == "language":
                    by_language = texts.setdefault(name, {})
                    by_language.setdefault(condition["value"], []).append(variation["text"])
    return texts


def phrase(name: str, language: str, **values: Any) -> str:
    """The first variation of response `name` in `language`, filled with `values`.

    Raises:
        UnknownResponseError: the domain has no such response in that language.
    """
    try:
        template = _responses()[name][language][0]
    except (KeyError, IndexError):
        raise UnknownResponseError(f"{name} has no variation for {language!r}") from None
    return template.format_map({key: str(value) for key, value in values.items()})


def listed(items: Sequence[str], language: str) -> str:
    """`items` as a written list: "a, b and c", "a、b 和 c"."""
    if len(items) < 2:
        return "".join(items)
    return phrase("utter_list", language, head=_comma(language).join(items[:-1]), last=items[-1])


def titled(name: str, language: str) -> str:
    """A title as it stands in a sentence of `language` (《…》 in Chinese)."""
    return phrase("utter_title_in_text", language, title=name)


def _comma(language: str) -> str:
    return "、" if language == "zh" else ", "
