"""How far a long task is: lines that say what was done, and bars on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")
_STEP = 997  # items between two updates of a bar


class Silent:
    """Says nothing and shows nothing."""

    def say(self, line: str) -> None:
        """Tell the operator something."""

    def track(self, items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        """`items`, with a bar while they are consumed; `total` of them are expected."""
        del label, total
        return iter(items)


class Spoken(Silent):
    """Writes lines to `stream`, and bars where it is a terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr

    def say(self, line: str) -> None:
        """Write `line`."""
        print(line, file=self.stream, flush=True)

    def track(self, items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        """`items`, with a bar on a terminal."""
        if not self.stream.isatty():
            yield from items
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        console = Console(file=self.stream)
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
            task = bar.add_task(label, total=total)
            for number, item in enumerate(items, 1):
                if number % _STEP == 0:
                    bar.update(task, completed=number)
                yield item
