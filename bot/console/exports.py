"""How rows are exported: sources that are read in batches, as JSON lines or as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql import Select

from bot.store.database import reading

Row = dict[str, Any]
BATCH = 1_000
FORMATS = {"jsonl": "application/x-ndjson", "csv": "text/csv"}
# A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Source:
    """Something that can be exported.

    Args:
        name: its words are `export.<name>` and `export.<name>.about`.
        columns: of each row, in order.
        batches: reads lists of rows between two times (seconds since 1970, None: open); it blocks,
            and raises `DatabaseUnavailable` when the database is away.
        permission: what somebody needs to have it, beside `export`.
    """

    name: str
    columns: tuple[str, ...]
    batches: Callable[[Engine, float | None, float | None], Iterator[list[Row]]]
    permission: str = "export"


def by_key(
    query: Select,
    key: Column,
    at: Column,
    row: Callable[[Any], Row] = dict,
    beside: Callable[[Connection, list[Row]], None] | None = None,
) -> Callable[[Engine, float | None, float | None], Iterator[list[Row]]]:
    """Reads `query` in batches by its key: no long transaction, whatever its length.

    Args:
        query: what to read; it selects `key`.
        key: a column that counts upwards.
        at: the column of the time, in seconds since 1970.
        row: makes what is exported of a row of the result (a mapping); an empty one is left out.
        beside: adds to the rows of a batch what is kept about them elsewhere.
    """

    def batches(engine: Engine, since: float | None, until: float | None) -> Iterator[list[Row]]:
        wanted = query.order_by(key).limit(BATCH)
        if since is not None:
            wanted = wanted.where(at >= since)
        if until is not None:
            wanted = wanted.where(at < until)
        last: Any = None
        while True:
            after = wanted if last is None else wanted.where(key > last)
            with reading(engine) as connection:
                found = connection.execute(after).mappings().all()
                rows = [made for each in found if (made := row(each))]
                if beside is not None:
                    beside(connection, rows)
            if rows:
                yield rows
            if len(found) < BATCH:
                return
            last = found[-1][key.name]

    return batches


def jsonl(rows: list[Row]) -> str:
    """Rows as JSON, one a line."""
    return "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"
        for row in rows
    )


def csv_head(columns: tuple[str, ...]) -> str:
    """The first line of a CSV file, with the mark by which spreadsheets know UTF-8."""
    return "\ufeff" + csv_lines(columns, [{column: column for column in columns}])


def csv_lines(columns: tuple[str, ...], rows: list[Row]) -> str:
    """Rows as CSV (RFC 4180); lists and objects as JSON; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
