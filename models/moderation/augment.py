"""More training messages out of those there are: disguised copies, and two in one."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from models.moderation.dataset import Example
from models.moderation.normalise import HAN
from models.moderation.obfuscate import any_kind, obfuscate

_CHINESE = re.compile(f"[{HAN}]")
SOUNDED = 0.5
"""Share of the Chinese abusive examples that are learned once more by their sound."""


def joined(examples: Sequence[Example], chance: random.Random, count: int = 2500) -> list[Example]:
    """Two of our sentences in one message: abusive when either is; politeness hides none."""
    ours = [e for e in examples if e.source == "own" and not e.harmless]
    calm = [e for e in ours if e.viewer == 0 and not e.self_harm and not e.spam]
    result = []
    for _ in range(count):
        first = chance.choice(ours)
        second = chance.choice(
            [e for e in chance.choices(calm, k=40) if _same(first, e)] or [first]
        )
        pair = [first, second]
        chance.shuffle(pair)
        mark = chance.choice((" ", ". ", ", ", "! ", "? "))
        text = f"{pair[0].text}{mark}{pair[1].text}"
        result.append(replace(first, text=text, source="joined"))
    return result


def _same(first: Example, second: Example) -> bool:
    return first.text.isascii() == second.text.isascii()


def augmented(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The training examples and disguised copies of them.

    Our own abusive ones twice, a fifth of the public ones once, and half of the Chinese abusive
    ones again in characters of the same sound, which cost the most to see through. Harmless ones
    are disguised as well, seldom, so that a disguise alone is no offence.
    """
    more: list[Example] = []
    for example in examples:
        harmful = example.general == 1 or example.viewer == 1 or example.self_harm or example.spam
        copies = 0
        if example.source == "own":
            copies = 2 if harmful else int(chance.random() < 0.3)
        elif example.source != "titles":
            copies = int(chance.random() < 0.2)
        for _ in range(copies):
            text = any_kind(example.text, chance)
            if text != example.text:
                source = "disguised" if example.source == "own" else example.source
                more.append(replace(example, text=text, source=source, harmless=()))
        if harmful and _CHINESE.search(example.text) and chance.random() < SOUNDED:
            kind = chance.choice(("homophone", "pinyin"))
            text = obfuscate(example.text, kind, chance)
            more.append(replace(example, text=text, harmless=()))
    return [*examples, *joined(examples, chance), *more]
