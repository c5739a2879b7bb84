"""Names that are ordinary words ("Up", "It", 英雄, 活着): which titles a sentence names.

`hard_names.tsv` (text, titles, kind) is written for this and learned by nothing. `titles` holds
the titles named, " | " between several, " / " between readings that are all right, each as
"Name (year)"; it is empty when the sentence names none. The rules were mended with its mistakes in
view; for those of `hard_names_unseen.tsv`, by another hand, no rule was made.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nlu.measures import Counts
from benchmarks.nlu.own import language_of
from benchmarks.nlu.report import Report
from benchmarks.nlu.understanding import Assistant, Parsed
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.spelling import fold

FILE = Path(__file__).parent / "hard_names.tsv"
UNSEEN = FILE.with_name("hard_names_unseen.tsv")
COLUMNS = ("text", "titles", "kind")
PRECISION_BAR, RECALL_BAR = 0.95, 0.90
_LABEL = re.compile(r"(?P<name>.+?)\s*[(（](?P<year>\d{4})[)）]")


class HardNamesError(ValueError):
    """The file of hard names cannot be used; the message names file and line."""


@dataclass(frozen=True)
class HardName:
    """A sentence and, for each title that it names, the readings that are right."""

    text: str
    titles: tuple[tuple[str, ...], ...]
    kind: str


def read(path: Path = FILE) -> list[HardName]:
    """The rows of `path`.

    Raises:
        HardNamesError: a column is missing, or a row has no text.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise HardNamesError(f"{path}: the header must be {', '.join(COLUMNS)}")
        rows = []
        for row in reader:
            if not row["text"] or row["titles"] is None or not row["kind"] or row.get(None):
                raise HardNamesError(f"{path}:{reader.line_num}: not text, titles and kind")
            titles = tuple(
                tuple(label.strip() for label in title.split(" / "))
                for title in row["titles"].split(" | ")
                if title.strip()
            )
            rows.append(HardName(row["text"], titles, row["kind"]))
    return rows


class Labels:
    """Ids of titles by "Name (year)"; by name alone where there is no year."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids: dict[tuple[str, int | None], set[str]] = defaultdict(set)
        for title in catalogue.titles.values():
            names = (title.title, title.title_zh, title.original_title)
            for name in (*names, *title.aliases, *title.aliases_zh):
                if name:
                    self._ids[fold(name), title.year].add(title.id)
                    self._ids[fold(name), None].add(title.id)

    def ids(self, label: str) -> frozenset[str]:
        """The titles that `label` may mean; none when the catalogue lacks it."""
        parts = _LABEL.fullmatch(label)
        key = (fold(parts["name"]), int(parts["year"])) if parts else (fold(label), None)
        return frozenset(self._ids.get(key, ()))


def count(expected: Sequence[frozenset[str]], predicted: Sequence[str]) -> Counts:
    """How many titles named were found; `predicted` are ids, each expected title met once."""
    waiting = list(expected)
    right = 0
    for title_id in dict.fromkeys(predicted):
        met = next((ids for ids in waiting if title_id in ids), None)
        if met is not None:
            waiting.remove(met)
            right += 1
    return Counts(right, len(dict.fromkeys(predicted)), len(expected))


def found_ids(parsed: Parsed) -> list[str]:
    """The best reading of each title of the catalogue that was found."""
    return [e["id"] for e in parsed.get("entities") or () if e["entity"] == "title" and e.get("id")]


def measure(
    report: Report,
    assistant: Assistant,
    catalogue: Catalogue,
    path: Path = FILE,
    key: str = "hard_names",
) -> None:
    """Print precision and recall of titles, by kind and by language; figures are called `key`.

    Raises:
        HardNamesError: the file is damaged.
    """
    if not path.exists():
        report.skip(f"hard names: {path} is not there")
        return
    rows, labels = read(path), Labels(catalogue)
    totals: dict[str, Counts] = defaultdict(Counts)
    unknown: set[str] = set()
    for row, parsed in zip(rows, assistant.parse([row.text for row in rows]), strict=True):
        expected = []
        for readings in row.titles:
            unknown |= {label for label in readings if not labels.ids(label)}
            expected.append(frozenset().union(*map(labels.ids, readings)))
        counts = count(expected, found_ids(parsed))
        for part in (f"kind {row.kind}", f"language {language_of(row.text)}", "all"):
            totals[part] += counts
        if counts.right < counts.expected:
            report.mistake(key, f"missed ({row.kind})", row.text)
        if counts.right < counts.predicted:
            shown = ", ".join(catalogue.titles[i].title for i in found_ids(parsed))
            report.mistake(key, f"wrong ({row.kind})", f"{shown} | {row.text}")
    report.title(f"{len(rows)} sentences with names that are ordinary words")
    report.row("titles", "precision", "recall", "named", "found")
    for part in sorted(totals, key=lambda part: (part == "all", part)):
        c = totals[part]
        report.row(f"  {part}", c.precision, c.recall, c.expected, c.predicted)
    report.figure(
        key,
        {k: {"p": round(c.precision, 4), "r": round(c.recall, 4)} for k, c in totals.items()},
    )
    report.bar(f"{key}_precision", "precision", totals["all"].precision, PRECISION_BAR)
    report.bar(f"{key}_recall", "recall", totals["all"].recall, RECALL_BAR)
    if unknown:
        report.line(f"not in the catalogue, so never found: {', '.join(sorted(unknown))}")
