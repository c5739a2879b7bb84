"""Reads IMDb's TSV files, plain or gzipped, from one folder.

title.basics is needed; title.ratings, title.akas, and title.principals with name.basics are
taken where they are there. Films and series only: no episodes, shorts, games, no adult titles.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from bot.catalogue import vocabulary
from bot.catalogue.bad_rows import RowError
from bot.catalogue.facts import TitleFacts
from bot.catalogue.progress import Silent
from bot.catalogue.spelling import has_ideograph
from bot.catalogue.staging import Staging

# In the order they are read: later ones are filtered by what earlier ones brought.
_FILES = ("title.basics", "title.ratings", "title.akas", "title.principals", "name.basics")
_COLUMNS = {
    "title.basics": 9,
    "title.ratings": 3,
    "title.akas": 8,
    "title.principals": 6,
    "name.basics": 6,
}
_KINDS = {"movie": "film", "tvMovie": "film", "tvSeries": "series", "tvMiniSeries": "series"}
_ROLES = {"director": "director", "actor": "cast", "actress": "cast", "self": "cast"}
_CHINESE = frozenset(("CN", "HK", "TW", "SG", "MY", "MO"))
_ENGLISH = frozenset(("US", "GB", "XWW", "CA", "AU"))
# `reviews` weighs a score against critics' reviews, of which the best known film has 400: so many
# IMDb votes count as one.
VOTES_PER_REVIEW = 2000
_NONE = "\\N"
Cells = list[str]


def files(folder: Path) -> list[Path]:
    """The files of the folder that are read.

    Raises:
        RowError: there is no title.basics.tsv.
    """
    found = []
    for name in _FILES:
        paths = [folder / f"{name}.tsv", folder / f"{name}.tsv.gz"]
        found += [path for path in paths if path.is_file()][:1]
    if not found or not found[0].name.startswith("title.basics"):
        raise RowError(f"{folder} holds no title.basics.tsv or title.basics.tsv.gz")
    return found


def stage(folder: Path, staging: Staging, progress: Silent) -> None:
    """Read the folder into `staging`."""
    paths = {path.name.split(".tsv")[0]: path for path in files(folder)}

    def akas(row: Cells) -> tuple[str, str] | None:
        key, name, region = row[0], row[2], row[3]
        chinese = region in _CHINESE and has_ideograph(name)
        english = region in _ENGLISH and name.isascii()
        return (key, name) if (chinese or english) and staging.has_title(key) else None

    def principals(row: Cells) -> tuple[str, str, int, str] | None:
        role = _ROLES.get(row[3])
        if role is None or not staging.has_title(row[0]):
            return None
        return row[0], role, _number(row[1], "ordering") or 0, row[2]

    def people(row: Cells) -> tuple[str, str] | None:
        return (row[0], row[1]) if row[1] != _NONE and staging.has_credit(row[0]) else None

    plans = {
        "title.basics": (_title, staging.put_titles),
        "title.ratings": (_score, lambda rows: staging.put("scores", rows)),
        "title.akas": (akas, lambda rows: staging.put("names", rows)),
        "title.principals": (principals, lambda rows: staging.put("credits", rows)),
        "name.basics": (people, lambda rows: staging.put("people", rows)),
    }
    for name, path in paths.items():
        parse, write = plans[name]
        rows = progress.track(_rows(path, _COLUMNS[name]), path.name)
        staging.read(name, path, rows, parse, write)


def _rows(path: Path, columns: int) -> Iterator[tuple[int, Cells | RowError]]:
    """Numbered rows of a TSV file; one with another number of cells is a RowError."""
    with path.open("rb") as raw:
        plain = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        file = io.TextIOWrapper(plain, encoding="utf-8", errors="replace")
        next(file, None)
        try:
            for line, text in enumerate(file, 2):
                cells = text.rstrip("\r\n").split("\t")
                if len(cells) == columns:
                    yield line, cells
                else:
                    yield line, RowError(f"{columns} cells expected, not {len(cells)}")
        except (EOFError, gzip.BadGzipFile) as error:
            raise RowError(f"{path} is damaged or cut off: {error}") from None


def _title(row: Cells) -> TitleFacts | None:
    key, kind, title, original, adult, year, _, runtime, genres = row
    if kind not in _KINDS or adult == "1":
        return None
    if not key.startswith("tt") or not title or title == _NONE:
        raise RowError(f"an id and a title expected, not {key!r}, {title!r}")
    return TitleFacts(
        title=title,
        year=_number(year, "startYear"),
        kind=_KINDS[kind],
        imdb_id=key,
        key=key,
        original_title=original if original not in (_NONE, title) else None,
        genres=vocabulary.genres(genres.split(",")),
        runtime=_number(runtime, "runtimeMinutes"),
    )


def _score(row: Cells) -> tuple[str, float, int]:
    try:
        score, votes = float(row[1]), int(row[2])
    except ValueError:
        raise RowError(f"a mean and a count expected, not {row[1]!r}, {row[2]!r}") from None
    return row[0], score, max(1, votes // VOTES_PER_REVIEW)


def _number(cell: str, what: str) -> int | None:
    if cell == _NONE:
        return None
    if not cell.isdigit():
        raise RowError(f"{what} {cell!r} is not a whole number")
    return int(cell)
