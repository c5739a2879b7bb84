"""The assistant's own training sentences: what viewers say, by intent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from models.moderation.dataset import ROOT, Example, key, labelled, own, share

FOLDER = ROOT / "data" / "nlu"
_HEADING = re.compile(r"\s*- (intent|lookup|regex|synonym): (\w+)")
_EXAMPLE = re.compile(r"\s+- (.+)")
_ENTITY = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")
_NAMES = ("title", "person")
_ABUSE = {"abuse", "self_harm"}


def sentences(folder: Path = FOLDER) -> Iterator[tuple[str, str, tuple[tuple[int, int], ...]]]:
    """Intent, plain text and the spans of titles and people of every example in `folder`."""
    for path in sorted(folder.glob("*.yml")):
        intent = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if heading := _HEADING.match(line):
                intent = heading[2] if heading[1] == "intent" else ""
            elif (example := _EXAMPLE.match(line)) and intent:
                yield intent, *_plain(example[1].strip())


def _plain(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """`text` without Rasa's marks, and where its titles and people are."""
    plain, done = "", 0
    spans: list[tuple[int, int]] = []
    for match in _ENTITY.finditer(text):
        plain += text[done : match.start()]
        if any(name in match[2] for name in _NAMES):
            spans.append((len(plain), len(plain) + len(match[1])))
        plain += match[1]
        done = match.end()
    return plain + text[done:], tuple(spans)


def viewers(folder: Path = FOLDER) -> list[Example]:
    """Examples out of `sentences`; where our own sentences say otherwise, those count."""
    known = {key(example.text) for example in own()}
    examples: list[Example] = []
    for intent, text, spans in sentences(folder):
        if not text or key(text) in known:
            continue
        known.add(key(text))
        split = "validation" if share(text) < 12 else "train"
        category = "self_harm" if intent == "self_harm" else "none"
        example = labelled(text, category, split, "nlu")
        if intent == "abuse":
            example = replace(example, general=1, viewer=1)
        examples.append(replace(example, harmless=() if intent in _ABUSE else spans))
    return examples
