"""Rows of a source that cannot be read: reported with file and line, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


class TooManyBadRows(ValueError):  # noqa: N818 - says what happened
    """More rows than allowed could not be read; nothing of the source is kept."""


class RowError(ValueError):
    """One row cannot be read; the message says why."""


@dataclass
class BadRows:
    """Collects bad rows; `limit` of them are put up with."""

    limit: int = 100
    lines: list[str] = field(default_factory=list)

    def report(self, path: Path, line: int, why: str) -> None:
        """Note that `line` (from 1) of `path` is skipped.

        Raises:
            TooManyBadRows: there are now more than `limit`.
        """
        self.lines.append(f"{path}:{line}: {why}")
        if len(self.lines) > self.limit:
            raise TooManyBadRows(
                f"{len(self.lines)} bad rows, {self.limit} allowed; the last: {self.lines[-1]}"
            )
