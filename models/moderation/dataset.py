"""Labelled messages: our own sentences, and public sets whose licences allow training."""

from __future__ import annotations

import csv
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "data" / "moderation"
SENTENCES = OWN / "sentences"
SHARED = ROOT.parent / "shared" / "data"
CATEGORIES = ("insult", "hate", "sexual", "threat", "self_harm", "spam")
ABUSE = CATEGORIES[:4]
NONE = "none"


class DataMissingError(RuntimeError):
    """A data set is not where it was looked for; the message says which and what to do."""


@dataclass(frozen=True)
class Example:
    """One labelled message.

    Labels are 1, 0 or None (not known). `general`: offensive as the public sets mean it;
    `viewer`: abuse as this bot means it; `split`: train, validation or test.
    """

    text: str
    source: str
    split: str
    general: int | None = None
    viewer: int | None = None
    self_harm: int | None = 0
    spam: int | None = 0
    category: str | None = None
    harmless: tuple[tuple[int, int], ...] = ()


def share(text: str, parts: int = 100) -> int:
    """A number below `parts` that depends on the text alone: splits stay the same for ever."""
    return zlib.crc32(" ".join(text.split()).lower().encode()) % parts


def split_of(text: str, test: int, validation: int) -> str:
    """The part a text belongs to when `test` and `validation` per cent go to those parts."""
    place = share(text)
    return "test" if place < test else "validation" if place < test + validation else "train"


def need(path: Path) -> Path:
    """`path`, which must be there.

    Raises:
        DataMissingError: it is not.
    """
    if not path.exists():
        raise DataMissingError(
            f"{path} is missing: give the folder of the public sets with --data, "
            "or see models/moderation/CARD.md for where each comes from"
        )
    return path


def own(folder: Path = SENTENCES) -> list[Example]:
    """Our own sentences: every `*.txt` of `folder`, one a line below the `[category]` they have.

    Names in {braces} are used twice: as they stand, and as known names.

    Raises:
        DataMissingError: the folder holds none, or a heading names no known category.
    """
    examples: list[Example] = []
    for path in sorted(folder.glob("*.txt")):
        category = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                category = line.strip("[]")
                if category not in (*CATEGORIES, NONE):
                    raise DataMissingError(f"{path}:{number}: no such category: {line}")
                continue
            plain, spans = marked(line)
            examples.append(labelled(plain, category, split_of(plain, 0, 12)))
            if spans:
                examples.append(replace(examples[-1], harmless=spans))
    if not examples:
        raise DataMissingError(f"{folder} holds no sentences (*.txt)")
    return examples


def marked(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """`text` without the braces around names, and the spans they enclosed."""
    spans: list[tuple[int, int]] = []
    plain = ""
    for part in re.split(r"(\{[^}]*\})", text):
        if part.startswith("{"):
            spans.append((len(plain), len(plain) + len(part) - 2))
            part = part[1:-1]
        plain += part
    return plain, tuple(spans)


def labelled(text: str, category: str, split: str, source: str = "own") -> Example:
    """An example that carries all of our labels."""
    abuse = int(category in ABUSE)
    return Example(
        text,
        source,
        split,
        general=None if category in {"self_harm", "spam"} else abuse,
        viewer=abuse,
        self_harm=int(category == "self_harm"),
        spam=int(category == "spam"),
        category=category if abuse else None,
    )


def cold(folder: Path) -> Iterator[Example]:
    """COLD: Chinese comments about groups; its dev part is our test."""
    for name, test in (("train", False), ("dev", True)):
        with need(folder / "moderation_zh" / "cold" / f"{name}.csv").open(
            encoding="utf-8-sig", newline=""
        ) as file:
            for row in csv.DictReader(file):
                text = row["TEXT"]
                split = "test" if test else split_of(text, 0, 8)
                label = int(row["label"])
                yield Example(text, "cold", split, label, None, category="hate" if label else None)


def swsr(folder: Path) -> Iterator[Example]:
    """SWSR: sexist Weibo comments."""
    path = need(folder / "moderation_zh" / "swsr" / "SexComment.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            label = int(row["label"])
            yield Example(
                row["comment_text"],
                "swsr",
                split_of(row["comment_text"], 0, 8),
                label,
                category="hate" if label else None,
            )


def toxirewrite(folder: Path) -> Iterator[Example]:
    """ToxiRewriteCN: a toxic sentence and the same one said neutrally."""
    path = need(folder / "moderation_zh" / "toxirewritecn" / "train_1000.json")
    for row in json.loads(path.read_text(encoding="utf-8")):
        split = split_of(row["toxic"], 0, 8)
        yield Example(row["toxic"], "toxirewrite", split, 1)
        yield Example(row["neutral"], "toxirewrite", split, 0)


def davidson(folder: Path) -> Iterator[Example]:
    """Davidson: tweets of hate speech, offensive language or neither; a fifth is our test."""
    path = need(folder / "moderation_en" / "davidson" / "labeled_data.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = row["class"]
            yield Example(
                row["tweet"],
                "davidson",
                split_of(row["tweet"], 20, 8),
                int(kind != "2"),
                category={"0": "hate", "1": "insult"}.get(kind),
            )


_CONVABUSE = (
    ("sex_harassment", "sexual"),
    ("racist", "hate"),
    ("homophobic", "hate"),
    ("transphobic", "hate"),
    ("sexist", "hate"),
    ("ableist", "insult"),
    ("intellectual", "insult"),
)


def convabuse(folder: Path) -> Iterator[Example]:
    """ConvAbuse: what people said to two chatbots; abusive where most annotators said so."""
    for name, test in (("ConvAbuseEMNLPtrain", False), ("ConvAbuseEMNLPvalid", True)):
        path = need(folder / "moderation_en" / "convabuse" / f"{name}.csv")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                marks = [
                    grade
                    for annotator in range(1, 9)
                    for grade in (1, 0, -1, -2, -3)
                    if row.get(f"Annotator{annotator}_is_abuse.{grade}", "").startswith("1")
                ]
                against = sum(mark < 0 for mark in marks)
                label = int(2 * against > len(marks))
                kinds = {
                    kind: sum(
                        row.get(f"Annotator{annotator}_{field}", "").startswith("1")
                        for annotator in range(1, 9)
                    )
                    for field, kind in _CONVABUSE
                }
                most = max(kinds, key=lambda kind: kinds[kind])
                category = (most if kinds[most] else "insult") if label else None
                split = "test" if test else split_of(row["user"], 0, 12)
                yield Example(row["user"], "convabuse", split, label, label, 0, None, category)


def olid(folder: Path) -> list[Example]:
    """OLID, offensive or not: for checking only, never for training."""
    path = need(folder / "moderation_en" / "olid" / "olid-training-v1.0.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Example(r["tweet"], "olid", "test", int(r["subtask_a"] == "OFF")) for r in rows]


def key(text: str) -> str:
    """What two copies of a text have in common."""
    return "".join(text.lower().split())
