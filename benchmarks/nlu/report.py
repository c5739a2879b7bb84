"""What the benchmark prints: tables, figures beside their bars, and one JSON line at the end."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path


class Report:
    """Prints as it is filled, and keeps every figure for the JSON line."""

    def __init__(self) -> None:
        self._bars: dict[str, dict[str, float | bool]] = {}
        self._figures: dict[str, object] = {}
        self._skipped: list[str] = []
        self._mistakes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def title(self, text: str) -> None:
        """Begin a table."""
        print(f"\n{text}")

    def line(self, text: str) -> None:
        """A remark."""
        print(f"  {text}", flush=True)

    def row(self, name: str, *cells: object) -> None:
        """One row; numbers are right-aligned, shares with three decimals."""
        print(f"{name:58}" + "".join(f"{_cell(cell):>11}" for cell in cells))

    def bar(self, key: str, name: str, value: float, bar: float, most: bool = False) -> None:
        """A figure that has a bar: at least, or with `most` at most."""
        ok = value <= bar if most else value >= bar
        self._bars[key] = {"value": round(value, 4), "bar": bar, "ok": ok}
        sign = "≤" if most else "≥"
        print(f"  {name:56}{value:>11.3f}   bar {sign} {bar:g}   {'ok' if ok else 'SHORT'}")

    def value(self, key: str, name: str, value: float) -> None:
        """A figure without a bar."""
        self._figures[key] = round(value, 4)
        print(f"  {name:56}{value:>11.3f}")

    def figure(self, key: str, value: object) -> None:
        """A figure for the JSON line alone, printed elsewhere."""
        self._figures[key] = value

    def skip(self, what: str) -> None:
        """Say what is not measured, and why."""
        self._skipped.append(what)
        print(f"\nnot measured: {what}", flush=True)

    def mistake(self, part: str, kind: str, text: str) -> None:
        """Remember one mistake for the list that `--mistakes` writes."""
        self._mistakes[part][kind].append(text)

    def write_mistakes(self, path: Path) -> None:
        """Every mistake, a line each: part, how often its kind occurs, kind, sentence."""
        with path.open("w", encoding="utf-8") as file:
            for part, kinds in self._mistakes.items():
                counts = Counter({kind: len(texts) for kind, texts in kinds.items()})
                for kind, count in counts.most_common():
                    file.writelines(f"{part}\t{count}\t{kind}\t{text}\n" for text in kinds[kind])

    def summary(self) -> None:
        """All bars in one table, then the JSON line."""
        print("\nall figures that have a bar")
        for key, bar in self._bars.items():
            ok = "ok" if bar["ok"] else "SHORT"
            print(f"  {key:56}{bar['value']:>11.3f}   bar {bar['bar']:<6g} {ok}")
        data = {"bars": self._bars, "figures": self._figures, "skipped": self._skipped}
        print(json.dumps(data, ensure_ascii=False), flush=True)


def progress(text: str) -> None:
    """Say on a terminal what is being done; apart from the figures."""
    if sys.stderr.isatty():
        print(f"… {text}", file=sys.stderr, flush=True)


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
