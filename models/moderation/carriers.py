"""Harmless messages made of film titles and ordinary questions about them.

Titles are full of strong words; a title, known or not, must not look like abuse.
"""

from __future__ import annotations

import csv
import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from models.moderation.dataset import OWN, ROOT, DataMissingError, Example, share

NAMES = ROOT / "data" / "catalogue"
MOVIES = ROOT / "var" / "raw" / "movies.db"
_HAN = re.compile("[\u4e00-\u9fff]")


def lines(name: str) -> list[str]:
    """The lines of one of our lists in data/moderation, without comments."""
    text = (OWN / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def carry(carrier: str, title: str, known: bool) -> tuple[str, tuple[tuple[int, int], ...]]:
    """`carrier` with `title` in place of `{}`, and the title's span when it is `known`."""
    start = carrier.index("{}")
    text = carrier.replace("{}", title)
    return text, ((start, start + len(title)),) if known else ()


def place(title: str) -> str:
    """Part of the data a title of the catalogue belongs to: half of them are only for measuring."""
    share_of = share(title)
    return "test" if share_of >= 50 else "validation" if share_of >= 42 else "train"


def catalogue_titles(database: Path, names: Path = NAMES) -> list[str]:
    """Titles of the base catalogue: English ones of `movies.db`, Chinese ones of our own lists.

    Raises:
        DataMissingError: `database` does not exist.
    """
    if not database.exists():
        raise DataMissingError(f"{database} is missing: make set-up fetches it (bokeh_sampledata)")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        titles = {row[0].strip() for row in connection.execute("SELECT Title FROM omdb") if row[0]}
    for path in sorted(names.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            titles |= {(row.get("title_zh") or "").strip() for row in csv.DictReader(file)}
    return sorted(title for title in titles if title)


def carried(database: Path | None = None, each: int = 6, seed: int = 7) -> list[Example]:
    """Our strong titles in `each` carriers of their language, and those of the catalogue in one.

    A third stand as known names, the others as plain words.
    """
    chance = random.Random(seed)
    carriers = lines("carriers.txt")
    by_language = {
        chinese: [c for c in carriers if bool(_HAN.search(c)) == chinese or c == "{}"]
        for chinese in (False, True)
    }
    examples = []

    def put(title: str, carrier: str, known: bool, split: str) -> None:
        text, spans = carry(carrier, title, known)
        examples.append(Example(text, "titles", split, None, 0, 0, 0, harmless=spans))

    for title in lines("titles.txt"):
        fitting = by_language[bool(_HAN.search(title))]
        split = "validation" if share(title) < 12 else "train"
        for turn, carrier in enumerate(chance.sample(fitting, each)):
            put(title, carrier, turn % 3 == 0, split)
    for title in catalogue_titles(database) if database else ():
        fitting = by_language[bool(_HAN.search(title))]
        bare = chance.random() < 0.35
        carrier = "{}" if bare else chance.choice(fitting)
        if place(title) != "test":
            put(title, carrier, not bare and chance.random() < 0.33, place(title))
    return examples
