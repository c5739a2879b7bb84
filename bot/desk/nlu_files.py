"""data/nlu as the staff add to it: sentences put into the right place of the right file, as text.

Nothing else of a file changes: format, order and comments stay, so that the difference can be read.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from yaml.reader import Reader

from bot.settings import ROOT

FOLDER = ROOT / "data" / "nlu"
# What is marked in sentences; everything else is found by data/lexicon.
MARKED = ("title", "person")
# At most this share of a file's sentences may share their shape with another one.
MOST_ALIKE = 0.03

_HEADING = re.compile(r"  - intent: (\w+)\s*")
_EXAMPLE = re.compile(r"      - (.+)")
_ANNOTATED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


class CannotTeachError(ValueError):
    """A sentence cannot be added; `code` says why."""

    def __init__(self, code: str, sentence: str = "") -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code


@dataclass(frozen=True)
class Taught:
    """A sentence to add; `entities` are (start, end, entity) in characters of `text`."""

    intent: str
    text: str
    entities: tuple[tuple[int, int, str], ...] = ()

    @property
    def line(self) -> str:
        """In Rasa's notation.

        Raises:
            CannotTeachError: "entities_overlap", "unknown_entity", or "not_writable": the text
                would be read as something else.
        """
        marked, done = "", 0
        for start, end, entity in sorted(self.entities):
            if entity not in MARKED:
                raise CannotTeachError("unknown_entity", self.text)
            if not done <= start < end <= len(self.text) or not self.text[start:end].strip():
                raise CannotTeachError("entities_overlap", self.text)
            marked += f"{self.text[done:start]}[{self.text[start:end]}]({entity})"
            done = end
        marked += self.text[done:]
        plain = self.text
        if not plain or plain != plain.strip() or len(plain.splitlines()) != 1:
            raise CannotTeachError("not_writable", plain)
        if Reader.NON_PRINTABLE.search(plain) or "\t" in plain:
            raise CannotTeachError("not_writable", plain)
        if _ANNOTATED.sub(r"\1", marked) != plain or "[" in plain or "]" in plain:
            raise CannotTeachError("not_writable", plain)
        return marked


class NluFiles:
    """The files of a folder, as they are now.

    Args:
        folder: data/nlu.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._texts = {
            path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))
        }

    @cached_property
    def skills(self) -> dict[str, str]:
        """The file of each intent."""
        return {
            heading[1]: name
            for name, text in self._texts.items()
            for line in text.splitlines()
            if (heading := _HEADING.fullmatch(line))
        }

    @property
    def intents(self) -> list[str]:
        """The intents that can be taught."""
        return sorted(self.skills)

    def problem(self, taught: Taught) -> str:
        """Why a sentence cannot be added: "" when it can, else a code.

        "unknown_intent", those of `Taught.line`, "duplicate", "other_intent" (the same words are
        there with another intent), "shape" (the file has too many sentences of one shape).
        """
        name = self.skills.get(taught.intent)
        if name is None:
            return "unknown_intent"
        try:
            line = taught.line
        except CannotTeachError as error:
            return error.code
        for intent, known in self._sentences():
            if _plain(known) == _plain(line):
                return "duplicate" if intent == taught.intent else "other_intent"
        mine = [shape(each) for _, each in self._sentences(name)] + [shape(line)]
        shapes = Counter(filter(None, mine))
        alike = sum(count for count in shapes.values() if count > 1)
        if shapes[shape(line)] > 1 and alike > MOST_ALIKE * sum(shapes.values()):
            return "shape"
        return ""

    def add(self, taught: Taught) -> None:
        """Put a sentence below the last one of its intent.

        Raises:
            CannotTeachError: it has a `problem`.
        """
        problem = self.problem(taught)
        if problem:
            raise CannotTeachError(problem, taught.text)
        name = self.skills[taught.intent]
        lines = self._texts[name].splitlines(keepends=True)
        inside, last = False, -1
        for number, line in enumerate(lines):
            heading = _HEADING.fullmatch(line.rstrip("\n"))
            if heading:
                inside = heading[1] == taught.intent
            elif inside and _EXAMPLE.match(line):
                last = number
            elif inside and re.match(r" {0,2}\S", line):
                inside = False
        if last < 0:
            raise CannotTeachError("unknown_intent", taught.text)
        if not lines[last].endswith("\n"):
            lines[last] += "\n"
        lines.insert(last + 1, f"      - {taught.line}\n")
        self._texts[name] = "".join(lines)

    def texts(self) -> Mapping[str, str]:
        """The files' contents by name."""
        return dict(self._texts)

    def _sentences(self, name: str | None = None) -> list[tuple[str, str]]:
        found = []
        for file, text in self._texts.items():
            if name is not None and file != name:
                continue
            intent = ""
            for line in text.splitlines():
                if heading := _HEADING.fullmatch(line):
                    intent = heading[1]
                elif intent and (example := _EXAMPLE.fullmatch(line)):
                    found.append((intent, example[1].strip()))
        return found


def shape(sentence: str) -> str:
    """A sentence with its names masked, without case, punctuation and numbers."""
    return re.sub(r"[\W\d_]+", " ", _ANNOTATED.sub("X", sentence).lower()).strip()


def _plain(line: str) -> str:
    return _ANNOTATED.sub(r"\1", line).lower()


def patch(folder: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The difference as `git apply` takes it.

    Args:
        folder: of the files, from the repository's root.
        before: contents by name.
        after: the same, changed; new names are new files.
    """
    parts: list[str] = []
    for name in sorted(after):
        old, new = before.get(name, ""), after[name]
        if old == new:
            continue
        path = f"{folder}/{name}"
        head = "/dev/null" if name not in before else f"a/{path}"
        parts.append(f"diff --git a/{path} b/{path}\n")
        if name not in before:
            parts.append("new file mode 100644\n")
        parts += _unified(old.splitlines(keepends=True), new.splitlines(keepends=True), head, path)
    return "".join(parts)


def _unified(old: Sequence[str], new: Sequence[str], head: str, path: str) -> list[str]:
    return [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(old, new, head, f"b/{path}", lineterm="\n")
    ]
