"""Lines that are judged: labelled ones of a file, and those of standard input."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_HEADING = ("text", "label")


class LinesError(ValueError):
    """A file of labelled lines cannot be used; the message names the file and, if any, the line."""


def labelled_lines(path: Path) -> list[tuple[str, str]]:
    """Text and label (lower case) of each line, a tab between; a heading and empty lines are
    skipped, and so are further columns.

    Raises:
        LinesError: the file cannot be read, is no text in UTF-8, or holds no such line; or a line
            has no label.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise LinesError(f"{path}: not a text in UTF-8") from None
    except OSError as error:
        raise LinesError(f"{path}: {error.strerror or error}") from None
    found = []
    for number, line in enumerate(content.split("\n"), start=1):
        text, _, rest = line.rstrip("\r").partition("\t")
        label = rest.partition("\t")[0].strip().lower()
        if not line.strip() or (number == 1 and (text.lower(), label) == _HEADING):
            continue
        if not label:
            raise LinesError(f"{path}:{number}: expected a text, a tab and a label")
        found.append((text, label))
    if not found:
        raise LinesError(f"{path}: no line with a text, a tab and a label")
    return found


def unknown_labels(path: Path, labels: set[str], known: str) -> LinesError:
    """That `labels` are none of the `known` ones; eight are named at most."""
    named = ", ".join(repr(label[:30]) for label in sorted(labels)[:8])
    return LinesError(f"{path}: unknown labels {named}; expected {known}")


def answer_lines(judge: Callable[[str], Mapping[str, Any]]) -> None:
    """Print what `judge` says of each line of standard input, a JSON object a line.

    Bytes that are no UTF-8 are read as U+FFFD. Ends quietly when nobody reads any more.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        for line in sys.stdin:
            text = line.rstrip("\r\n")
            print(json.dumps({"text": text, **judge(text)}, ensure_ascii=False), flush=True)
    except BrokenPipeError:
        # What is still in the buffer must not raise again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
