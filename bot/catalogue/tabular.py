"""Reads titles and people from CSV files: our own facts, and an operator's catalogue.

Titles have the columns of `COLUMNS`, any of which but `title` may be missing; people have
`name,name_zh,aliases,aliases_zh`. Lists in a cell are separated by `|`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from bot.catalogue import vocabulary
from bot.catalogue.bad_rows import BadRows, RowError
from bot.catalogue.facts import PersonFacts, TitleFacts
from bot.catalogue.progress import Silent
from bot.catalogue.spelling import fold, has_ideograph, natural_title
from bot.catalogue.staging import Staging

COLUMNS = (
    *("imdb_id", "kind", "title", "title_zh", "original_title", "year", "aliases", "aliases_zh"),
    *("genres", "directors", "cast", "countries", "languages", "runtime", "seasons"),
    *("synopsis_en", "synopsis_zh", "score", "reviews"),
)
PEOPLE_COLUMNS = ("name", "name_zh", "aliases", "aliases_zh")
IMDB_ID = re.compile(r"^tt\d{7,9}$")
Row = Mapping[str, str]
Facts = TypeVar("Facts")


def read_titles(path: Path, bad: BadRows) -> Iterator[TitleFacts]:
    """The titles of the CSV file at `path`; rows that cannot be read go to `bad`.

    Raises:
        RowError: its header lacks `title`, or has a column we do not know.
        TooManyBadRows: from `bad`.
    """
    return _read(path, bad, COLUMNS, "title", title_facts)


def read_people(path: Path, bad: BadRows) -> Iterator[PersonFacts]:
    """The people of the CSV file at `path`; raises like `read_titles`."""
    return _read(path, bad, PEOPLE_COLUMNS, "name", person_facts)


def _read(
    path: Path, bad: BadRows, known: tuple[str, ...], needed: str, parse: Callable[[Row], Facts]
) -> Iterator[Facts]:
    for line, row in _rows(path, known, needed):
        try:
            if isinstance(row, RowError):
                raise row
            facts = parse(row)
        except RowError as error:
            bad.report(path, line, str(error))
        else:
            yield facts


def _rows(path: Path, known: tuple[str, ...], needed: str) -> Iterator[tuple[int, Row | RowError]]:
    """Rows with the number of their last line; one that is no row of the table is a RowError."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.DictReader(file, restkey="", restval=None)
        header = reader.fieldnames or ()
        unknown = [column for column in header if column not in known]
        if needed not in header or unknown:
            wrong = f"unknown column {unknown[0]!r}" if unknown else f"no column {needed!r}"
            raise RowError(f"{path}:1: {wrong}; the columns are: {','.join(known)}")
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, RowError(str(error))
                continue
            if "" in row or None in row.values():
                yield reader.line_num, RowError(f"not {len(header)} cells")
            else:
                yield reader.line_num, {key: _clean(value) for key, value in row.items()}


def files(path: Path) -> list[Path]:
    """The file, or the `.csv` files of a folder.

    Raises:
        RowError: there is none.
    """
    found = [path] if path.is_file() else sorted(path.glob("*.csv"))
    if not found:
        raise RowError(f"{path} holds no .csv file")
    return found


def stage(path: Path, staging: Staging, progress: Silent) -> None:
    """Read the titles of the file or folder into `staging`."""
    for file in files(path):
        rows = progress.track(_rows(file, COLUMNS, "title"), file.name)
        staging.read(file.name, file, rows, _keyed_facts, staging.put_titles)


def _keyed_facts(row: Row) -> TitleFacts:
    facts = title_facts(row)
    facts.kind = facts.kind or "film"
    facts.key = facts.imdb_id or f"{facts.kind}|{facts.title}|{facts.year}"
    return facts


def title_facts(row: Row) -> TitleFacts:
    """The facts of one row, whose cells are clean.

    Raises:
        RowError: a cell does not hold what its column asks for.
    """
    title = natural_title(row.get("title", ""))
    if not fold(title):
        raise RowError("no title")
    kind = row.get("kind", "").casefold() or None
    if kind not in (None, "film", "series"):
        raise RowError(f"kind {row['kind']!r} is neither film nor series")
    imdb_id = row.get("imdb_id") or None
    if imdb_id and not IMDB_ID.match(imdb_id):
        raise RowError(f"imdb_id {imdb_id!r} is not of the form tt1234567")
    words = cell_list(row.get("genres", ""))
    genres = vocabulary.genres(words)
    if words and not genres:
        raise RowError(f"no known genre in {row['genres']!r}")
    countries = vocabulary.countries(cell_list(row.get("countries", "")))
    score = row.get("score", "")
    try:
        points = float(score) if score else None
    except ValueError:
        raise RowError(f"score {score!r} is not a number") from None
    if points is not None and not 0 <= points <= 10:
        raise RowError(f"score {score} is not within 0 and 10")
    return TitleFacts(
        title=title,
        year=whole_number(row, "year", 1870, 2100),
        kind=kind,
        imdb_id=imdb_id,
        key=imdb_id or "",
        title_zh=row.get("title_zh", "").strip("《》") or None,
        original_title=row.get("original_title") or None,
        aliases=cell_list(row.get("aliases", "")),
        aliases_zh=cell_list(row.get("aliases_zh", "")),
        genres=genres,
        directors=cell_list(row.get("directors", "")),
        cast=cell_list(row.get("cast", "")),
        countries=countries,
        languages=vocabulary.languages(cell_list(row.get("languages", "")), countries),
        runtime=whole_number(row, "runtime", 1, 2000),
        seasons=whole_number(row, "seasons", 1, 200),
        synopsis_en=row.get("synopsis_en") or None,
        synopsis_zh=row.get("synopsis_zh") or None,
        score=points,
        reviews=whole_number(row, "reviews", 0, 10**9) or 0,
    )


def person_facts(row: Row) -> PersonFacts:
    """The names of one row of people.

    Raises:
        RowError: there is no name, or the Chinese name has no Chinese character.
    """
    if not fold(row.get("name", "")):
        raise RowError("no name")
    name_zh = row.get("name_zh") or None
    if name_zh and not has_ideograph(name_zh):
        raise RowError(f"name_zh {name_zh!r} is not Chinese")
    return PersonFacts(
        name=row["name"],
        name_zh=name_zh,
        aliases=cell_list(row.get("aliases", "")),
        aliases_zh=cell_list(row.get("aliases_zh", "")),
    )


def cell_list(cell: str) -> tuple[str, ...]:
    """The values of a cell, separated by `|`, each once."""
    return tuple(dict.fromkeys(value.strip() for value in cell.split("|") if value.strip()))


def whole_number(row: Row, column: str, least: int, most: int) -> int | None:
    """The whole number in `column`; none when it is empty.

    Raises:
        RowError: it is not a whole number, or not within `least` and `most`.
    """
    cell = row.get(column, "")
    if not cell:
        return None
    try:
        number = int(cell)
    except ValueError:
        raise RowError(f"{column} {cell!r} is not a whole number") from None
    if not least <= number <= most:
        raise RowError(f"{column} {number} is not within {least} and {most}")
    return number


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\ufffd", "").split())
