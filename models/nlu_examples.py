"""The sentences that the assistant is taught with (`data/nlu`), read for the models.

They are in Rasa's form: an intent, and below it a line for each sentence, entities marked as
[words](entity) or [words]{"entity": …}.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "data" / "nlu"
MOST = 1200
"""An intent with more examples (out of scope is the whole world) is no likelier for it."""
_HEADING = re.compile(r"\s*- (intent|lookup|regex|synonym): (\w+)")
_EXAMPLE = re.compile(r"\s+- (.+)")
_ENTITY = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")
_NAME = re.compile("title|person")


@dataclass(frozen=True)
class NluExample:
    """A sentence: its file's name, its intent, the line as written, the plain text, and the titles
    and people in the text (start, end, "title" or "person")."""

    skill: str
    intent: str
    line: str
    text: str
    names: tuple[tuple[int, int, str], ...]


def nlu_examples(folder: Path = FOLDER) -> Iterator[NluExample]:
    """Every sentence below an intent in `folder`/*.yml, file by file in order of name."""
    for path in sorted(folder.glob("*.yml")):
        intent = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if heading := _HEADING.match(line):
                intent = heading[2] if heading[1] == "intent" else ""
            elif (example := _EXAMPLE.match(line)) and intent:
                yield NluExample(path.stem, intent, line, *_plain(example[1].strip()))


def even_weights(intents: Sequence[str]) -> np.ndarray:
    """What each example counts (examples,): all of one intent at most as much as `MOST`."""
    counts = Counter(intents)
    return np.array([min(1.0, MOST / counts[intent]) for intent in intents])


def _plain(text: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """`text` without Rasa's marks, and where its titles and people are."""
    plain, done = "", 0
    names: list[tuple[int, int, str]] = []
    for match in _ENTITY.finditer(text):
        plain += text[done : match.start()]
        if name := _NAME.search(match[2]):
            names.append((len(plain), len(plain) + len(match[1]), name[0]))
        plain += match[1]
        done = match.end()
    return plain + text[done:], tuple(names)
