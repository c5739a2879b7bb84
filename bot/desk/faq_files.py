"""data/faq with edits put into its files as text, so that the difference can be read.

Only the lines of edited entries change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.faq.answers import FOLDER
from bot.faq.entries import LANGUAGES

_WIDTH = 96
_WIDE_WIDTH = 48
_ENTRY = re.compile(r"  - id: (\S+)\s*")
_WIDE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”“]")


def texts(folder: Path = FOLDER) -> dict[str, str]:
    """The files' contents by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}


def with_entry(files: Mapping[str, str], topic: str, content: Mapping[str, Any]) -> dict[str, str]:
    """`files` with an entry in place of the one of its id, or at the end of its topic's file.

    Raises:
        KeyError: there is no file of that topic.
    """
    name = f"{topic}.yml"
    lines = files[name].splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _ENTRY.fullmatch(line.rstrip("\n"))]
    ends = [*starts[1:], len(lines)]
    new = written(content).splitlines(keepends=True)
    for start, end in zip(starts, ends, strict=True):
        found = _ENTRY.fullmatch(lines[start].rstrip("\n"))
        if found and found[1] == content["id"]:
            lines[start:end] = new
            break
    else:
        lines += new
    return {**files, name: "".join(lines)}


def written(content: Mapping[str, Any]) -> str:
    """An entry as the files have it."""
    question = ", ".join(
        f"{each}: {_scalar(content['question'][each], True)}" for each in LANGUAGES
    )
    lines = [f"  - id: {content['id']}", f"    question: {{{question}}}", "    answer:"]
    for language in LANGUAGES:
        lines += [f"      {language}: >-"]
        lines += [f"        {line}" for line in _folded(content["answer"][language])]
    lines.append("    ask:")
    for language in LANGUAGES:
        lines.append(f"      {language}:")
        lines += [f"        - {_scalar(text)}" for text in content["ask"][language]]
    return "\n".join(lines) + "\n"


def _folded(text: str) -> list[str]:
    """`text` in lines that a folded block puts together again."""
    if not _WIDE.search(text):
        lines = [""]
        for word in text.split():
            if lines[-1] and len(lines[-1]) + 1 + len(word) > _WIDTH:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        return lines
    lines, line = [], ""
    for number, character in enumerate(text):
        line += character
        following = text[number + 1 : number + 2]
        # Only between two wide characters is the line's end not read as a space.
        if len(line) >= _WIDE_WIDTH and _WIDE.match(character) and _WIDE.match(following):
            lines.append(line)
            line = ""
    return [*lines, line]


def _scalar(text: str, in_flow: bool = False) -> str:
    """`text` as plain YAML where it is read back as itself, else quoted."""
    around = ("{a: ", ", b: 1}", {"a": text, "b": 1}) if in_flow else ("- ", "\n- 1", [text, 1])
    before, after, read = around
    try:
        if yaml.safe_load(f"{before}{text}{after}") == read:
            return text
    except yaml.YAMLError:
        pass
    quoted = yaml.dump(text, allow_unicode=True, default_style='"', width=10_000)
    return quoted.strip().removesuffix("...").strip()
